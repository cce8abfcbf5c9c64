package iface

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/phy"
	"smoltls/tcp"
)

// headerSum is the Internet checksum before it is inverted.
func headerSum(b []byte) uint16 { return checksum.Fold(checksum.Sum(b, 0)) }

// payload is n bytes, each different from its neighbours.
func payload(n int) gopacket.Payload { return fragData(n) }

// cut4 makes fragments of at most size bytes of an IPv4 packet.
func (r *rig) cut4(whole []byte, id uint16, size int) (fs [][]byte) {
	data := whole[ipv4HeaderLen:]
	for at := 0; at < len(data); at += size {
		ip := ip4(layers.IPProtocol(whole[9]))
		ip.Id, ip.FragOffset = id, uint16(at/8)
		part := data[at:min(len(data), at+size)]
		if at+size < len(data) {
			ip.Flags = layers.IPv4MoreFragments
		}
		fs = append(fs, r.frame(eth(layers.EthernetTypeIPv4), ip, gopacket.Payload(part))[ethernetHeaderLen-r.hdrLen:])
	}
	return fs
}

// cut6 makes fragments of at most size bytes of what follows an IPv6 header.
func (r *rig) cut6(data []byte, next byte, id uint32, size int) (fs [][]byte) {
	for at := 0; at < len(data); at += size {
		field := uint16(at)
		if at+size < len(data) {
			field |= 1
		}
		h := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint16([]byte{0, 0}, field), id)
		fs = append(fs, r.chain([]byte{protoFragment}, [][]byte{h}, next, data[at:min(len(data), at+size)]))
	}
	return fs
}

func TestFragmentedPacketsAreAnsweredLikeWholeOnes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		r := newRig(t, m, Limits{})
		r.listen(defaultListen)
		for n, c := range map[int][2][][]byte{
			1: {r.cut4(r.frame(ip4(layers.IPProtocolICMPv4), echo4(3), payload(1000)), 1, 128), r.cut6(r.echo6(1000), protoICMPv6, 1, 128)},
			2: {r.cut4(r.frame(ip4(layers.IPProtocolTCP), syn(80)), 2, 8), r.cut6(r.frame(ip6(layers.IPProtocolTCP), syn(80))[ipv6HeaderLen:], protoTCP, 2, 24)},
		} {
			for _, fs := range c {
				rng.Shuffle(len(fs), func(a, b int) { fs[a], fs[b] = fs[b], fs[a] })
				for _, f := range fs {
					r.nothing()
					r.put(f)
				}
				p := r.take()
				if m == phy.MediumEthernet && p != nil && p.Layer(layers.LayerTypeARP) != nil || p != nil && p.Layer(layers.LayerTypeICMPv6NeighborSolicitation) != nil {
					continue // a connection that asks where to send its SYN-ACK
				}
				if p == nil || n == 2 && p.Layer(layers.LayerTypeTCP) == nil || n == 1 && !bytes.HasSuffix(p.Data(), payload(1000)) {
					t.Errorf("%v, packet %d in %d fragments: %v, %v", m, n, len(fs), p, r.Stats().Drops)
				}
			}
		}
		if s := r.Stats(); s.Conns != 2 || s.EchoReplies != 2 {
			t.Errorf("%v: %d connections, %d echo replies", m, s.Conns, s.EchoReplies)
		}
	}
}

func TestFragmentsOfDifferentPacketsAreKeptApart(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	whole := r.frame(ip4(layers.IPProtocolICMPv4), echo4(3), payload(100))
	a, b := r.cut4(whole, 1, 64), r.cut4(whole, 2, 64)
	r.put(a[0])
	r.put(b[1])
	r.nothing()
	udp := bytes.Clone(a[1]) // of another protocol
	udp[9] = protoUDP
	udp[10], udp[11] = 0, 0
	sum := ^headerSum(udp[:ipv4HeaderLen])
	binary.BigEndian.PutUint16(udp[10:], sum)
	r.put(udp)
	r.nothing()
	r.put(a[1])
	if r.take() == nil || len(r.reassembler.m) != 2 {
		t.Errorf("%d datagrams wait", len(r.reassembler.m))
	}
}

func TestReassemblyThatTakesTooLongIsToldToTheSender(t *testing.T) {
	for family := range 2 {
		r := newRig(t, phy.MediumEthernet, Limits{})
		fs := r.cut4(r.frame(ip4(layers.IPProtocolICMPv4), echo4(3), payload(100)), 1, 64)
		if family == 1 {
			fs = r.cut6(r.echo6(100), protoICMPv6, 1, 64)
		}
		r.put(fs[0])
		if at := r.PollAt(r.now); !at.Equal(r.now.Add(reassemblyTime)) {
			t.Errorf("PollAt %v after now", at.Sub(r.now))
		}
		r.now = r.now.Add(reassemblyTime - time.Second)
		r.poll()
		r.nothing()
		r.now = r.now.Add(time.Second)
		r.poll()
		p := r.take()
		if p == nil {
			t.Fatal("nothing is told")
		}
		ic4, ok4 := p.Layer(layers.LayerTypeICMPv4).(*layers.ICMPv4)
		ic6, ok6 := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6)
		if family == 0 && (!ok4 || ic4.TypeCode != layers.CreateICMPv4TypeCode(11, 1)) || family == 1 && (!ok6 || ic6.TypeCode != layers.CreateICMPv6TypeCode(3, 1)) {
			t.Errorf("%v", p)
		}
		r.put(fs[1]) // without its first fragment: nothing can be told
		r.now = r.now.Add(reassemblyTime)
		r.poll()
		r.nothing()
		if s := r.Stats(); s.Drops[DropReassemblyTime] != 2 || r.PollAt(r.now) != (time.Time{}) {
			t.Errorf("%d counted, next poll %v", s.Drops[DropReassemblyTime], r.PollAt(r.now))
		}
	}
}

func TestFragmentsThatOverlapOrCannotBeAreCounted(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{Fragments: 3})
	at := func(offset uint16, more uint16, n int) []byte {
		h := binary.BigEndian.AppendUint16([]byte{0, 0}, offset|more)
		return r.chain([]byte{protoFragment}, [][]byte{append(h, 0, 0, 0, 7)}, 253, fragData(n))
	}
	r.put(at(0, 1, 16))
	r.dropped(DropFragmentOverlap, func() { r.put(at(8, 1, 16)) })
	r.dropped(DropFragmentOverlap, func() { r.put(at(16, 0, 16)) })
	r.nothing()
	r.dropped(DropMalformed, func() { r.put(at(0, 1, 15)) })
	if p := r.take(); p == nil || p.Layer(layers.LayerTypeICMPv6) == nil {
		t.Error("an odd length is not told")
	}
	r.dropped(DropMalformed, func() { r.put(at(65528, 0, 16)) })
	if p := r.take(); p == nil || p.Layer(layers.LayerTypeICMPv6) == nil {
		t.Error("a datagram that is too long is not told")
	}
	r = newRig(t, phy.MediumIP, Limits{Fragments: 3})
	for k := range uint16(3) {
		r.put(at(16*k, 1, 8))
	}
	r.dropped(DropFragmentMemory, func() { r.put(at(16*3, 1, 8)) })
}

func TestAFirstFragmentThatDoesNotTellWhatItIsIsRefused_RFC7112_5(t *testing.T) {
	first := []byte{0, 0, 0, 1, 0, 0, 0, 7}
	for name, c := range map[string]struct {
		kinds []byte
		hs    [][]byte
		upper byte
		n     int
		whole bool
	}{
		"half of TCP's header":        {[]byte{protoFragment}, [][]byte{first}, protoTCP, 16, false},
		"TCP's header":                {[]byte{protoFragment}, [][]byte{first}, protoTCP, 24, true},
		"UDP's header":                {[]byte{protoFragment}, [][]byte{first}, protoUDP, 8, true},
		"an extension header alone":   {[]byte{protoFragment, protoDestination}, [][]byte{first, noOptions}, protoUDP, 0, false},
		"and UDP's":                   {[]byte{protoHopByHop, protoFragment, protoDestination}, [][]byte{noOptions, first, noOptions}, protoUDP, 8, true},
		"half an extension header":    {[]byte{protoFragment, protoDestination}, [][]byte{first, {0, 1, optPadN, 4, 0, 0, 0, 0}}, protoUDP, 0, false},
		"nothing that is to follow":   {[]byte{protoFragment}, [][]byte{first}, protoNone, 8, true},
		"a protocol that we have not": {[]byte{protoFragment}, [][]byte{first}, 253, 8, true},
	} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		f := r.chain(c.kinds, c.hs, c.upper, fragData(c.n))
		if c.whole {
			r.put(f)
			if p := r.take(); p != nil || len(r.reassembler.m) != 1 {
				t.Errorf("%s: %v", name, p)
			}
			continue
		}
		r.dropped(DropExtensionHeader, func() { r.put(f) })
		p := r.take()
		if p == nil || len(r.reassembler.m) != 0 {
			t.Fatalf("%s: kept, or nobody is told", name)
		}
		if m := icmpOf(p); m[0] != icmp6ParamProblem || m[1] != icmp6CodeChain || binary.BigEndian.Uint32(m[4:]) != 0 {
			t.Errorf("%s: %x", name, m)
		}
	}
}

func TestErrorsInFragmentsThatNeverBecomeWholeAreNotAnswered_RFC1122_3_2_2(t *testing.T) {
	for _, kind := range []uint8{icmp4Unreachable, icmp4Echo} {
		r := newRig(t, phy.MediumIP, Limits{})
		m := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(kind, 1)}
		r.put(r.cut4(r.frame(ip4(layers.IPProtocolICMPv4), m, payload(100)), 1, 64)[0])
		r.sleep(reassemblyTime + time.Second)
		if p := r.take(); (p != nil) != (kind == icmp4Echo) {
			t.Errorf("type %d: %v", kind, p)
		}
	}
}

// A flood of fragments that never become whole leaves a connection alone, and no more memory than its bound.
func TestAFloodOfFragmentsStaysWithinItsMemory(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, s := p.connect("192.0.2.2:80", &tcp.Config{})
	r := &rig{p.b, t, p.now, p.a.dev}
	for k := range 20_000 {
		f := r.cut4(append(make([]byte, ipv4HeaderLen), fragData(2000)...), uint16(k), 1000)[k&1]
		binary.BigEndian.PutUint32(f[16:], 0xc0000202)
		f[10], f[11] = 0, 0
		binary.BigEndian.PutUint16(f[10:], ^headerSum(f[:ipv4HeaderLen]))
		r.put(f)
		if k%100 == 0 {
			c.TryWrite([]byte("x"))
			p.poll()
			if n, _ := s.Discard(1); n != 1 {
				t.Fatal("the connection does not go on")
			}
		}
	}
	if b := p.b.reassembler; b.used > DefaultReassemblyMemory || len(b.m) > DefaultReassembling || len(b.m) < DefaultReassembling/2 {
		t.Errorf("%d bytes, %d datagrams", b.used, len(b.m))
	}
}

// A fragment that a congested router has marked marks the whole (RFC 3168 §5.3).
func TestACongestedRoutersMarkSurvivesReassembly(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	u, _ := r.openUDP(t, "[::]:7", PacketConfig{})
	datagram := &layers.UDP{SrcPort: 9, DstPort: 7}
	v4 := r.cut4(r.frame(ip4(layers.IPProtocolUDP), datagram, payload(100)), 1, 64)
	v6 := r.cut6(r.frame(ip6(layers.IPProtocolUDP), datagram, payload(100))[ipv6HeaderLen:], protoUDP, 1, 64)
	v4[1][1] |= ecnCE
	v4[1][10], v4[1][11] = 0, 0
	binary.BigEndian.PutUint16(v4[1][10:], ^headerSum(v4[1][:ipv4HeaderLen]))
	v6[1][1] |= ecnCE << 4
	for _, fs := range [][][]byte{v4, v6} {
		for _, f := range fs {
			r.put(f)
		}
		if _, m, err := u.Peek(); err != nil || m.Traffic&ecnMask != ecnCE {
			t.Errorf("%+v, %v", m, err)
		}
		u.Discard()
	}
}
