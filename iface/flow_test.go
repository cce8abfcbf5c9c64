package iface

import (
	"net/netip"
	"testing"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestAFlowHasALabelOfItsOwn_RFC6437_3(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	label := func() uint32 {
		t.Helper()
		p := r.take()
		if p == nil {
			t.Fatal("nothing was sent")
		}
		return p.Layer(layers.LayerTypeIPv6).(*layers.IPv6).FlowLabel
	}
	seen := map[uint32]bool{}
	const n = 50
	for range n {
		c := r.connectTo(netip.AddrPortFrom(peer6, 80))
		r.poll()
		l := label()
		seen[l] = true
		if l == 0 || l >= 1<<flowLabelBits {
			t.Fatalf("%#x", l)
		}
		c.Abort()
		r.poll()
		r.drain()
	}
	if len(seen) < n-1 { // two of fifty in a million may meet
		t.Errorf("%d labels of %d connections", len(seen), n)
	}
	t.Log("# all packets of a flow, fragments of all its datagrams among them")
	u, _ := r.openUDP(t, "[::]:5", PacketConfig{Traffic: 0xb8})
	u.Connect(netip.AddrPortFrom(peer6, 9))
	want := uint32(0)
	for _, size := range []int{10, 3000, 20} {
		u.TrySend(fragData(size))
		r.poll()
		for range 1 + size/1500 {
			l := label()
			if want == 0 {
				want = l
			}
			if l != want {
				t.Errorf("%#x and %#x", l, want)
			}
		}
	}
}

func TestALabelIsNeverZero(t *testing.T) {
	if l := (&flows{}).label(1, 2, 3); l != 1 {
		t.Fatal(l)
	}
}

// Who can have a packet of ours whenever it likes must not learn from its number how many others left meanwhile, and to
// guess that of the next (RFC 7739 §3).
func TestIdentificationsTellNothingOfOtherFlows_RFC6864_4(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	id := func() uint16 {
		t.Helper()
		p := r.take()
		if p == nil {
			t.Fatal("nothing was sent")
		}
		return p.Layer(layers.LayerTypeIPv4).(*layers.IPv4).Id
	}
	t.Log("# a stranger's")
	for range 3 {
		r.put(r.frame(ip4(layers.IPProtocolTCP), syn(81)))
		if n := id(); n != 0 {
			t.Errorf("%d", n)
		}
		r.put(r.frame(ip4(layers.IPProtocolICMPv4), echo4(1)))
		if n := id(); n != 0 {
			t.Errorf("%d", n)
		}
	}
	t.Log("# a connection's are counted, and nothing else is")
	a, b := r.connectTo(netip.AddrPortFrom(peer4, 80)), r.connectTo(netip.AddrPortFrom(peer4, 81))
	r.poll()
	first, other := id(), id()
	if first == other || first == other+1 || other == first+1 {
		t.Errorf("%d and %d", first, other)
	}
	r.sleep(1100e6) // SYNs again
	if x, y := id(), id(); x != first+1 || y != other+1 {
		t.Errorf("%d after %d, %d after %d", x, first, y, other)
	}
	a.Abort()
	b.Abort()
	r.sleep(1e6)
	r.drain()
	t.Log("# datagrams that may be fragmented are counted for a few stations together")
	u, _ := r.openUDP(t, "0.0.0.0:5", PacketConfig{})
	last := map[string]uint16{}
	counters := map[uint16]bool{}
	for round := range 3 {
		for k := range 40 {
			to := netip.AddrFrom4([4]byte{192, 0, 2, byte(20 + k)})
			u.TrySendTo(fragData(10+2000*(round&1)), Meta{Remote: netip.AddrPortFrom(to, 9)})
			r.poll()
			n := id()
			if round == 1 && id() != n {
				t.Error("fragments of one datagram have two numbers")
			}
			if before, again := last[to.String()]; again && (n == before || n-before > 40) {
				t.Errorf("%v: %d after %d", to, n, before)
			}
			last[to.String()] = n
			counters[n>>8] = true
		}
	}
	if len(counters) < 10 {
		t.Errorf("numbers of 40 stations have %d upper halves", len(counters))
	}
}
