package iface

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func vlanStation(t *testing.T, dev phy.Device, vlan uint16, addrs ...string) *station {
	t.Helper()
	c := Config{Device: dev, Rand: zeroRand{byte(len(addrs[0]) + len(addrs))}, VLAN: vlan, VLANPriority: 5}
	for _, a := range addrs {
		c.Addrs = append(c.Addrs, netip.MustParsePrefix(a))
	}
	i, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return &station{i, make(map[*Conn]int)}
}

func TestStationsOfOneVLANTalkInTaggedFrames(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	p := &pair{t, start, vlanStation(t, da, 42, "192.0.2.1/24", "2001:db8::1/64"), vlanStation(t, db, 42, "192.0.2.2/24", "2001:db8::2/64", "192.0.2.3/24")}
	if p.a.MTU() != 1496 {
		t.Errorf("MTU %d: the tag takes 4 bytes", p.a.MTU())
	}
	for _, to := range []string{"192.0.2.2:80", "[2001:db8::2]:80"} { // by way of ARP and NDP
		c, s := p.connect(to, nil)
		c.TryWrite(bytes.Repeat([]byte("x"), 10_000))
		p.poll()
		if n := s.ReadBuffered(); n != 10_000 {
			t.Errorf("%s: %d bytes", to, n)
		}
	}
	u, _ := p.a.openUDP(t, "[::]:0", PacketConfig{})
	v, _ := p.b.openUDP(t, "[::]:7", PacketConfig{})
	u.TrySendTo(fragData(4000), to("192.0.2.2:7"))
	p.poll()
	if got, _, err := v.Peek(); !bytes.Equal(got, fragData(4000)) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestFramesOfOtherVLANsAreDropped(t *testing.T) {
	dev, wire := phy.NewPipe(phy.PipeConfig{})
	s := vlanStation(t, dev, 42, "192.0.2.1/24")
	s.hw = ourMAC
	r := &rig{s, t, start, wire}
	tag := func(id uint16) *layers.Dot1Q { return &layers.Dot1Q{VLANIdentifier: id, Type: layers.EthernetTypeIPv4} }
	echo := []gopacket.SerializableLayer{ip4(layers.IPProtocolICMPv4), echo4(3), gopacket.Payload("x")}
	tagged := func(id uint16) []byte {
		return r.frame(append([]gopacket.SerializableLayer{eth(layers.EthernetTypeDot1Q), tag(id)}, echo...)...)
	}
	untagged := r.frame(append([]gopacket.SerializableLayer{eth(layers.EthernetTypeIPv4)}, echo...)...)
	r.dropped(DropVLAN, func() { r.put(tagged(41)) })
	r.dropped(DropVLAN, func() { r.put(tagged(0)) })
	r.dropped(DropVLAN, func() { r.put(untagged) })
	r.nothing()
	r.put(tagged(42))
	p := r.take()
	if q, ok := p.Layer(layers.LayerTypeDot1Q).(*layers.Dot1Q); !ok || q.VLANIdentifier != 42 || q.Priority != 5 || p.Layer(layers.LayerTypeICMPv4) == nil {
		t.Errorf("%v", p)
	}
	plain := newRig(t, phy.MediumEthernet, Limits{})
	plain.dropped(DropVLAN, func() { plain.put(tagged(42)) })
	plain.put(tagged(0)) // a priority and nothing else
	if p := plain.take(); p == nil || p.Layer(layers.LayerTypeICMPv4) == nil {
		t.Errorf("%v", p)
	}
}

func TestVLANsThatCannotBeAreRefused(t *testing.T) {
	ether, _ := phy.NewPipe(phy.PipeConfig{})
	bare, _ := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP})
	short, _ := phy.NewPipe(phy.PipeConfig{MTU: 1283})
	for _, c := range []Config{{Device: ether, VLAN: 4095}, {Device: ether, VLAN: 1, VLANPriority: 8}, {Device: ether, VLANPriority: 1}, {Device: bare, VLAN: 1},
		{Device: short, VLAN: 1}} {
		c.Addrs = []netip.Prefix{netip.PrefixFrom(our6, 64)}
		if _, err := New(c); !errors.Is(err, ErrConfig) {
			t.Errorf("VLAN %d, priority %d: %v", c.VLAN, c.VLANPriority, err)
		}
	}
}

// tagged is a frame with a tag of that type and value.
func tagged(frame []byte, tpid, tci uint16) []byte {
	tag := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, tpid), tci)
	return append(append(bytes.Clone(frame[:12]), tag...), frame[12:]...)
}

func TestPacketsWithExtensionHeadersMayHaveAPriority(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.put(tagged(r.chain([]byte{protoDestination}, [][]byte{noOptions}, protoICMPv6, r.echo6(5)), etherVLAN, 5<<13))
	if p := r.take(); p == nil || icmpOf(p)[0] != icmp6EchoReply {
		t.Fatalf("%v", p)
	}
	for n := 1; n < ethernetHeaderLen+vlanTagLen; n++ {
		r.put(tagged(r.chain([]byte{protoDestination}, [][]byte{noOptions}, protoICMPv6, r.echo6(5)), etherVLAN, 5<<13)[:n])
	}
	r.nothing()
}

func TestAServiceTagIsNotOurs_IEEE8021Q_9_6(t *testing.T) {
	for _, vlan := range []uint16{0, 7} {
		dev, wire := phy.NewPipe(phy.PipeConfig{})
		i, err := New(Config{Device: dev, HardwareAddr: ourMAC, VLAN: vlan, Addrs: []netip.Prefix{netip.PrefixFrom(our4, 24)}})
		if err != nil {
			t.Fatal(err)
		}
		r := &rig{&station{i, map[*Conn]int{}}, t, start, wire}
		f := r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4), echo4(3))
		r.dropped(DropVLAN, func() { r.put(tagged(f, 0x88a8, vlan)) })
		r.nothing()
		r.put(tagged(f, etherVLAN, vlan))
		if r.take() == nil {
			t.Fatal("not answered")
		}
	}
}

func TestRawFramesMayHaveAPriority(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	s := r.openRaw(t, RawKind{EtherType: 0x88b5}, nil)
	f := r.frame(eth(0x88b5), payload(60))
	r.put(tagged(f, etherVLAN, 5<<13))
	if b, _, err := s.Peek(); !bytes.Equal(b, f) {
		t.Fatalf("%x, %v", b, err)
	}
	r.dropped(DropUnknownProtocol, func() { r.put(tagged(r.frame(eth(0x88b6), payload(60)), etherVLAN, 5<<13)) })
	for n := ethernetHeaderLen; n < ethernetHeaderLen+vlanTagLen+1; n++ {
		r.put(tagged(f, etherVLAN, 5<<13)[:n])
	}
}
