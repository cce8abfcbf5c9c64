package iface

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/phy"
)

func echo4(id uint16) *layers.ICMPv4 {
	return &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(layers.ICMPv4TypeEchoRequest, 0), Id: id, Seq: 7}
}

func TestEchoIsAnsweredOnBothMediumsAndFamilies(t *testing.T) {
	data := gopacket.Payload("forty-two bytes or so of ping")
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		r := newRig(t, m, Limits{})
		f4 := r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4), echo4(3), data)
		ip := ip6(layers.IPProtocolICMPv6)
		icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeEchoRequest, 0)}
		icmp.SetNetworkLayerForChecksum(ip)
		f6 := r.frame(eth(layers.EthernetTypeIPv6), ip, icmp, &layers.ICMPv6Echo{Identifier: 3, SeqNumber: 7}, data)
		r.put(f4[ethernetHeaderLen-r.hdrLen:])
		p := r.take()
		if e, ok := p.Layer(layers.LayerTypeICMPv4).(*layers.ICMPv4); !ok || e.TypeCode.Type() != layers.ICMPv4TypeEchoReply || e.Id != 3 || e.Seq != 7 ||
			!bytes.Equal(e.Payload, data) {
			t.Fatalf("%v", p)
		}
		r.put(f6[ethernetHeaderLen-r.hdrLen:])
		p = r.take()
		if e, ok := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6); !ok || e.TypeCode.Type() != layers.ICMPv6TypeEchoReply ||
			!bytes.HasSuffix(p.Data(), data) {
			t.Fatalf("%v", p)
		}
		if r.Stats().EchoReplies != 2 {
			t.Fatal("not counted")
		}
	}
}

func TestEchoRepliesAreLimitedInRate(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{ICMPPerSecond: 2000})
	f := r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4), echo4(1))
	answers := func(n int) (got int) {
		for range n {
			r.put(f)
			if r.take() != nil {
				got++
			}
		}
		return got
	}
	all := 0
	for _, want := range []int{200, 100} { // the burst, and that of 50 ms
		got := answers(1000)
		if least, most := around(want); got < least || got > most {
			t.Fatalf("%d answers, wanted %d to %d", got, least, most)
		}
		all += got
		r.now = r.now.Add(50 * time.Millisecond)
	}
	if r.Stats().Drops[DropRateLimited] != uint64(2000-all) {
		t.Fatalf("%d counted", r.Stats().Drops[DropRateLimited])
	}
}

func TestUnreachableQuotesThePacketAndNeverAnswersABroadcast(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	udp := &layers.UDP{SrcPort: 5000, DstPort: 53}
	ip := ip4(layers.IPProtocolUDP)
	udp.SetNetworkLayerForChecksum(ip)
	f := r.frame(eth(layers.EthernetTypeIPv4), ip, udp, gopacket.Payload("query"))
	r.dropped(DropNoPort, func() { r.put(f) })
	p := r.take()
	e, ok := p.Layer(layers.LayerTypeICMPv4).(*layers.ICMPv4)
	if !ok || e.TypeCode != layers.CreateICMPv4TypeCode(layers.ICMPv4TypeDestinationUnreachable, layers.ICMPv4CodePort) ||
		!bytes.Equal(e.Payload, f[ethernetHeaderLen:ethernetHeaderLen+28]) {
		t.Fatalf("%v", p)
	}
	t.Log("# an unknown protocol")
	ip = ip4(layers.IPProtocolSCTP)
	r.dropped(DropUnknownProtocol, func() { r.put(r.frame(eth(layers.EthernetTypeIPv4), ip, gopacket.Payload("12345678"))) })
	if e := r.take().Layer(layers.LayerTypeICMPv4).(*layers.ICMPv4); e.TypeCode.Code() != layers.ICMPv4CodeProtocol {
		t.Fatalf("%v", e)
	}
	t.Log("# a broadcast is not answered (RFC 1122 §3.2.2)")
	ip = ip4(layers.IPProtocolUDP)
	ip.DstIP = []byte{192, 0, 2, 255}
	udp.SetNetworkLayerForChecksum(ip)
	r.put(r.frame(eth(layers.EthernetTypeIPv4), ip, udp))
	r.nothing()
}

func TestUnreachableOverIPv6(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	ip := ip6(layers.IPProtocolUDP)
	udp := &layers.UDP{SrcPort: 5000, DstPort: 53}
	udp.SetNetworkLayerForChecksum(ip)
	f := r.frame(ip, udp, gopacket.Payload(make([]byte, 1300)))
	r.put(f)
	p := r.take()
	e, ok := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6)
	if !ok || e.TypeCode != layers.CreateICMPv6TypeCode(layers.ICMPv6TypeDestinationUnreachable, layers.ICMPv6CodePortUnreachable) {
		t.Fatalf("%v", p)
	}
	if len(p.Data()) > minMTU6 {
		t.Fatalf("%d bytes, more than the minimum MTU (RFC 4443 §2.4 (c))", len(p.Data()))
	}
}

func TestOnlyAnswersThatLeftAreCounted(t *testing.T) {
	dev, wire := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP, Queue: 1})
	i, err := New(Config{Device: dev, Rand: zeroRand{1}, Addrs: []netip.Prefix{netip.PrefixFrom(our4, 24)}})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{&station{i, map[*Conn]int{}}, t, start, wire}
	for range 3 {
		r.put(r.frame(ip4(layers.IPProtocolICMPv4), echo4(1), gopacket.Payload("abc")))
		r.put(r.frame(ip4(layers.IPProtocolUDP), gopacket.Payload("12345678")))
	}
	if s := r.Stats(); s.EchoReplies+s.ICMPErrorsOut != s.FramesOut || s.OutDrops[DropNoBuffer] == 0 {
		t.Errorf("%d echo replies and %d errors counted, %d frames left", s.EchoReplies, s.ICMPErrorsOut, s.FramesOut)
	}
}

func TestEchoRequestsToManyAreAnsweredOverIPv6_RFC4443_4_2(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	own := netip.MustParseAddr("fe80::1")
	if err := r.AddAddr(r.now, AddrConfig{Prefix: netip.PrefixFrom(own, 64)}); err != nil {
		t.Fatal(err)
	}
	request := []byte{icmp6Echo, 0, 0, 0, 0, 3, 0, 7, 'x', 'y'}
	for from, at := range map[netip.Addr]netip.Addr{netip.MustParseAddr("fe80::9"): own, peer6: our6} {
		r.put(r.icmp6(from, allNodes, 1, request))
		p := r.take()
		if p == nil {
			t.Fatal("not answered")
		}
		ip := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6)
		if m := icmpOf(p); m[0] != icmp6EchoReply || netip.AddrFrom16([16]byte(ip.SrcIP)) != at || netip.AddrFrom16([16]byte(ip.DstIP)) != from || string(m[4:]) != string(request[4:]) ||
			checksum.Fold(checksum.Sum(m, checksum.PseudoV6([16]byte(ip.SrcIP), [16]byte(ip.DstIP), protoICMPv6, len(m)))) != 0xffff {
			t.Errorf("%v", p)
		}
	}
	t.Log("# from nobody, and over IPv4")
	r.dropped(DropNotForUs, func() { r.put(r.icmp6(netip.IPv6Unspecified(), allNodes, 1, request)) })
	ip := ip4(layers.IPProtocolICMPv4)
	ip.DstIP = parseIP("224.0.0.1")
	r.dropped(DropNotForUs, func() { r.put(r.frame(eth(layers.EthernetTypeIPv4), ip, echo4(3))) })
	r.nothing()
}

func TestEchoRepliesFitTheWayBack(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.notePath(peer4, 700)
	r.notePath(peer6, 1300)
	for _, f := range [][]byte{r.frame(ip4(layers.IPProtocolICMPv4), echo4(3), payload(1400)), r.chain([]byte{protoDestination}, [][]byte{noOptions}, protoICMPv6, r.echo6(1400))} {
		r.put(f)
		n := 0
		for p := r.take(); p != nil; p = r.take() {
			if n += len(p.Data()); len(p.Data()) > 1300 || p.Data()[0]>>4 == 4 && len(p.Data()) > 700 {
				t.Errorf("a packet of %d bytes", len(p.Data()))
			}
		}
		if n < 1400 {
			t.Errorf("%d bytes came back", n)
		}
	}
}
