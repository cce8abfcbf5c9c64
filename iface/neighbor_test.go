package iface

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

func (r *rig) connectTo(to netip.AddrPort) *Conn {
	r.t.Helper()
	c := &Conn{}
	if err := r.Connect(c, r, to, nil); err != nil {
		r.t.Fatal(err)
	}
	return c
}

// sleep moves the clock to each deadline up to d from now.
func (r *rig) sleep(d time.Duration) {
	end := r.now.Add(d)
	for {
		r.poll()
		at := r.PollAt(r.now)
		if at.IsZero() || at.After(end) {
			r.now = end
			r.poll()
			return
		}
		if at.After(r.now) {
			r.now = at
		}
	}
}

func TestConnectionWaitsForItsNeighborAndThenSends(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.connectTo(netip.AddrPortFrom(peer4, 80))
	r.poll()
	a, ok := r.take().Layer(layers.LayerTypeARP).(*layers.ARP)
	if !ok || a.Operation != arpRequest || [4]byte(a.DstProtAddress) != peer4.As4() {
		t.Fatal("no ARP request")
	}
	r.nothing()
	r.put(r.arpFrom(arpReply, peer4, our4))
	p := r.take()
	if seg, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP); !ok || !seg.SYN {
		t.Fatalf("%v", p)
	}
	if e := p.Layer(layers.LayerTypeEthernet).(*layers.Ethernet); [6]byte(e.DstMAC) != peerMAC {
		t.Fatalf("to %v", e.DstMAC)
	}
}

func TestRequestsAreOneASecondAndGiveUpInTime(t *testing.T) {
	for _, to := range []netip.Addr{peer4, peer6} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		c := r.connectTo(netip.AddrPortFrom(to, 80))
		requests, last := 0, start.Add(-time.Hour)
		for range 200 {
			r.poll()
			for r.take() != nil {
				requests++
				if d := r.now.Sub(last); d < retransTimer {
					t.Fatalf("two requests within %v", d)
				}
				last = r.now
			}
			r.now = r.now.Add(100 * time.Millisecond)
		}
		if requests != maxSolicits*maxRounds {
			t.Fatalf("%d requests, want %d", requests, maxSolicits*maxRounds)
		}
		if !errors.Is(c.Err(), tcp.ErrUnreachable) {
			t.Fatalf("%v", c.Err())
		}
		if r.Stats().Conns != 0 {
			t.Fatal("the connection is still there")
		}
		if at := r.PollAt(r.now); !at.IsZero() {
			t.Fatalf("nothing is left, but PollAt says %v", at)
		}
	}
}

func TestAnOpenConnectionOutlivesANeighborThatIsSilentForAWhile(t *testing.T) {
	p := newPair(t, phy.MediumEthernet)
	c, s := p.connect("192.0.2.2:80", nil)
	p.now = p.now.Add(reachableTime + time.Second) // the entry is old, and must be asked for again
	c.TryWrite([]byte("still there?"))
	deaf := func(d time.Duration) { // what a sends is lost
		for end := p.now.Add(d); p.now.Before(end); p.now = p.now.Add(50 * time.Millisecond) {
			p.a.Ingress(p.now, 100)
			p.a.Egress(p.now, 100)
			for f, _ := p.b.dev.Receive(p.now); f != nil; f, _ = p.b.dev.Receive(p.now) {
			}
		}
	}
	deaf(40 * time.Second)
	if at := p.a.PollAt(p.now); at.IsZero() || c.Err() != nil {
		t.Fatalf("data waits, but PollAt says %v (%v)", at, c.Err())
	}
	for range 2000 {
		p.poll()
		p.now = p.now.Add(50 * time.Millisecond)
	}
	if s.ReadBuffered() != 12 {
		t.Fatalf("%d bytes arrived; %+v", s.ReadBuffered(), c.Info())
	}
}

func TestNeighborCacheIsBoundedAndBusyEntriesStay(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{Neighbors: 4})
	r.connectTo(netip.AddrPortFrom(peer4, 80))
	r.poll()
	for k := range 100 {
		r.put(r.arpFrom(arpRequest, netip.AddrFrom4([4]byte{192, 0, 2, byte(20 + k)}), our4))
		r.take()
	}
	if n := len(r.neighbors.m); n > 4 {
		t.Fatalf("%d entries", n)
	}
	if r.neighbors.m[peer4] == nil {
		t.Fatal("an entry that a connection waits for was thrown out by a flood")
	}
	t.Log("# all busy: a new one finds no place, and is counted")
	for k := range 10 {
		r.connectTo(netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(200 + k)}), 80))
	}
	r.poll()
	if r.Stats().OutDrops[DropNeighborsFull] == 0 || len(r.neighbors.m) > 4 {
		t.Fatalf("%d entries, %d refused", len(r.neighbors.m), r.Stats().OutDrops[DropNeighborsFull])
	}
}

func TestNeighborsBeingResolvedAreBounded(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{Resolving: 2})
	for k := range 5 {
		r.connectTo(netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(20 + k)}), 80))
	}
	r.poll()
	n := 0
	for r.take() != nil {
		n++
	}
	if n != 2 || len(r.neighbors.asking) != 2 {
		t.Fatalf("%d requests, %d asked for", n, len(r.neighbors.asking))
	}
	t.Log("# the others get their turn, and nobody is forgotten")
	r.sleep(2 * time.Minute)
	if c := r.Stats().Conns; c != 0 {
		t.Fatalf("%d connections still wait", c)
	}
}

// A flood of ARP requests from made-up stations fills the cache; whom we talk to stays.
func TestStrangersDoNotPushOutTheNeighbourInUse(t *testing.T) {
	p := newPair(t, phy.MediumEthernet)
	p.a.limits.Neighbors, p.a.neighbors.max = 16, 16
	c, s := p.connect("192.0.2.2:80", nil)
	r := &rig{p.a, t, p.now, nil}
	for k := range 200 {
		f := r.arpFrom(arpRequest, netip.AddrFrom4([4]byte{192, 0, 2, byte(20 + k)}), our4)
		copy(p.b.dev.Buffer(len(f)), f)
		p.b.dev.Send(p.now, len(f))
		p.poll()
		c.TryWrite([]byte("x"))
		if p.a.neighbors.m[netip.MustParseAddr("192.0.2.2")] == nil {
			t.Fatalf("gone after %d requests", k)
		}
		p.poll()
		s.Discard(10)
		p.now = p.now.Add(time.Millisecond)
	}
	if n := len(p.a.neighbors.m); n > 16 {
		t.Errorf("%d entries", n)
	}
}

func TestNoRouteIsCountedAsSuch(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.listen(defaultListen)
	ip := ip6(layers.IPProtocolTCP) // from beyond the link, and there is no IPv6 gateway
	ip.SrcIP = netip.MustParseAddr("2001:db8:ffff::9").AsSlice()
	r.put(r.frame(eth(layers.EthernetTypeIPv6), ip, syn(80)))
	if s := r.Stats(); s.OutDrops[DropNeighborsFull] != 0 || s.OutDrops[DropNoRoute] == 0 {
		t.Errorf("neighbours full %d, no route %d", s.OutDrops[DropNeighborsFull], s.OutDrops[DropNoRoute])
	}
}
