package iface

import (
	"net/netip"
	"testing"
	"time"
	"unsafe"

	"smoltls/phy"
)

// There may be many interfaces in a simulation, and little memory on a small machine.
func TestAnInterfaceWithoutConnectionsIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(Interface{}); n > 6<<10 {
		t.Errorf("%d bytes", n)
	}
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.poll()
	if r.Interface.scratch != nil {
		t.Errorf("%d bytes for packets that have nowhere to go, and there are none", len(r.Interface.scratch))
	}
}

func TestIdleInterfaceWantsNothing(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.poll()
	if at := r.PollAt(r.now); !at.IsZero() {
		t.Fatalf("%v", at)
	}
}

func TestAClockThatRunsBackwardsStandsStill(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.poll()
	r.now = r.now.Add(time.Hour)
	r.poll()
	at := r.Interface.now
	r.now = r.now.Add(-time.Minute)
	r.poll()
	if r.Interface.now != at {
		t.Fatalf("%v after %v", r.Interface.now, at)
	}
}

func TestHardwareAddressIsRandomUnicastAndLocal(t *testing.T) {
	seen := map[[6]byte]bool{}
	for range 20 {
		dev, _ := phy.NewPipe(phy.PipeConfig{})
		i, err := New(Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}})
		if err != nil {
			t.Fatal(err)
		}
		m := i.HardwareAddr()
		if m[0]&3 != 2 || seen[m] {
			t.Fatalf("%x", m)
		}
		seen[m] = true
	}
}

func TestBroadcastAddresses(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	for s, want := range map[string]bool{"192.0.2.255": true, "255.255.255.255": true, "192.0.2.254": false, "192.0.3.255": false, "2001:db8::ffff": false} {
		if got := r.isBroadcast(netip.MustParseAddr(s)); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}

func TestSequenceNumbersDifferFromInterfaceToInterface(t *testing.T) {
	tp := makeTuple(netip.AddrPortFrom(our4, 1), netip.AddrPortFrom(peer4, 2))
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	mk := func() *Interface {
		i, err := New(Config{Device: dev, Addrs: []netip.Prefix{netip.PrefixFrom(our4, 24)}})
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	one, other := mk(), mk()
	if one.isn(&tp) == other.isn(&tp) {
		t.Error("two secrets give the same number (RFC 6528)")
	}
}
