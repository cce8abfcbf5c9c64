package iface

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestARPRequestForUsIsAnsweredAndItsSenderLearned(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.put(r.arpFrom(arpRequest, peer4, our4))
	p := r.take()
	a, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP)
	if !ok || a.Operation != arpReply || !bytes.Equal(a.SourceHwAddress, ourMAC[:]) || !bytes.Equal(a.SourceProtAddress, our4.AsSlice()) ||
		!bytes.Equal(a.DstHwAddress, peerMAC[:]) || !bytes.Equal(a.DstProtAddress, peer4.AsSlice()) {
		t.Fatalf("%v", p)
	}
	if nb := r.neighbors.m[peer4]; nb == nil || !nb.known || nb.mac != peerMAC {
		t.Fatal("the sender is not known")
	}
	r.nothing()
}

func TestARPForOthersTeachesNothingNew(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.dropped(DropARP, func() { r.put(r.arpFrom(arpRequest, peer4, netip.MustParseAddr("192.0.2.77"))) })
	if len(r.neighbors.m) != 0 {
		t.Fatal("an entry was made for somebody who does not speak to us")
	}
	r.nothing()
	t.Log("# but it brings an entry that exists up to date (RFC 826)")
	r.neighbors.get(peer4)
	r.put(r.arpFrom(arpRequest, peer4, netip.MustParseAddr("192.0.2.77")))
	if nb := r.neighbors.m[peer4]; !nb.known || nb.mac != peerMAC {
		t.Fatal("not up to date")
	}
}

func TestARPFromImpossibleSendersIsDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	for _, sender := range []string{"192.0.2.1", "224.0.0.1", "192.0.2.255"} {
		r.dropped(DropSource, func() { r.put(r.arpFrom(arpRequest, netip.MustParseAddr(sender), our4)) })
	}
	probe := r.arpFrom(arpRequest, netip.IPv4Unspecified(), our4)
	r.put(probe) // RFC 5227: is answered, and teaches nothing
	if r.take() == nil || len(r.neighbors.m) != 0 {
		t.Fatal("probe")
	}
	r.dropped(DropMalformed, func() { r.put(probe[:ethernetHeaderLen+20]) })
}
