package gvisor

import "testing"

func TestRoundTrips(t *testing.T) {
	smoke(t, RoundTrips(false), 1)
	smoke(t, RoundTrips(true), 1)
}
