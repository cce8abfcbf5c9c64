package iface

import (
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestFramesForOthersAndOfUnknownTypesAreDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	other := eth(layers.EthernetTypeIPv4)
	other.DstMAC = []byte{2, 0, 0, 0, 0, 77}
	r.dropped(DropNotForUs, func() { r.put(r.frame(other, ip4(layers.IPProtocolTCP), syn(80))) })
	odd := eth(layers.EthernetTypeIPv4)
	odd.SrcMAC = []byte{1, 0, 0, 0, 0, 2}
	r.dropped(DropSource, func() { r.put(r.frame(odd, ip4(layers.IPProtocolTCP), syn(80))) })
	r.dropped(DropUnknownProtocol, func() { r.put(r.frame(eth(0x88b5), gopacket.Payload(make([]byte, 46)))) })
	r.nothing()
	r = newRig(t, phy.MediumIP, Limits{})
	r.dropped(DropMalformed, func() { r.put([]byte{0x50, 0, 0, 0}) })
}

func TestIngressStopsAtItsBudget(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	f := r.frame(eth(0x88b5), gopacket.Payload(make([]byte, 46)))
	for range 10 {
		copy(r.wire.Buffer(len(f)), f)
		r.wire.Send(r.now, len(f))
	}
	if n, err := r.Ingress(r.now, 4); n != 4 || err != nil {
		t.Fatal(n, err)
	}
	if at := r.PollAt(r.now); at.IsZero() || at.After(r.now) {
		t.Fatalf("frames wait, but PollAt says %v", at)
	}
	if n, _ := r.Ingress(r.now, 100); n != 6 {
		t.Fatal(n)
	}
}

// FuzzFrame gives an interface arbitrary frames: it never panics, and every frame is delivered or counted as dropped.
func FuzzFrame(f *testing.F) {
	r := newRig(f, phy.MediumEthernet, Limits{})
	for _, ls := range [][]gopacket.SerializableLayer{
		{eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), syn(80)},
		{eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolTCP), syn(80)},
		{eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4), echo4(1), gopacket.Payload("data")},
	} {
		b := r.frame(ls...)
		f.Add(b, true)
		f.Add(b[ethernetHeaderLen:], false)
	}
	f.Add(r.arpFrom(arpRequest, peer4, our4), true)
	f.Add(r.solicit(peer6, our6, 255, sourceOption), true)
	f.Add(r.mld(router1, allNodes, 1, false, mldQuery(everyGroup, 2000, false)), true)
	f.Add(r.mld(router1, solicitedNode(our6), 1, false, mldQuery(solicitedNode(our6), 2000, true)), true)
	f.Add(r.igmp(allSystems, 1, routerAlert, igmpQuery(everyGroup4, 20, false)), true)
	f.Add(r.icmp6(router1, allNodes, ndpHops, adv{lifetime: 9000}.bytes()), true)
	f.Fuzz(func(t *testing.T, frame []byte, ether bool) {
		m := phy.MediumIP
		if ether {
			m = phy.MediumEthernet
		}
		r := newRig(t, m, Limits{})
		r.listen(defaultListen)
		if len(frame) == 0 || len(frame) > r.hdrLen+r.mtu {
			return
		}
		r.put(frame)
		st := r.Stats()
		if st.FramesIn != 1 || st.Delivered+sum(st.Drops[:]) != 1 {
			t.Fatalf("%d delivered, %v dropped", st.Delivered, st.Drops)
		}
		for r.take() != nil { // gopacket reads whatever we answer
		}
	})
}
