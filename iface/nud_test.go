package iface

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

// advertise is a peer's neighbour advertisement for target, with the flags and the hardware address given; nil: without
// one.
func (r *rig) advertise(target, to netip.Addr, flags uint8, mac []byte) []byte {
	e, ip := eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolICMPv6)
	ip.HopLimit, ip.DstIP = ndpHops, to.AsSlice()
	if to.IsMulticast() {
		m := multicastMAC(to)
		e.DstMAC = m[:]
	}
	na := &layers.ICMPv6NeighborAdvertisement{Flags: flags, TargetAddress: target.AsSlice()}
	if mac != nil {
		na.Options = layers.ICMPv6Options{{Type: layers.ICMPv6OptTargetAddress, Data: mac}}
	}
	icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeNeighborAdvertisement, 0)}
	icmp.SetNetworkLayerForChecksum(ip)
	return r.frame(e, ip, icmp, na)
}

// answers gives a peer's answer to a request for to, of ARP or NDP.
func (r *rig) answer(to netip.Addr) []byte {
	if to.Is4() {
		return r.arpFrom(arpReply, to, our4)
	}
	return r.advertise(to, our6, flagSolicited|flagOverride, peerMAC[:])
}

// asks reports whether p asks for an address, and whether it asks one station or all.
func asks(p gopacket.Packet) (asked, one bool) {
	one = p.Layer(layers.LayerTypeEthernet).(*layers.Ethernet).DstMAC[0]&1 == 0
	if a, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP); ok {
		return a.Operation == arpRequest, one
	}
	return p.Layer(layers.LayerTypeICMPv6NeighborSolicitation) != nil, one
}

// known makes the peer's address known to the station, by an answer to what it asked.
func (r *rig) known(to netip.Addr) *UDPSocket {
	r.t.Helper()
	u, _ := r.openUDP(r.t, "[::]:0", PacketConfig{})
	r.send(u, to)
	if asked, one := asks(r.take()); !asked || one {
		r.t.Fatal("not asked for")
	}
	r.put(r.answer(to))
	if p := r.take(); p == nil || p.Layer(layers.LayerTypeUDP) == nil {
		r.t.Fatalf("what waited was not sent: %v", p)
	}
	return u
}

func (r *rig) send(u *UDPSocket, to netip.Addr) {
	r.t.Helper()
	if err := u.TrySendTo([]byte("x"), Meta{Remote: netip.AddrPortFrom(to, 9)}); err != nil {
		r.t.Fatal(err)
	}
	r.poll()
}

func TestAStaleNeighborIsUsedAndProbedAfterADelay(t *testing.T) {
	for _, to := range []netip.Addr{peer4, peer6} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		u := r.known(to)
		r.now = r.now.Add(reachableTime + time.Second)
		r.send(u, to)
		if p := r.take(); p.Layer(layers.LayerTypeUDP) == nil {
			t.Fatalf("not used while it is stale: %v", p)
		}
		r.nothing()
		if at := r.PollAt(r.now); at != r.now.Add(delayFirstProbe) {
			t.Fatalf("to be probed at %v, in %v", at, at.Sub(r.now))
		}
		r.now = r.now.Add(delayFirstProbe)
		r.poll()
		if asked, one := asks(r.take()); !asked || !one {
			t.Fatalf("%v: asked %t, by unicast %t (RFC 4861 §7.3.3)", to, asked, one)
		}
		t.Log("# an answer makes it reachable again")
		r.put(r.answer(to))
		if nb := r.neighbors.m[to]; nb.expires <= r.Interface.now || nb.asking {
			t.Fatalf("%+v", nb)
		}
		r.sleep(time.Minute)
		r.nothing()
	}
}

func TestANeighborThatDoesNotAnswerProbesIsAskedForAnew(t *testing.T) {
	for _, to := range []netip.Addr{peer4, peer6} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		u := r.known(to)
		r.now = r.now.Add(reachableTime)
		r.send(u, to)
		r.take()
		r.sleep(delayFirstProbe + maxSolicits*retransTimer)
		for range maxSolicits {
			if asked, one := asks(r.take()); !asked || !one {
				t.Fatal("no probe")
			}
		}
		r.send(u, to)
		if asked, one := asks(r.take()); !asked || one {
			t.Fatal("everybody should be asked now")
		}
	}
}

func TestWhatNobodyAskedForIsBelievedButProbed(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	other := [6]byte{2, 9, 9, 9, 9, 9}
	u := r.known(peer6)
	nb := r.neighbors.m[peer6]
	t.Log("# an answer that does not override, with another hardware address, raises a doubt (RFC 4861 §7.2.5)")
	r.put(r.advertise(peer6, our6, flagSolicited, other[:]))
	if nb.mac != peerMAC || nb.expires > r.Interface.now {
		t.Fatalf("%+v", nb)
	}
	r.learned(nb, peerMAC)
	t.Log("# the news that it moved is believed, but it is not known to hear us")
	r.put(r.advertise(peer6, allNodes, flagOverride, other[:]))
	if nb.mac != other || nb.expires > r.Interface.now || !nb.known {
		t.Fatalf("%+v", nb)
	}
	r.dropped(DropMalformed, func() { r.put(r.advertise(peer6, allNodes, flagSolicited|flagOverride, peerMAC[:])) }) // RFC 4861 §7.1.2
	r.send(u, peer6)
	if e := r.take().Layer(layers.LayerTypeEthernet).(*layers.Ethernet); [6]byte(e.DstMAC) != other {
		t.Fatalf("to %v", e.DstMAC)
	}
	t.Log("# evicted while it waits to be probed: nothing of it is left")
	if !nb.delayed || len(r.neighbors.delayed) != 1 || !r.neighbors.evict() || len(r.neighbors.delayed) != 0 {
		t.Fatalf("%+v", nb)
	}
}

func TestWhatAConnectionGetsThroughSparesItsNeighborTheProbe(t *testing.T) { // RFC 4861 §7.3.1
	for _, to := range []string{"192.0.2.2:80", "[2001:db8::2]:80"} {
		p := newPair(t, phy.MediumEthernet)
		c, _ := p.connect(to, nil)
		nb := c.hop
		solicits := nb.solicits
		p.now = p.now.Add(reachableTime + time.Second)
		for k := range 300 {
			if c.TryWrite([]byte("x")); 0 < k && k < 10 && nb.expires > p.a.now {
				t.Fatal("confirmed by what may have been sent before")
			}
			p.poll()
			p.now = p.now.Add(100 * time.Millisecond)
		}
		if nb.solicits != solicits || nb.asking || nb.delayed || nb.expires <= p.a.now {
			t.Errorf("%s: %+v", to, nb)
		}
	}
}

func TestANeighborThatWasLearntWronglyIsFoundOutBySilence(t *testing.T) { // RFC 1122 §2.3.2.1
	for _, to := range []string{"192.0.2.2:80", "[2001:db8::2]:80"} {
		p := newPair(t, phy.MediumEthernet)
		c, s := p.connect(to, nil)
		c.hop.mac = [6]byte{2, 9, 9, 9, 9, 9}
		began := p.now
		c.TryWrite([]byte("hello"))
		for s.ReadBuffered() == 0 {
			if p.poll(); p.now.Sub(began) > 8*time.Second {
				t.Fatalf("%s: not found out: %+v", to, c.hop)
			}
			p.now = p.now.Add(50 * time.Millisecond)
		}
		t.Logf("%s: %v", to, p.now.Sub(began))
	}
}

func TestDoubtsOfManyConnectionsProbeANeighborOnce(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	var cs []*Conn
	for range 5 {
		cs = append(cs, r.connectTo(netip.AddrPortFrom(peer4, 80)))
	}
	r.poll()
	r.take()
	r.put(r.answer(peer4))
	r.now = r.now.Add(doubtEvery)
	r.poll()
	for r.take() != nil {
	}
	for _, c := range cs {
		c.Doubt()
	}
	if asked, one := asks(r.take()); !asked || !one {
		t.Fatal("not probed")
	}
	r.nothing()
	r.put(r.answer(peer4))
	for _, c := range cs { // it has just answered
		c.Doubt()
	}
	r.nothing()
}
