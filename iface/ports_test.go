package iface

import (
	"errors"
	"net/netip"
	"testing"

	"smoltls/phy"
)

func TestPortsAreScatteredAndUsedUpOnlyWhenAllAre(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	to := netip.AddrPortFrom(peer4, 80)
	seen := map[uint16]bool{}
	near := 0
	var last uint16
	for k := range ephemeralCount {
		c := r.connectTo(to)
		port := c.LocalAddr().Port()
		if port < ephemeralFirst || seen[port] {
			t.Fatalf("port %d", port)
		}
		seen[port] = true
		if k > 0 && k < 1000 && (port == last+1 || port == last-1) {
			near++
		}
		last = port
	}
	if near > 50 {
		t.Errorf("%d of 1000 ports are next to the one before: they can be guessed (RFC 6056)", near)
	}
	if err := r.Connect(&Conn{}, r, to, nil); !errors.Is(err, ErrPortsUsedUp) {
		t.Fatal(err)
	}
	if err := r.Connect(&Conn{}, r, netip.AddrPortFrom(peer4, 81), nil); err != nil {
		t.Fatalf("another remote has all ports: %v", err)
	}
}

func TestTheLastFreePortIsAlwaysFound(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	to := netip.AddrPortFrom(peer4, 80)
	const last = 50000
	for port := ephemeralFirst; port < 65536; port++ {
		if port != last {
			r.conns[makeTuple(netip.AddrPortFrom(our4, uint16(port)), to)] = &Conn{}
		}
	}
	for range 50 {
		if port, err := r.freePort(our4, to); err != nil || port != last {
			t.Fatalf("%d, %v", port, err)
		}
	}
}

func TestQueuesDivideTheEphemeralPorts(t *testing.T) {
	for _, queues := range []int{0, 1, 2, 3, 7, phy.MaxQueues} {
		seen := map[uint16]bool{}
		for q := range max(queues, 1) {
			r := newPortRange(q, queues)
			for k := range r.count {
				p := r.at(k + r.count) // counted round
				if p < ephemeralFirst || int(p)%max(queues, 1) != q || seen[p] {
					t.Fatalf("port %d of queue %d of %d", p, q, queues)
				}
				seen[p] = true
			}
		}
		if len(seen) != ephemeralCount {
			t.Errorf("%d queues have %d ports", queues, len(seen))
		}
	}
}
