package iface

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

// twoRouters is a station with two IPv4 routers, and a connection through the first.
func twoRouters(t *testing.T) (r *rig, gw [2]netip.Addr) {
	gw = [2]netip.Addr{netip.MustParseAddr("192.0.2.253"), netip.MustParseAddr("192.0.2.254")}
	dev, wire := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	def := netip.MustParsePrefix("0.0.0.0/0")
	i, err := New(Config{
		Device: dev, HardwareAddr: ourMAC, Rand: zeroRand{1}, Addrs: []netip.Prefix{netip.PrefixFrom(our4, 24)},
		Routes: []Route{{def, gw[0]}, {def, gw[1]}, {netip.MustParsePrefix("203.0.113.0/24"), gw[0]}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{&station{i, make(map[*Conn]int)}, t, start, wire}, gw
}

// serveARP answers for those that are alive, for a while, and gives how many segments went to each of them.
func (r *rig) serveARP(d time.Duration, alive ...netip.Addr) map[[6]byte]int {
	mac := func(a netip.Addr) [6]byte { b := a.As4(); return [6]byte{2, 0, b[0], b[1], b[2], b[3]} }
	segments := make(map[[6]byte]int)
	for end := r.now.Add(d); r.now.Before(end); r.now = r.now.Add(100 * time.Millisecond) {
		r.poll()
		for p := r.take(); p != nil; p = r.take() {
			if a, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP); ok && a.Operation == arpRequest {
				for _, g := range alive {
					if [4]byte(a.DstProtAddress) == g.As4() {
						f := r.arpFrom(arpReply, g, our4)
						m := mac(g)
						copy(f[6:], m[:])
						copy(f[22:], m[:])
						r.put(f)
					}
				}
			}
			if p.Layer(layers.LayerTypeTCP) != nil {
				segments[[6]byte(p.Layer(layers.LayerTypeEthernet).(*layers.Ethernet).DstMAC)]++
			}
		}
	}
	return segments
}

func TestAnotherRouterTakesThePlaceOfOneThatDoesNotAnswer(t *testing.T) {
	r, gw := twoRouters(t)
	remote := netip.MustParseAddrPort("198.51.100.7:80")
	c := r.connectTo(remote)
	first, second := [6]byte{2, 0, 192, 0, 2, 253}, [6]byte{2, 0, 192, 0, 2, 254}
	if got := r.serveARP(2*time.Second, gw[0], gw[1]); got[first] == 0 || got[second] != 0 {
		t.Fatalf("while both live: %v", got)
	}
	t.Log("# the first goes: it is found out while the connection goes on asking")
	got := r.serveARP(90*time.Second, gw[1])
	if got[second] == 0 || r.Stats().RoutersDead != 1 {
		t.Fatalf("after it went: %v, %d", got, r.Stats().RoutersDead)
	}
	if c.State() != tcp.StateSynSent {
		t.Fatalf("%v, %v", c.State(), c.Err())
	}
	t.Log("# a network that has no other router keeps the one it has")
	if hop, ok := r.nextHop(netip.MustParseAddr("203.0.113.1")); !ok || hop != gw[0] {
		t.Fatal(hop)
	}
	t.Log("# it comes back: it is asked from time to time, and used again")
	r.serveARP(routerProbe+time.Second, gw[0], gw[1])
	if hop, _ := r.nextHop(remote.Addr()); hop != gw[0] || len(r.deadRouters) != 0 {
		t.Fatalf("still by %v", hop)
	}
	c2 := r.connectTo(remote)
	if got := r.serveARP(2*time.Second, gw[0], gw[1]); got[first] == 0 || c2.State() != tcp.StateSynSent {
		t.Fatalf("%v", got)
	}
}

func TestConnectionsThatWaitForARouterGoToTheNextOne(t *testing.T) {
	r, gw := twoRouters(t)
	c := r.connectTo(netip.MustParseAddrPort("198.51.100.7:80"))
	got := r.serveARP(15*time.Second, gw[1])
	if got[[6]byte{2, 0, 192, 0, 2, 254}] == 0 || c.State() != tcp.StateSynSent {
		t.Fatalf("%v, %v", got, c.State())
	}
	if len(r.neighbors.m) != 2 || r.neighbors.m[gw[1]].gone {
		t.Fatal("the cache has lost its entries")
	}
}

func TestTheOnlyRouterIsNeverGivenUp(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.connectTo(netip.MustParseAddrPort("198.51.100.7:80"))
	r.sleep(5 * time.Minute)
	if at := r.PollAt(r.now); !at.IsZero() || r.Stats().RoutersDead != 0 {
		t.Fatalf("%v", at)
	}
}
