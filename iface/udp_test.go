package iface

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestUDPGoesBothWaysOverBothMediumsAndFamilies(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		for _, addr := range []string{"192.0.2.2:7", "[2001:db8::2]:7"} {
			for _, size := range []int{0, 1, 1400, 1472, 1473, 5000, maxUDP(netip.MustParseAddr("::"))} {
				p := newPair(t, m)
				a, _ := p.a.openUDP(t, "[::]:0", PacketConfig{})
				b, _ := p.b.openUDP(t, "[::]:7", PacketConfig{})
				meta := to(addr)
				if limit := maxUDP(meta.Remote.Addr()); size > limit {
					if err := a.TrySendTo(make([]byte, size), meta); err != ErrTooBig {
						t.Errorf("%d bytes: %v", size, err)
					}
					size = limit
				}
				data := fragData(size)
				meta.HopLimit, meta.Traffic = 9, 0xb8
				if err := a.TrySendTo(data, meta); err != nil {
					t.Fatal(err)
				}
				p.poll()
				got, from, err := b.Peek()
				if err != nil || !bytes.Equal(got, data) || from.HopLimit != 9 || from.Traffic != 0xb8 || from.Local != meta.Remote.Addr() {
					t.Fatalf("%v %s, %d bytes: %d came, %+v, %v; %v", m, addr, size, len(got), from, err, p.b.Stats().Drops)
				}
				if err := b.TrySendTo(got, Meta{Remote: from.Remote, Local: from.Local}); err != nil {
					t.Fatal(err)
				}
				p.poll()
				if got, from, err := a.Peek(); err != nil || !bytes.Equal(got, data) || from.Remote != meta.Remote {
					t.Errorf("%v %s, %d bytes: %d came back, %v", m, addr, size, len(got), err)
				}
			}
		}
	}
}

func TestUDPSocketsAreFoundByTheMostSpecificAddress(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	a, _ := p.a.openUDP(t, "[::]:0", PacketConfig{})
	one, _ := p.b.openUDP(t, "192.0.2.2:7", PacketConfig{})
	all4, _ := p.b.openUDP(t, "0.0.0.0:8", PacketConfig{})
	all, _ := p.b.openUDP(t, "[::]:7", PacketConfig{})
	for _, c := range []struct {
		to string
		at *UDPSocket
	}{{"192.0.2.2:7", one}, {"[2001:db8::2]:7", all}, {"192.0.2.2:8", all4}, {"192.0.2.255:7", all}} {
		a.TrySendTo([]byte("x"), to(c.to))
		p.poll()
		if !c.at.Readable() {
			t.Errorf("%s did not come where it was to", c.to)
		}
		c.at.Discard()
	}
	for _, err := range []struct{ got, want error }{
		{p.b.OpenUDP(&UDPSocket{}, nil, netip.MustParseAddrPort("0.0.0.0:8"), PacketConfig{}), ErrAddrInUse},
		{p.b.OpenUDP(&UDPSocket{}, nil, netip.MustParseAddrPort("192.0.2.9:8"), PacketConfig{}), ErrNotOurs},
		{p.b.OpenUDP(&UDPSocket{}, nil, netip.AddrPort{}, PacketConfig{}), ErrAddress},
		{a.TrySendTo(nil, to("192.0.2.2:0")), ErrAddress},
		{a.TrySendTo(nil, to("0.0.0.0:7")), ErrAddress},
		{a.TrySendTo(nil, to("198.51.100.1:7")), ErrNoRoute},
		{a.TrySendTo(nil, Meta{Remote: netip.MustParseAddrPort("192.0.2.2:7"), Local: netip.MustParseAddr("192.0.2.77")}), ErrNotOurs},
		{a.TrySendTo(nil, Meta{Remote: netip.MustParseAddrPort("192.0.2.2:7"), Local: our6}), ErrAddress},
		{one.TrySendTo(nil, to("[2001:db8::1]:7")), ErrNoSource},
		{a.TrySend(nil), ErrAddress},
	} {
		if !errors.Is(err.got, err.want) {
			t.Errorf("%v, want %v", err.got, err.want)
		}
	}
}

func TestAConnectedUDPSocketHearsOnlyItsPeerAndThatNobodyListens(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	a, ea := p.a.openUDP(t, "0.0.0.0:1000", PacketConfig{})
	other, _ := p.b.openUDP(t, "0.0.0.0:8", PacketConfig{})
	if err := a.Connect(netip.MustParseAddrPort("192.0.2.2:7")); err != nil {
		t.Fatal(err)
	}
	other.TrySendTo([]byte("x"), to("192.0.2.1:1000"))
	p.poll()
	if a.Readable() {
		t.Error("it hears another")
	}
	a.TrySend([]byte("is anybody there?"))
	p.poll()
	if _, _, err := a.TryRecv(nil); !errors.Is(err, ErrRefused) || *ea != 1 {
		t.Errorf("%v, %d events", err, *ea)
	}
	if _, _, err := a.TryRecv(nil); err != ErrWouldBlock {
		t.Errorf("told twice: %v", err)
	}
	b, _ := p.b.openUDP(t, "0.0.0.0:7", PacketConfig{})
	if err := a.TrySend([]byte("now?")); err != nil {
		t.Error(err)
	}
	p.poll()
	if got, _, _ := b.Peek(); string(got) != "now?" {
		t.Errorf("%q", got)
	}
	if a.Connect(netip.MustParseAddrPort("192.0.2.2:0")) == nil {
		t.Error("connected to port 0")
	}
}

func TestUDPThatCannotBeIsDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "[::]:53", PacketConfig{})
	udp := &layers.UDP{SrcPort: 1000, DstPort: 53}
	good4 := r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolUDP), udp, gopacket.Payload("question"))
	good6 := r.frame(eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolUDP), udp, gopacket.Payload("question"))
	at4, at6 := ethernetHeaderLen+ipv4HeaderLen, ethernetHeaderLen+ipv6HeaderLen
	for _, c := range []struct {
		name  string
		frame []byte
		spoil func([]byte)
		why   DropReason
	}{
		{"checksum 4", good4, func(f []byte) { f[at4+6]++ }, DropChecksum},
		{"checksum 6", good6, func(f []byte) { f[at6+9]++ }, DropChecksum},
		{"no checksum in IPv6", good6, func(f []byte) { f[at6+6], f[at6+7] = 0, 0 }, DropChecksum},
		{"length 7", good4, func(f []byte) { f[at4+4], f[at4+5] = 0, 7 }, DropMalformed},
		{"length beyond the packet", good4, func(f []byte) { f[at4+5]++ }, DropMalformed},
		{"another port", good4, func(f []byte) { f[at4+3]++; f[at4+6], f[at4+7] = 0, 0 }, DropNoPort},
	} {
		f := bytes.Clone(c.frame)
		c.spoil(f)
		r.dropped(c.why, func() { r.put(f) })
		if u.Readable() {
			t.Errorf("%s: delivered", c.name)
		}
	}
	f := bytes.Clone(good4)
	f[at4+6], f[at4+7] = 0, 0 // IPv4 may do without
	for _, f := range [][]byte{f, good4, good6} {
		r.put(f)
		if got, _, err := u.Peek(); string(got) != "question" {
			t.Errorf("%q, %v", got, err)
		}
		u.Discard()
	}
}

func TestUDPPortsRunOut(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	a := netip.MustParseAddr("192.0.2.1")
	for k := range ephemeralCount - 1 {
		p.a.udp[netip.AddrPortFrom(a, uint16(ephemeralFirst+k))] = &UDPSocket{}
	}
	u, _ := p.a.openUDP(t, "192.0.2.1:0", PacketConfig{})
	if u.LocalAddr().Port() != 65535 {
		t.Error(u.LocalAddr())
	}
	if err := p.a.OpenUDP(&UDPSocket{}, nil, netip.MustParseAddrPort("192.0.2.1:0"), PacketConfig{}); !errors.Is(err, ErrPortsUsedUp) {
		t.Error(err)
	}
}

func TestWhatAConnectedSocketDoesNotHearIsForTheNext(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	all, _ := r.openUDP(t, "[::]:5", PacketConfig{})
	four, _ := r.openUDP(t, "0.0.0.0:5", PacketConfig{})
	one, _ := r.openUDP(t, "192.0.2.1:5", PacketConfig{})
	one.Connect(netip.MustParseAddrPort("192.0.2.9:9"))
	four.Connect(netip.MustParseAddrPort("192.0.2.8:9"))
	for _, c := range []struct {
		from string
		by   *UDPSocket
	}{{"192.0.2.9", one}, {"192.0.2.8", four}, {"192.0.2.7", all}} {
		r.put(r.datagram(c.from, "192.0.2.1", ourMAC))
		if _, m, err := c.by.Peek(); err != nil || m.Remote.Addr().String() != c.from {
			t.Errorf("%s: %+v, %v", c.from, m, err)
		}
		c.by.Discard()
	}
	all.Close()
	r.dropped(DropNoPort, func() { r.put(r.datagram("192.0.2.7", "192.0.2.1", ourMAC)) })
}

func TestAPortThatIsChosenTakesNobodysDatagrams(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.ports.count = 6
	chosen := map[uint16]bool{}
	for _, local := range []string{"[::]:0", "0.0.0.0:0", "192.0.2.1:0", "[2001:db8::1]:0", "[::]:0", "0.0.0.0:0"} {
		u, _ := r.openUDP(t, local, PacketConfig{})
		if port := u.LocalAddr().Port(); chosen[port] {
			t.Errorf("%s got port %d, which another one has", local, port)
		} else {
			chosen[port] = true
		}
	}
	if err := r.OpenUDP(&UDPSocket{}, nil, netip.MustParseAddrPort("[::]:0"), PacketConfig{}); !errors.Is(err, ErrPortsUsedUp) {
		t.Error(err)
	}
}
