package iface

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

// narrow is a router between two stations: what is longer than mtu it drops, and tells the sender; it does not say its
// MTU if silent.
type narrow struct {
	phy.Device
	r      *rig // builds its messages
	mtu    int
	silent bool
	mute   bool // it tells nobody
	drops  int
	answer []byte
}

func (n *narrow) Send(now time.Time, length int) error {
	f := n.Device.Buffer(length)[:length]
	if length <= n.mtu {
		return n.Device.Send(now, length)
	}
	if n.drops++; n.answer != nil || n.mute {
		return nil // one message at a time
	}
	said := uint16(n.mtu)
	if n.silent {
		said = 0
	}
	body := binary.BigEndian.AppendUint16(nil, said)
	if f[0]>>4 == 4 {
		ip := ip4(layers.IPProtocolICMPv4)
		ip.SrcIP, ip.DstIP = parseIP("203.0.113.1"), bytes.Clone(f[12:16])
		ic := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 4), Seq: said}
		n.answer = n.r.frame(ip, ic, gopacket.Payload(bytes.Clone(f[:28])))
		return nil
	}
	ip := ip6(layers.IPProtocolICMPv6)
	ip.SrcIP, ip.DstIP = parseIP("2001:db8:1::1"), bytes.Clone(f[8:24])
	ic := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(2, 0)}
	ic.SetNetworkLayerForChecksum(ip)
	n.answer = n.r.frame(ip, ic, gopacket.Payload(append([]byte{0, 0}, append(body, f[:min(length, 1000)]...)...)))
	return nil
}

func (n *narrow) Receive(now time.Time) ([]byte, error) {
	if a := n.answer; a != nil {
		n.answer = nil
		return a, nil
	}
	return n.Device.Receive(now)
}

// routed is two stations with such a router between them.
func routed(t *testing.T, mtu int, silent bool) (*pair, *narrow) {
	da, db := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP})
	n := &narrow{Device: da, r: &rig{t: t}, mtu: mtu, silent: silent}
	return &pair{t, start, newStation(t, n, "192.0.2.1/24", "2001:db8::1/64"), newStation(t, db, "192.0.2.2/24", "2001:db8::2/64")}, n
}

func TestConnectionsLearnThatAPathIsNarrower(t *testing.T) {
	for _, c := range []struct {
		to     string
		mtu    int
		silent bool
		mss    int // without timestamps
	}{
		{"192.0.2.2:80", 1400, false, 1360}, {"[2001:db8::2]:80", 1400, false, 1340}, {"192.0.2.2:80", 1100, true, 1006 - 40}, {"[2001:db8::2]:80", 1280, false, 1220},
	} {
		p, n := routed(t, c.mtu, c.silent)
		client, server := p.connect(c.to, nil)
		data := bytes.Repeat([]byte("0123456789abcdef!"), 3000)
		client.TryWrite(data)
		var got []byte
		for range 200 {
			p.poll()
			b := make([]byte, len(data))
			k, _ := server.TryRead(b)
			got = append(got, b[:k]...)
			p.now = p.now.Add(time.Millisecond)
		}
		if !bytes.Equal(got, data) {
			t.Fatalf("%+v: %d of %d bytes, %+v", c, len(got), len(data), client.Info())
		}
		if i := client.Info(); i.MSS != c.mss-12 || i.Timeouts != 0 || p.a.Stats().PathsNarrowed == 0 {
			t.Errorf("%+v: segments of %d bytes, %d timeouts", c, i.MSS, i.Timeouts)
		}
		before := n.drops
		again, _ := p.connect(netip.AddrPortFrom(client.RemoteAddr().Addr(), 81).String(), nil)
		if again.TryWrite(data); again.Info().MSS > c.mss || n.drops != before {
			t.Errorf("%+v: the next connection begins with segments of %d bytes", c, again.Info().MSS)
		}
	}
}

func TestDatagramsAreCutToThePath(t *testing.T) {
	p, n := routed(t, 1300, false)
	u, _ := p.a.openUDP(t, "0.0.0.0:0", PacketConfig{})
	v, _ := p.b.openUDP(t, "0.0.0.0:7", PacketConfig{})
	u.Connect(to("192.0.2.2:7").Remote)
	for range 2 { // of the first, what is too long is lost
		u.TrySend(fragData(3000))
		p.poll()
	}
	if got, _, err := v.Peek(); !bytes.Equal(got, fragData(3000)) || n.drops != 2 {
		t.Errorf("%d bytes, %v, %d packets were too long", len(got), err, n.drops)
	}
}

// A datagram over IPv6 that is longer than our own link leaves in fragments, and it is fragments that a router quotes.
func TestDatagramsOverIPv6AreCutToThePathWhoeverTheyAreFor_RFC8201_5_1(t *testing.T) {
	for _, size := range []int{1400, 3000} {
		for _, connected := range []bool{false, true} {
			p, n := routed(t, 1300, false)
			u, _ := p.a.openUDP(t, "[::]:0", PacketConfig{})
			v, _ := p.b.openUDP(t, "[::]:7", PacketConfig{})
			there := to("[2001:db8::2]:7")
			if connected {
				u.Connect(there.Remote)
			}
			for range 2 { // the first is lost
				u.TrySendTo(fragData(size), there)
				p.poll()
			}
			if got, _, err := v.Peek(); !bytes.Equal(got, fragData(size)) || v.in.Len() != 1 {
				t.Errorf("%d bytes, connected %v: %d arrived, %v, %d packets were too long", size, connected, len(got), err, n.drops)
			}
		}
	}
}

func TestSocketsThatTalkToAnybodyLearnOfPathsOnlyWhatMayBe(t *testing.T) {
	for name, c := range map[string]struct {
		to      netip.Addr
		port    uint16
		dont    bool
		learned bool
	}{
		"IPv6": {peer6, 5, false, true}, "IPv4 that may not be cut": {peer4, 5, true, true}, "IPv4, which routers cut": {peer4, 5, false, false}, "a port that nobody has": {peer6, 6, false, false},
	} {
		r := newRig(t, phy.MediumIP, Limits{})
		u, _ := r.openUDP(t, "[::]:5", PacketConfig{DontFragment: c.dont})
		other, _ := r.openUDP(t, "[::]:6", PacketConfig{DontFragment: c.dont})
		sender := map[uint16]*UDPSocket{5: u, 6: other}[c.port]
		kind, code := uint8(icmp6PacketTooBig), uint8(0)
		if c.to.Is4() {
			kind, code = icmp4Unreachable, icmp4FragNeeded
		}
		r.about(func() {
			sender.TrySendTo(fragData(1400), Meta{Remote: netip.AddrPortFrom(c.to, 9)})
			r.poll()
			other.Close()
		}, kind, code, 1300)
		if got := r.PathMTU(c.to) == 1300; got != c.learned || u.Readable() {
			t.Errorf("%s: MTU %d, told %v", name, r.PathMTU(c.to), u.Readable())
		}
	}
}

func TestPathsAreNotBelievedNarrowerThanTheyCanBe_RFC8201_4(t *testing.T) {
	for _, c := range []struct {
		to   netip.Addr
		says uint16
		want int
	}{
		{peer6, 0, 1500}, {peer6, 68, 1500}, {peer6, 1279, 1500}, {peer6, 1280, 1280}, {peer6, 1499, 1499}, {peer6, 1500, 1500}, {peer6, 65535, 1500},
		{peer4, 1, leastPathMTU}, {peer4, 68, leastPathMTU}, {peer4, 551, leastPathMTU}, {peer4, 1499, 1499}, {peer4, 1500, 1500}, {peer4, 65535, 1500},
		{peer4, 0, 1006}, // which does not say (RFC 1191 §5)
	} {
		r := newRig(t, phy.MediumIP, Limits{})
		u, _ := r.openUDP(t, "[::]:5", PacketConfig{DontFragment: true})
		u.Connect(netip.AddrPortFrom(c.to, 9))
		kind, code := uint8(icmp6PacketTooBig), uint8(0)
		if c.to.Is4() {
			kind, code = icmp4Unreachable, icmp4FragNeeded
		}
		r.about(func() { u.TrySend(fragData(1400)) }, kind, code, c.says)
		if got := r.PathMTU(c.to); got != c.want {
			t.Errorf("%v, %d said: %d, wanted %d", c.to, c.says, got, c.want)
		}
	}
}

// Whoever sees none of our packets can't make them shorter (RFC 5927).
func TestPathsAreNotNarrowedByStrangers(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, s := p.connect("192.0.2.2:80", nil)
	c.TryWrite([]byte("delivered"))
	p.poll()
	s.Discard(9)
	r := &rig{station: p.a, t: t, now: p.now, wire: p.b.dev}
	tell := func(seq uint32, port uint16, mtu uint16) {
		quoted := ip4(layers.IPProtocolTCP)
		quoted.SrcIP, quoted.DstIP = parseIP("192.0.2.1"), parseIP("192.0.2.2")
		seg := &layers.TCP{SrcPort: layers.TCPPort(port), DstPort: 80, Seq: seq}
		seg.SetNetworkLayerForChecksum(quoted)
		ip := ip4(layers.IPProtocolICMPv4)
		ip.SrcIP, ip.DstIP = parseIP("203.0.113.1"), parseIP("192.0.2.1")
		r.put(r.frame(ip, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 4), Seq: mtu}, gopacket.Payload(r.frame(quoted, seg)[:28])))
	}
	mss := c.Info().MSS
	for k := range uint32(50) {
		tell(k<<26, c.LocalAddr().Port(), 600) // nothing is outstanding
		tell(k<<26, c.LocalAddr().Port()+1, 600)
	}
	if c.Info().MSS != mss || len(p.a.paths) != 0 {
		t.Errorf("segments of %d bytes, %d paths", c.Info().MSS, len(p.a.paths))
	}
}

func TestWhatIsKnownOfPathsIsBoundedAndForgotten(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{Paths: 10})
	r.poll()
	for k := range 100 {
		r.notePath(netip.AddrFrom4([4]byte{10, 0, 0, byte(k)}), 1000)
	}
	if len(r.paths) != 10 || r.pathMTUTo(netip.MustParseAddr("10.0.0.99")) != 1000 {
		t.Errorf("%d paths", len(r.paths))
	}
	r.now = r.now.Add(pathMTULife)
	r.poll()
	if got := r.pathMTUTo(netip.MustParseAddr("10.0.0.99")); got != 1500 || len(r.paths) != 9 {
		t.Errorf("MTU %d after its time, %d paths", got, len(r.paths))
	}
	for length, want := range map[int]int{1500: 1492, 1492: 1006, 600: 552, 100: 552, 65535: 32000} {
		if got := plateauBelow(length); got != want {
			t.Errorf("below %d: %d", length, got)
		}
	}
}
