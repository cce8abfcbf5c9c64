package iface

import (
	"net/netip"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

// A connection that begins a day after the last poll has all of its time to be answered.
func TestTickKeepsTimersFromStartingInThePast(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.poll()
	r.now = r.now.Add(24 * time.Hour)
	r.Tick(r.now)
	var c Conn
	if err := r.Connect(&c, r, netip.AddrPortFrom(peer4, 80), nil); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.Add(time.Millisecond)
	r.poll()
	if c.State() != tcp.StateSynSent || r.take() == nil {
		t.Errorf("%v, %v", c.State(), c.Err())
	}
}
