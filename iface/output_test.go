package iface

import (
	"net/netip"
	"testing"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestFragmentsAreAsLongAsTheMTUAllowsAndAsGopacketReadsThem(t *testing.T) {
	for _, dst := range []netip.Addr{peer4, peer6} {
		r := newRig(t, phy.MediumIP, Limits{})
		src, _ := r.sourceFor(dst, netip.Addr{})
		if r.output(&outgoing{src: src, dst: dst, proto: 89, body: fragData(4000)}) {
			t.Fatal("blocked")
		}
		end, ids := 0, map[uint32]bool{}
		for k := range 3 {
			p := r.take()
			if p == nil {
				t.Fatalf("%v: only %d fragments", dst, k)
			}
			at, more, id := 0, false, uint32(0)
			if ip, ok := p.Layer(layers.LayerTypeIPv4).(*layers.IPv4); ok {
				at, more, id = int(ip.FragOffset)*8, ip.Flags&layers.IPv4MoreFragments != 0, uint32(ip.Id)
				end += len(ip.Payload)
			} else if f, ok := p.Layer(layers.LayerTypeIPv6Fragment).(*layers.IPv6Fragment); ok {
				at, more, id = int(f.FragmentOffset)*8, f.MoreFragments, f.Identification
				end += len(f.Payload)
			}
			ids[id] = true
			if len(p.Data()) > r.mtu || more && len(p.Data()) < r.mtu-7 || more != (k < 2) || at > end {
				t.Errorf("%v: fragment %d: %d bytes at %d, more %v", dst, k, len(p.Data()), at, more)
			}
		}
		if r.nothing(); end != 4000 || len(ids) != 1 {
			t.Errorf("%v: %d bytes in all, %d identifications", dst, end, len(ids))
		}
		if r.output(&outgoing{src: src, dst: dst, proto: 89, whole: true, body: fragData(4000)}); r.Stats().OutDrops[DropTooBig] != 1 {
			t.Error("a packet that may not be fragmented is not counted")
		}
		r.nothing()
	}
}

func TestPacketsForManyGoToTheirHardwareAddressUnasked(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "[::]:0", PacketConfig{})
	for dst, mac := range map[string][6]byte{
		"192.0.2.255": broadcastMAC, "255.255.255.255": broadcastMAC, "224.0.1.129": {1, 0, 0x5e, 0, 1, 0x81}, "239.129.2.3": {1, 0, 0x5e, 1, 2, 3},
		"ff02::1:2": {0x33, 0x33, 0, 1, 0, 2},
	} {
		if err := u.TrySendTo([]byte("x"), Meta{Remote: netip.AddrPortFrom(netip.MustParseAddr(dst), 9)}); err != nil {
			t.Fatal(err)
		}
		r.poll()
		if p := r.take(); p == nil || [6]byte(p.Layer(layers.LayerTypeEthernet).(*layers.Ethernet).DstMAC) != mac {
			t.Errorf("%s: %v", dst, p)
		}
	}
}

func TestADeviceThatTakesNoFrameDelaysDatagramsAndLosesNone(t *testing.T) {
	dev, wire := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP, Queue: 2})
	s := newStation(t, dev, "192.0.2.1/24")
	r := &rig{s, t, start, wire}
	u, _ := s.openUDP(t, "0.0.0.0:0", PacketConfig{})
	for k := range 5 {
		u.TrySendTo([]byte{byte(k)}, to("192.0.2.2:9"))
	}
	for k := range 5 {
		r.poll()
		if at := s.PollAt(r.now); k < 3 && at.IsZero() {
			t.Error("no next poll though datagrams wait")
		}
		if p := r.take(); p == nil || p.ApplicationLayer().Payload()[0] != byte(k) {
			t.Fatalf("datagram %d: %v", k, p)
		}
	}
	r.nothing()
}
