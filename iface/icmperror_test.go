package iface

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

// connecting gives a connection whose SYN has left, and that SYN's packet.
func (r *rig) connecting(remote string) (*Conn, []byte) {
	r.t.Helper()
	c := &Conn{}
	if err := r.Connect(c, r, netip.MustParseAddrPort(remote), nil); err != nil {
		r.t.Fatal(err)
	}
	r.poll()
	return c, r.take().Data()
}

// unreachable4 is an ICMPv4 message about packet.
func (r *rig) unreachable4(kind, code uint8, packet []byte) []byte {
	m := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(kind, code)}
	return r.frame(ip4(layers.IPProtocolICMPv4), m, gopacket.Payload(packet[:28]))
}

func (r *rig) unreachable6(kind, code uint8, packet []byte) []byte {
	ip := ip6(layers.IPProtocolICMPv6)
	m := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(kind, code)}
	m.SetNetworkLayerForChecksum(ip)
	return r.frame(ip, m, gopacket.Payload(append(make([]byte, 4), packet...)))
}

func TestICMPErrorsThatMeanToLastEndTheAttemptToConnect(t *testing.T) { // RFC 1122 §4.2.3.9, RFC 5461 §2.1
	for _, w := range []struct {
		v4         bool
		kind, code uint8
		want       error
	}{
		{true, 3, 0, nil}, {true, 3, 1, nil}, {true, 3, 2, tcp.ErrRefused}, {true, 3, 3, tcp.ErrRefused}, {true, 3, 5, nil},
		{true, 3, 9, tcp.ErrUnreachable}, {true, 3, 10, tcp.ErrUnreachable}, {true, 3, 13, tcp.ErrUnreachable}, {true, 11, 0, nil}, {true, 12, 0, nil},
		{false, 1, 0, nil}, {false, 1, 1, tcp.ErrUnreachable}, {false, 1, 3, nil}, {false, 1, 4, tcp.ErrRefused}, {false, 3, 0, nil}, {false, 4, 0, nil}, {false, 4, 1, tcp.ErrRefused},
	} {
		r := newRig(t, phy.MediumIP, Limits{})
		remote, message := "[2001:db8::9]:80", r.unreachable6
		if w.v4 {
			remote, message = "192.0.2.9:80", r.unreachable4
		}
		c, packet := r.connecting(remote)
		r.put(message(w.kind, w.code, packet))
		if !errors.Is(c.Err(), w.want) || (c.State() == tcp.StateClosed) != (w.want != nil) || r.Stats().ICMPErrorsIn != 1 || len(r.conns) == 0 != (w.want != nil) {
			t.Errorf("%+v: %v, %v, %d counted", w, c.State(), c.Err(), r.Stats().ICMPErrorsIn)
		}
	}
}

// Who does not see our segments can't know what is outstanding.
func TestICMPErrorsThatQuoteWhatIsNotOutstandingAreNotBelieved(t *testing.T) { // RFC 5927 §4.1
	r := newRig(t, phy.MediumIP, Limits{})
	c, packet := r.connecting("192.0.2.9:80")
	for bit := range 32 {
		forged := append([]byte(nil), packet...)
		forged[20+4+bit/8] ^= 1 << (bit % 8)
		r.dropped(DropNoPort, func() { r.put(r.unreachable4(3, 3, forged)) })
	}
	other := append([]byte(nil), packet...)
	other[21]++
	r.dropped(DropNoPort, func() { r.put(r.unreachable4(3, 3, other)) })
	if c.State() != tcp.StateSynSent || r.Stats().ICMPErrorsIn != 0 {
		t.Fatal(c.State(), c.Err())
	}
}

func TestWhatIsQuotedNeedsThePorts(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, _ := p.connect("192.0.2.2:80", nil)
	r := newRig(t, phy.MediumIP, Limits{})
	ip := ip4(layers.IPProtocolTCP)
	ip.SrcIP, ip.DstIP = c.LocalAddr().Addr().AsSlice(), c.RemoteAddr().Addr().AsSlice()
	seg := &layers.TCP{SrcPort: layers.TCPPort(c.LocalAddr().Port()), DstPort: 80}
	seg.SetNetworkLayerForChecksum(ip)
	quoted := r.frame(ip, seg)
	q, ok := readQuoted(quoted, true)
	if !ok || q.proto != protoTCP || p.a.conns[q.tuple] != c {
		t.Fatalf("%+v %v", q, ok)
	}
	for n := range quoted[:24] {
		if _, ok := readQuoted(quoted[:n], true); ok {
			t.Fatalf("%d bytes were enough", n)
		}
	}
}

func TestICMPErrorsForManyAreNotBelieved(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	c, packet := r.connecting("192.0.2.9:80")
	ip := ip4(layers.IPProtocolICMPv4)
	ip.DstIP = parseIP("255.255.255.255")
	m := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 3)}
	r.dropped(DropNotForUs, func() { r.put(r.frame(ip, m, gopacket.Payload(packet[:28]))) })
	if c.State() != tcp.StateSynSent {
		t.Fatal(c.State())
	}
}
