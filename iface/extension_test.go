package iface

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

// chain is a packet whose extension headers are hs, each with a first byte that is filled in, before an ICMPv6 echo
// request or whatever upper is.
func (r *rig) chain(kinds []byte, hs [][]byte, upper byte, data []byte) []byte {
	next := append(kinds[1:len(kinds):len(kinds)], upper)
	var b []byte
	for k, h := range hs {
		b = append(append(b, next[k]), h[1:]...)
	}
	b = append(b, data...)
	f := make([]byte, ethernetHeaderLen+ipv6HeaderLen+len(b))
	copy(f, ourMAC[:])
	copy(f[6:], peerMAC[:])
	binary.BigEndian.PutUint16(f[12:], etherIPv6)
	src, dst := peer6.As16(), our6.As16()
	putIPv6(f[ethernetHeaderLen:], kinds[0], 64, &src, &dst, len(b))
	copy(f[ethernetHeaderLen+ipv6HeaderLen:], b)
	return f[ethernetHeaderLen-r.hdrLen:]
}

// echo6 is an ICMPv6 echo request as it stands in a packet.
func (r *rig) echo6(n int) []byte {
	ip := ip6(layers.IPProtocolICMPv6)
	ic := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeEchoRequest, 0)}
	ic.SetNetworkLayerForChecksum(ip)
	return r.frame(ip, ic, &layers.ICMPv6Echo{Identifier: 3, SeqNumber: 7}, payload(n))[ipv6HeaderLen:]
}

var (
	noOptions  = []byte{0, 0, optPadN, 4, 0, 0, 0, 0}
	pad1s      = []byte{0, 0, 0, 0, 0, 0, 0, 0}
	unknownOpt = func(kind byte) []byte { return []byte{0, 0, kind, 4, 0, 0, 0, 0} }
	routing    = func(left byte) []byte { return []byte{0, 0, 0, left, 0, 0, 0, 0} }
	atomicFrag = []byte{0, 0, 0, 0, 0, 0, 0, 9}
)

func TestExtensionHeadersAreSkipped(t *testing.T) {
	for name, c := range map[string]struct {
		kinds []byte
		hs    [][]byte
	}{
		"hop-by-hop":                  {[]byte{protoHopByHop}, [][]byte{noOptions}},
		"one-byte padding":            {[]byte{protoHopByHop}, [][]byte{pad1s}},
		"an option to be skipped":     {[]byte{protoDestination}, [][]byte{unknownOpt(0x3e)}},
		"router alert":                {[]byte{protoHopByHop}, [][]byte{{0, 0, optRouterAlert, 2, 0, 0, optPadN, 0}}},
		"a route that has been taken": {[]byte{protoRouting}, [][]byte{routing(0)}},
		"an atomic fragment":          {[]byte{protoFragment}, [][]byte{atomicFrag}},
		"all of them":                 {[]byte{protoHopByHop, protoDestination, protoRouting, protoFragment, protoDestination}, [][]byte{noOptions, noOptions, routing(0), atomicFrag, pad1s}},
		"16 bytes":                    {[]byte{protoDestination}, [][]byte{append([]byte{0, 1, optPadN, 12}, make([]byte, 12)...)}},
	} {
		for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
			r := newRig(t, m, Limits{})
			r.put(r.chain(c.kinds, c.hs, protoICMPv6, r.echo6(5)))
			if p := r.take(); p == nil || p.Layer(layers.LayerTypeICMPv6Echo) == nil {
				t.Errorf("%s on %v: no answer: %v", name, m, r.Stats().Drops)
			}
			r.listen(defaultListen)
			seg := r.frame(ip6(layers.IPProtocolTCP), syn(80))[ipv6HeaderLen:]
			r.put(r.chain(c.kinds, c.hs, protoTCP, seg))
			if r.Stats().Conns != 1 {
				t.Errorf("%s on %v: no connection: %v", name, m, r.Stats().Drops)
			}
		}
	}
}

func TestExtensionHeadersThatMayNotBeSkippedAreAnsweredByWhereTheyStand(t *testing.T) {
	for name, c := range map[string]struct {
		kinds []byte
		hs    [][]byte
		code  uint8
		at    int // of the pointer; -1: no answer
	}{
		"drop silently":               {[]byte{protoDestination}, [][]byte{unknownOpt(0x7e)}, 0, -1},
		"drop and tell":               {[]byte{protoDestination}, [][]byte{unknownOpt(0xbe)}, icmp6CodeOption, 42},
		"drop and tell if for one":    {[]byte{protoHopByHop, protoDestination}, [][]byte{noOptions, unknownOpt(0xfe)}, icmp6CodeOption, 50},
		"hop-by-hop in second place":  {[]byte{protoDestination, protoHopByHop}, [][]byte{noOptions, noOptions}, icmp6CodeNextHdr, 48},
		"a route that goes on":        {[]byte{protoRouting}, [][]byte{routing(1)}, icmp6CodeHeader, 42},
		"an option beyond the header": {[]byte{protoDestination}, [][]byte{{0, 0, optPadN, 5, 0, 0, 0, 0}}, 0, -1},
		"a header beyond the packet":  {[]byte{protoDestination}, [][]byte{{0, 200, optPadN, 4, 0, 0, 0, 0}}, 0, -1},
		"too many": {bytes.Repeat([]byte{protoDestination}, 10), [][]byte{noOptions, noOptions, noOptions, noOptions, noOptions, noOptions, noOptions, noOptions,
			noOptions, noOptions}, 0, -1},
	} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		f := r.chain(c.kinds, c.hs, protoICMPv6, r.echo6(5))
		r.put(f)
		p := r.take()
		if c.at < 0 {
			if p != nil {
				t.Errorf("%s: answered by %v", name, p)
			}
			continue
		}
		ic, ok := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6)
		if !ok || ic.TypeCode != layers.CreateICMPv6TypeCode(layers.ICMPv6TypeParameterProblem, c.code) || binary.BigEndian.Uint32(ic.Payload) != uint32(c.at) {
			t.Errorf("%s: %v", name, p)
			continue
		}
		if !bytes.Equal(ic.Payload[4:], f[ethernetHeaderLen:]) {
			t.Errorf("%s: quotes %x, of %x", name, ic.Payload[4:], f[ethernetHeaderLen:])
		}
	}
}

func TestAProtocolThatNobodyWantsIsToldByWhereItIsNamed_RFC4443_3_4(t *testing.T) {
	for _, c := range []struct {
		kinds []byte
		hs    [][]byte
		at    uint32
	}{
		{[]byte{protoHopByHop, protoDestination}, [][]byte{noOptions, noOptions}, 48}, {[]byte{protoDestination, protoFragment}, [][]byte{noOptions, atomicFrag}, 48},
		{[]byte{protoDestination}, [][]byte{noOptions}, 40},
	} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		r.put(r.chain(c.kinds, c.hs, 253, []byte("12345678")))
		if m := icmpOf(r.take()); m == nil || m[0] != icmp6ParamProblem || m[1] != icmp6CodeNextHdr || binary.BigEndian.Uint32(m[4:]) != c.at {
			t.Errorf("%+v: %x", c, m)
		}
	}
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.put(r.frame(eth(layers.EthernetTypeIPv6), ip6(253), payload(8)))
	if m := icmpOf(r.take()); m == nil || binary.BigEndian.Uint32(m[4:]) != nextHeaderAt {
		t.Errorf("%x", m)
	}
}

func TestExtendedPacketsCutShortAreDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	f := r.chain([]byte{protoHopByHop, protoDestination, protoFragment}, [][]byte{noOptions, pad1s, atomicFrag}, protoICMPv6, r.echo6(5))
	for n := 1; n < len(f); n++ {
		r.put(bytes.Clone(f[:n]))
		if n >= ethernetHeaderLen+ipv6HeaderLen { // with a length that fits
			g := bytes.Clone(f[:n])
			binary.BigEndian.PutUint16(g[ethernetHeaderLen+4:], uint16(n-ethernetHeaderLen-ipv6HeaderLen))
			r.put(g)
		}
	}
	for p := r.take(); p != nil; p = r.take() {
		if p.Layer(layers.LayerTypeICMPv6Echo) != nil {
			t.Error("an echo request that was cut short is answered")
		}
	}
}

// FuzzExtensionHeaders: whatever is behind an IPv6 header, nothing panics, and it is counted once.
func FuzzExtensionHeaders(f *testing.F) {
	f.Add(byte(protoHopByHop), noOptions)
	f.Add(byte(protoFragment), append([]byte{protoTCP, 0, 0, 1, 0, 0, 0, 1}, make([]byte, 16)...))
	f.Add(byte(protoRouting), []byte{protoNone, 0, 4, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, first byte, b []byte) {
		if len(b) > 1400 {
			return
		}
		r := newRig(t, phy.MediumIP, Limits{})
		for range 2 {
			r.put(r.chain([]byte{first}, [][]byte{{0}}, 0, b)[0:])
		}
		s, drops := r.Stats(), uint64(0)
		for _, n := range s.Drops {
			drops += n
		}
		if s.Delivered+drops != s.FramesIn {
			t.Errorf("%d frames, %d delivered, %d dropped", s.FramesIn, s.Delivered, drops)
		}
	})
}

func TestErrorsAreNotAnsweredByErrors_RFC4443_2_4_e(t *testing.T) {
	message := func(r *rig, kind uint8) []byte {
		return r.icmp6(peer6, our6, 64, append([]byte{kind, 0, 0, 0, 0, 0, 0, 0}, make([]byte, 40)...))[ethernetHeaderLen+ipv6HeaderLen:]
	}
	for kind, answered := range map[uint8]bool{icmp6Unreachable: false, icmp6PacketTooBig: false, 100: false, typeRedirect: false, icmp6Echo: true, typeNeighborSolicitation: true, 200: true} {
		for name, c := range map[string]struct {
			kinds []byte
			hs    [][]byte
		}{
			"at once":                {[]byte{protoDestination}, [][]byte{unknownOpt(0xbe)}},
			"behind others":          {[]byte{protoDestination, protoRouting, protoDestination}, [][]byte{noOptions, routing(0), unknownOpt(0xbe)}},
			"in an atomic fragment":  {[]byte{protoFragment, protoDestination}, [][]byte{atomicFrag, unknownOpt(0xbe)}},
			"with a route to follow": {[]byte{protoRouting}, [][]byte{routing(1)}},
		} {
			r := newRig(t, phy.MediumEthernet, Limits{})
			r.put(r.chain(c.kinds, c.hs, protoICMPv6, message(r, kind)))
			if p := r.take(); (p != nil) != answered {
				t.Errorf("type %d %s: %v", kind, name, p)
			}
		}
	}
}
