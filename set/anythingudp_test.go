package set

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
)

// anythingUDP is a world in which two programs do with sockets for datagrams whatever comes to mind.
type anythingUDP struct {
	*tlsWorld // of which the interfaces are used
	*rand.Rand
	udps    [2]*UDPSocketSet
	pings   [2]*PingSocketSet
	handles []Handle
	buf     []byte
	got     int // datagrams
}

func newAnythingUDP(t *testing.T, seed uint64) *anythingUDP {
	da, db := phy.NewPipe(phy.PipeConfig{Queue: 4})
	lossy := phy.FaultConfig{Seed: seed, In: phy.Impairment{Drop: 0.05, Reorder: 0.1, Delay: time.Millisecond}}
	w := &world{t: t, now: epoch, a: newInterface(t, phy.Fault(da, lossy), addrA, iface.Limits{}), b: newInterface(t, phy.Fault(db, lossy), addrB, iface.Limits{})}
	few := Limits{Sockets: 4}
	return &anythingUDP{
		tlsWorld: &tlsWorld{world: w}, Rand: rand.New(rand.NewPCG(seed, 2)), buf: make([]byte, 4000), // which is cut to fragments
		udps: [2]*UDPSocketSet{NewUDP(w.a, few), NewUDP(w.b, few)}, pings: [2]*PingSocketSet{NewPing(w.a, few), NewPing(w.b, few)},
	}
}

// datagramsTo are those who are there, we among them, somebody who is not, and everybody.
var datagramsTo = []netip.Addr{addrA, addrB, netip.MustParseAddr("192.0.2.99"), netip.MustParseAddr("239.1.2.3"), netip.MustParseAddr("255.255.255.255")}

// act does something.
func (x *anythingUDP) act() {
	side := x.IntN(2)
	udps, pings := x.udps[side], x.pings[side]
	h := Handle{}
	if len(x.handles) > 0 {
		h = x.handles[x.IntN(len(x.handles))]
	}
	to, port := datagramsTo[x.IntN(len(datagramsTo))], uint16(1000+x.IntN(4))
	switch x.IntN(7) {
	case 0:
		h, _ := udps.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), port), iface.PacketConfig{RecvPackets: 3, SendPackets: 3})
		x.handles = append(x.handles, h)
		if s, ok := udps.Get(h); ok && x.IntN(2) == 0 {
			s.JoinGroup(datagramsTo[3])
		}
	case 1:
		h, _ := pings.Open(0, iface.PacketConfig{})
		x.handles = append(x.handles, h)
	case 2:
		udps.Remove(h)
		pings.Remove(h)
	case 3, 4:
		if s, ok := udps.Get(h); ok {
			s.TrySendTo(x.buf[:x.IntN(len(x.buf))], iface.Meta{Remote: netip.AddrPortFrom(to, port)})
		}
		if p, ok := pings.Get(h); ok {
			p.TrySend(1, x.buf[:x.IntN(len(x.buf))], iface.Meta{Remote: netip.AddrPortFrom(to, 0)})
		}
	case 5:
		x.sleep(time.Duration(x.IntN(5)) * time.Millisecond)
	case 6:
		for h := range udps.Ready() {
			s, _ := udps.Get(h)
			for _, _, err := s.TryRecv(x.buf); err == nil; _, _, err = s.TryRecv(x.buf) {
				x.got++
			}
		}
	}
}

// TestNoDatagramIsLeftWhateverIsDone: when all sockets are gone, so is what they held.
func TestNoDatagramIsLeftWhateverIsDone(t *testing.T) {
	got := 0
	for seed := range uint64(50) {
		x := newAnythingUDP(t, seed)
		for range 400 {
			x.act()
		}
		got += x.got
		for side := range x.udps {
			for h := range x.udps[side].All() {
				x.udps[side].Remove(h)
			}
			for h := range x.pings[side].All() {
				x.pings[side].Remove(h)
			}
		}
		x.sleep(5 * time.Minute)
		for name, i := range map[string]*iface.Interface{"a": x.a, "b": x.b} {
			if out := i.Pool().Out(); out != 0 {
				t.Errorf("seed %d, %s: %d bytes", seed, name, out)
			}
			if at := i.PollAt(x.now); !at.IsZero() && at.Sub(x.now) < time.Second {
				t.Errorf("seed %d, %s: it does not rest", seed, name)
			}
		}
	}
	if got < 200 {
		t.Errorf("%d datagrams arrived: too few to tell anything", got)
	}
}
