package iface

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestPacketsToALoopbackAddressNeverLeave_RFC1122_3_2_1_3(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "[::]:5", PacketConfig{})
	for _, a := range []string{"127.0.0.1", "127.1.2.3", "::1", "0.0.0.7", "ff00::1", "ff01::1"} {
		dst := netip.AddrPortFrom(netip.MustParseAddr(a), 80)
		if err := u.TrySendTo([]byte("x"), Meta{Remote: dst}); !errors.Is(err, ErrAddress) {
			t.Errorf("UDP to %v: %v", dst, err)
		}
		if err := r.Connect(&Conn{}, r, dst, nil); !errors.Is(err, ErrAddress) {
			t.Errorf("TCP to %v: %v", dst, err)
		}
	}
	r.poll()
	r.nothing()
}

func TestAZoneIsTheInterfaceItself_RFC4007_11(t *testing.T) {
	own, other := netip.MustParseAddr("fe80::1"), netip.MustParseAddr("fe80::2")
	p := newPair(t, phy.MediumEthernet)
	for k, s := range []*station{p.a, p.b} {
		if err := s.AddAddr(p.now, AddrConfig{Prefix: netip.PrefixFrom([]netip.Addr{own, other}[k], 64)}); err != nil {
			t.Fatal(err)
		}
	}
	zoned := netip.AddrPortFrom(other.WithZone("eth0"), 80)
	at, _ := p.b.openUDP(t, "[fe80::2%eth1]:80", PacketConfig{})
	u, _ := p.a.openUDP(t, "[fe80::1%eth0]:5", PacketConfig{})
	if err := u.Connect(zoned); err != nil {
		t.Fatal(err)
	}
	if err := u.TrySend([]byte("x")); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		p.poll()
	}
	_, m, err := at.Peek()
	if err != nil {
		t.Fatal(err)
	}
	at.TrySendTo([]byte("y"), m)
	for range 4 {
		p.poll()
	}
	if b, _, err := u.Peek(); string(b) != "y" {
		t.Fatalf("%q, %v", b, err)
	}
	p.connect("[fe80::2%eth0]:80", nil)
	if _, err := p.a.SourceFor(zoned.Addr()); err != nil || p.a.PathMTU(zoned.Addr()) != 1500 {
		t.Error(err)
	}
}

func TestFramesFromAndToAddressesThatStayInsideAreDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "[::]:5", PacketConfig{})
	if err := u.JoinGroup(netip.MustParseAddr("ff01::77")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		src, dst string
		why      DropReason
	}{
		{"0.0.0.7", "192.0.2.1", DropSource}, {"127.0.0.1", "192.0.2.255", DropSource}, {"192.0.2.9", "127.0.0.1", DropNotForUs},
		{"::1", "2001:db8::1", DropSource}, {"::", "2001:db8::1", DropSource}, {"2001:db8::9", "::1", DropNotForUs}, {"2001:db8::9", "ff01::77", DropNotForUs},
	} {
		r.dropped(c.why, func() { r.put(r.datagram(c.src, c.dst, ourMAC)) })
	}
	r.nothing()
}

// datagram is a UDP datagram from port 9 to port 5, in a frame to mac.
func (r *rig) datagram(src, dst string, mac [6]byte) []byte {
	udp := &layers.UDP{SrcPort: 9, DstPort: 5}
	if netip.MustParseAddr(dst).Is4() {
		e, ip := eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolUDP)
		e.DstMAC, ip.SrcIP, ip.DstIP = mac[:], parseIP(src), parseIP(dst)
		return r.frame(e, ip, udp, gopacket.Payload("x"))
	}
	e, ip := eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolUDP)
	e.DstMAC, ip.SrcIP, ip.DstIP = mac[:], parseIP(src), parseIP(dst)
	return r.frame(e, ip, udp, gopacket.Payload("x"))
}

func TestADatagramForOneStationInAFrameForManyIsDropped_RFC1122_3_3_6(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "0.0.0.0:5", PacketConfig{})
	r.dropped(DropNotForUs, func() { r.put(r.datagram("192.0.2.9", "192.0.2.1", broadcastMAC)) })
	r.put(r.datagram("192.0.2.9", "192.0.2.255", broadcastMAC))
	if u.in.Len() != 1 {
		t.Fatalf("%d heard", u.in.Len())
	}
}

func TestWhoHasNoAddressYetIsHeardWhenItSpeaksToAll_RFC1122_3_2_1_3_a(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "0.0.0.0:5", PacketConfig{}) // as a server of DHCP
	r.put(r.datagram("0.0.0.0", "255.255.255.255", broadcastMAC))
	if _, m, err := u.Peek(); err != nil || m.Remote.String() != "0.0.0.0:9" || m.Local != limitedBroadcast {
		t.Fatalf("%+v, %v", m, err)
	}
	r.dropped(DropSource, func() { r.put(r.datagram("0.0.0.0", "192.0.2.255", broadcastMAC)) })
	u.Close()
	r.dropped(DropNoPort, func() { r.put(r.datagram("0.0.0.0", "255.255.255.255", broadcastMAC)) })
	r.nothing() // nobody is told
}
