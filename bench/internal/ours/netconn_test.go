package ours

import "testing"

func TestNetConnBulk(t *testing.T) {
	smoke(t, NetConnBulk(16<<10, false), 1)
	smoke(t, NetConnBulk(16<<10, true), 1)
}

func TestNetConnRoundTrips(t *testing.T) {
	smoke(t, NetConnRoundTrips(false), 1)
	smoke(t, NetConnRoundTrips(true), 1)
}
