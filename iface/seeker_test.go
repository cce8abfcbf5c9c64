package iface

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestASocketThatSeeksAnAddressHasNoneYet(t *testing.T) {
	a := newLateRig(t)
	s := &UDPSocket{}
	if err := a.OpenSeekerUDP(s, new(events), 6800, PacketConfig{}); err != nil {
		t.Fatal(err)
	}
	all := netip.MustParseAddrPort("255.255.255.255:6700")
	if err := s.TrySendTo([]byte("question"), Meta{Local: netip.IPv4Unspecified(), Remote: all}); err != nil || s.Unsent() != 1 {
		t.Fatal(err)
	}
	a.poll()
	p := a.take()
	if p == nil || s.Unsent() != 0 {
		t.Fatal("nothing was sent")
	}
	e, ip, u := p.Layer(layers.LayerTypeEthernet).(*layers.Ethernet), p.Layer(layers.LayerTypeIPv4).(*layers.IPv4), p.Layer(layers.LayerTypeUDP).(*layers.UDP)
	if [6]byte(e.DstMAC) != broadcastMAC || !addrOf(ip.SrcIP).IsUnspecified() || addrOf(ip.DstIP) != all.Addr() || u.SrcPort != 6800 || u.DstPort != 6700 || string(u.Payload) != "question" {
		t.Errorf("%v", p)
	}
	for _, wrong := range []string{"192.0.2.255:6700", "192.0.2.1:6700"} {
		if err := s.TrySendTo(nil, Meta{Local: netip.IPv4Unspecified(), Remote: netip.MustParseAddrPort(wrong)}); err == nil {
			t.Errorf("from nobody to %s", wrong)
		}
	}
	other, _ := a.openUDP(t, "0.0.0.0:6900", PacketConfig{})
	if err := other.TrySendTo(nil, Meta{Local: netip.IPv4Unspecified(), Remote: all}); !errors.Is(err, ErrNotOurs) {
		t.Errorf("another socket: %v", err)
	}

	datagram := func(dst string, port layers.UDPPort, change func(*layers.Ethernet, *layers.IPv4)) []byte {
		e, ip := eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolUDP)
		ip.DstIP = parseIP(dst)
		if change != nil {
			change(e, ip)
		}
		return a.frame(e, ip, &layers.UDP{SrcPort: 6700, DstPort: port}, gopacket.Payload("answer"))
	}
	heard := func(dst string) {
		t.Helper()
		b, m, err := s.Peek()
		if err != nil || string(b) != "answer" || m.Local.String() != dst || m.Remote != netip.AddrPortFrom(peer4, 6700) {
			t.Errorf("%s: %q, %+v, %v", dst, b, m, err)
			return
		}
		s.Discard()
	}
	t.Log("# what is for our station is heard, whatever address it is for")
	a.put(datagram("198.51.100.7", 6800, nil))
	heard("198.51.100.7")
	a.put(datagram("255.255.255.255", 6800, func(e *layers.Ethernet, _ *layers.IPv4) { e.DstMAC = broadcastMAC[:] }))
	heard("255.255.255.255")
	t.Log("# and nothing else")
	for name, f := range map[string][]byte{
		"another port": datagram("198.51.100.7", 6900, nil),
		"to all stations, for one address": datagram("198.51.100.7", 6800, func(e *layers.Ethernet, _ *layers.IPv4) {
			e.DstMAC = broadcastMAC[:]
		}),
		"another station":  datagram("198.51.100.7", 6800, func(e *layers.Ethernet, _ *layers.IPv4) { e.DstMAC = []byte{2, 0, 0, 0, 0, 9} }),
		"a group":          datagram("224.0.0.9", 6800, nil),
		"from nobody":      datagram("198.51.100.7", 6800, func(_ *layers.Ethernet, ip *layers.IPv4) { ip.SrcIP = parseIP("0.0.0.0") }),
		"a fragment":       datagram("198.51.100.7", 6800, func(_ *layers.Ethernet, ip *layers.IPv4) { ip.Flags = layers.IPv4MoreFragments }),
		"another protocol": datagram("198.51.100.7", 6800, func(_ *layers.Ethernet, ip *layers.IPv4) { ip.Protocol = layers.IPProtocolUDPLite }),
	} {
		t.Log(name)
		a.dropped(DropNotForUs, func() { a.put(f) })
		a.nothing() // and nobody is told
	}
	s.Close()
	a.dropped(DropNotForUs, func() { a.put(datagram("198.51.100.7", 6800, nil)) })
}

func TestASocketThatSeeksAnAddressNeedsEthernet(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	if err := r.OpenSeekerUDP(&UDPSocket{}, new(events), 6800, PacketConfig{}); !errors.Is(err, ErrConfig) || r.Medium() != phy.MediumIP {
		t.Error(err)
	}
	e := newRig(t, phy.MediumEthernet, Limits{})
	s := &UDPSocket{}
	if err := e.OpenSeekerUDP(s, new(events), 6800, PacketConfig{}); err != nil {
		t.Fatal(err)
	}
	if err := e.OpenSeekerUDP(&UDPSocket{}, new(events), 6800, PacketConfig{}); !errors.Is(err, ErrAddrInUse) {
		t.Error(err)
	}
	s.Close()
	s.Close()
	if e.seekers != 0 {
		t.Errorf("%d", e.seekers)
	}
	if err := e.OpenUDP(s, new(events), netip.MustParseAddrPort("0.0.0.0:6800"), PacketConfig{}); err != nil || s.seeks {
		t.Errorf("%v", err)
	}
}
