package simnet

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
)

// What a slow processor can do: so many frames in, and out, in one turn of its loop. A connection that has it for
// itself is limited by that and nothing else.
const (
	floodTurn   = time.Millisecond
	floodBudget = 20
	floodFrames = 8 // of a flood in each turn: what is left is not much more than half
)

// slow is a node that is polled once a turn, whatever waits for it.
type slow struct {
	Node
	w    *World
	next time.Time
}

func (s *slow) PollAt(now time.Time) time.Time {
	at := s.Node.PollAt(now)
	if !at.IsZero() && at.Before(s.next) {
		return s.next
	}
	return at
}

func (s *slow) Poll(now time.Time) (bool, error) {
	s.next = now.Add(floodTurn)
	return s.Node.Poll(now)
}

// flooder sends frames of a kind, in every turn, to the victim.
type flooder struct {
	w       *World
	port    *Port
	rng     *rand.Rand
	make    func(f *flooder) []byte
	next    time.Time
	sent    uint64
	hear    func(b []byte)
	answer  []byte         // goes first
	victims netip.AddrPort // where the connection comes from that is served meanwhile
}

// PollAt implements Node.
func (f *flooder) PollAt(now time.Time) time.Time {
	if at := f.port.PollAt(); !at.IsZero() {
		return at
	}
	return f.next
}

// Poll implements Node.
func (f *flooder) Poll(now time.Time) (worked bool, err error) {
	for b, err := f.port.Receive(now); b != nil || err != nil; b, err = f.port.Receive(now) {
		if err != nil {
			return worked, err
		}
		if worked = true; f.hear != nil {
			f.hear(b)
		}
	}
	if f.next.After(now) {
		return worked, nil
	}
	f.next = now.Add(floodTurn)
	for range floodFrames {
		b := f.answer
		if f.answer = nil; b == nil {
			b = f.make(f)
		}
		f.sent++
		if err := transmit(f.port, now, b); err != nil {
			return true, err
		}
	}
	return true, nil
}

var (
	floodMAC   = [6]byte{2, 0, 0, 0, 0, 0xee}
	victimMAC  = [6]byte{2, 0, 0, 0, 0, 1}
	victimAddr = netip.MustParseAddr("10.0.0.1")
	clientAddr = netip.MustParseAddr("10.0.0.2")
	attacker   = netip.MustParseAddr("10.0.0.238")
)

// packet builds a frame to the victim.
func (f *flooder) packet(src netip.Addr, proto layers.IPProtocol, change func(ip *layers.IPv4), ls ...gopacket.SerializableLayer) []byte {
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: proto, SrcIP: src.AsSlice(), DstIP: victimAddr.AsSlice()}
	if change != nil {
		change(ip)
	}
	if t, ok := ls[0].(*layers.TCP); ok {
		t.SetNetworkLayerForChecksum(ip)
	}
	buf := gopacket.NewSerializeBuffer()
	eth := &layers.Ethernet{SrcMAC: floodMAC[:], DstMAC: victimMAC[:], EthernetType: layers.EthernetTypeIPv4}
	all := append([]gopacket.SerializableLayer{eth, ip}, ls...)
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// anybody is an address on the victim's link.
func (f *flooder) anybody() netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(1 + f.rng.IntN(250)), byte(f.rng.IntN(256)), byte(f.rng.IntN(256))})
}

func (f *flooder) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(f.rng.Uint32())
	}
	return b
}

// garbage is random from some header on.
func garbage(f *flooder) []byte {
	b := f.packet(f.anybody(), pick(f.rng, layers.IPProtocolTCP, layers.IPProtocolUDP, layers.IPProtocolICMPv4, 200), nil, gopacket.Payload(f.bytes(20+f.rng.IntN(1400))))
	copy(b[pick(f.rng, 12, 14, 20, 34):], f.bytes(30))
	copy(b, victimMAC[:])
	return b
}

func aSYN(f *flooder) []byte {
	return f.packet(f.anybody(), layers.IPProtocolTCP, nil, &layers.TCP{
		SrcPort: layers.TCPPort(1 + f.rng.IntN(65535)), DstPort: 443, Seq: f.rng.Uint32(), SYN: true, Window: 60000,
	})
}

// aFragment begins a datagram that never ends.
func aFragment(f *flooder) []byte {
	return f.packet(f.anybody(), layers.IPProtocolUDP, func(ip *layers.IPv4) {
		ip.Id, ip.Flags, ip.FragOffset = uint16(f.rng.Uint32()), layers.IPv4MoreFragments, uint16(f.rng.IntN(100))
	}, gopacket.Payload(f.bytes(1400)))
}

// aGuess pretends to be part of the connection that is served, by who knows everything of it but the numbers.
func aGuess(f *flooder) []byte {
	t := &layers.TCP{SrcPort: layers.TCPPort(f.victims.Port()), DstPort: 443, Seq: f.rng.Uint32(), Ack: f.rng.Uint32(), Window: uint16(f.rng.Uint32())}
	t.SYN, t.ACK, t.RST, t.FIN = f.rng.IntN(4) == 0, f.rng.IntN(4) > 0, f.rng.IntN(4) == 0, f.rng.IntN(8) == 0
	return f.packet(clientAddr, layers.IPProtocolTCP, nil, t, gopacket.Payload(f.bytes(f.rng.IntN(100))))
}

// tinySegments are every other byte of a connection's window, one to a segment, out of order for ever. Nobody reads.
// When the window is used up another connection is opened.
func tinySegments(f *flooder) func(f *flooder) []byte {
	port, at, ack := layers.TCPPort(2000), uint32(0), uint32(0)
	f.hear = func(b []byte) {
		p := gopacket.NewPacket(b, layers.LayerTypeEthernet, gopacket.Default)
		if a, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP); ok && a.Operation == layers.ARPRequest && netip.AddrFrom4([4]byte(a.DstProtAddress)) == attacker {
			f.answer = arpReply()
		}
		if t, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP); ok && t.SYN && t.DstPort == port {
			at, ack = 1001, t.Seq+1
		}
	}
	return func(f *flooder) []byte {
		t := &layers.TCP{SrcPort: port, DstPort: 81, Seq: 1000, Window: 60000}
		switch {
		case at == 0:
			t.SYN = true
			return f.packet(attacker, layers.IPProtocolTCP, nil, t)
		case at == 1001:
			at, t.ACK, t.Seq, t.Ack = 1003, true, 1001, ack
			return f.packet(attacker, layers.IPProtocolTCP, nil, t)
		}
		t.ACK, t.Seq, t.Ack = true, at, ack
		if at += 2; at > 60_000 {
			port, at = port+1, 0
		}
		return f.packet(attacker, layers.IPProtocolTCP, nil, t, gopacket.Payload{1})
	}
}

// arpReply tells the victim where the attacker is.
func arpReply() []byte {
	buf := gopacket.NewSerializeBuffer()
	gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true},
		&layers.Ethernet{SrcMAC: floodMAC[:], DstMAC: victimMAC[:], EthernetType: layers.EthernetTypeARP},
		&layers.ARP{AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4, Operation: layers.ARPReply,
			SourceHwAddress: floodMAC[:], SourceProtAddress: attacker.AsSlice(), DstHwAddress: victimMAC[:], DstProtAddress: victimAddr.AsSlice()})
	return buf.Bytes()
}

// besieged is a victim that serves one TLS connection while a flood comes.
type besieged struct {
	*Lab
	victim *Station
	flood  *flooder
	flow   *Flow
	worst  int // bytes of buffers
	conns  int
}

const floodBuffer = 256 << 10

func newBesieged(kind func(f *flooder) func(f *flooder) []byte, download bool) (b *besieged, err error) {
	b = &besieged{Lab: NewLab(1)}
	s := b.Switch(false)
	var ends [2]*Station
	for i, addr := range []netip.Addr{victimAddr, clientAddr} {
		p := b.Port(PortConfig{Medium: phy.MediumEthernet, Queue: 256})
		s.Plug(p, Path{Delay: time.Millisecond}, Path{Delay: time.Millisecond})
		c := StationConfig{Name: addr.String(), Device: p, Addrs: []netip.Prefix{netip.PrefixFrom(addr, 8)}}
		if i == 0 {
			c.Budget = set.Budget{Frames: floodBudget}
		}
		if ends[i], err = b.Station(c); err != nil {
			return nil, err
		}
	}
	b.victim = ends[0]
	b.nodes[0].Node = &slow{Node: b.victim, w: b.World}
	client, server, err := b.MutualTLS(nil)
	if err != nil {
		return nil, err
	}
	cfg := &tcp.Config{SendBuffer: floodBuffer, RecvBuffer: floodBuffer}
	if _, err := b.victim.Listen(443, server, tcp.ListenConfig{Config: cfg}); err != nil {
		return nil, err
	}
	deaf, err := b.victim.Listen(81, nil, tcp.ListenConfig{AcceptQueue: floodAccept, Config: cfg})
	if err != nil {
		return nil, err
	}
	deaf.Deaf = true
	c := FlowConfig{To: netip.AddrPortFrom(victimAddr, 443), TCP: cfg, TLS: client, Client: Script{{Write: 1 << 50}}, Server: Script{{Read: ToEOF}}}
	if download {
		c.Client, c.Server = c.Server, c.Client
	}
	if b.flow, err = b.Open(ends[1], c); err != nil || kind == nil {
		return b, err
	}
	b.flood = &flooder{w: b.World, port: b.Port(PortConfig{}), rng: b.Rand(), next: b.Now().Add(floodFrom)}
	b.flood.make = kind(b.flood)
	for addrs := range b.byAddr {
		b.flood.victims = addrs[0]
	}
	s.Plug(b.flood.port, Path{}, Path{Delay: time.Millisecond})
	b.Add(b.flood)
	return b, nil
}

const (
	floodFrom = time.Second // when the connection is open
	floodTime = 2 * time.Second
)

// serve lets the connection go on under the flood, and gives how many bytes came through meanwhile.
func (b *besieged) serve(download bool) (int64, error) {
	count := func() int64 {
		if download {
			return b.flow.Client.Received
		}
		return b.flow.Server.Received
	}
	var before, after int64
	b.After(floodFrom+100*time.Millisecond, func() { before = count() })
	b.After(floodFrom+100*time.Millisecond+floodTime, func() { after = count() })
	err := b.Run(time.Minute, func() bool {
		b.worst, b.conns = max(b.worst, b.victim.Iface.Pool().Out()), max(b.conns, b.victim.Iface.Stats().Conns)
		return after > 0 || b.anyEnded()
	})
	if err == nil && after == 0 {
		err = b.fail(ErrLate)
	}
	return after - before, err
}

// sieges are kinds of floods, and how many of their frames the victim's counters explain.
var sieges = []struct {
	name      string
	kind      func(f *flooder) func(f *flooder) []byte
	explained func(st iface.Stats) uint64
}{
	{"garbage", always(garbage), func(st iface.Stats) (n uint64) {
		for _, d := range st.Drops {
			n += d
		}
		return n
	}},
	{"SYNs", always(aSYN), func(st iface.Stats) uint64 { return st.TCP.SYNCookies + st.TCP.PassiveOpens }},
	{"fragments", always(aFragment), func(st iface.Stats) uint64 { return st.FragmentsPushedOut }},
	{"guesses", always(aGuess), func(st iface.Stats) uint64 {
		return st.TCP.DropNotAcceptable + st.TCP.DropBadACK + st.TCP.DropNoTimestamp + st.TCP.DropPAWS
	}},
	{"tiny segments", tinySegments, func(st iface.Stats) uint64 { return st.TCP.OutOfOrder + st.TCP.DropAcceptQueueFull }},
}

func always(make func(f *flooder) []byte) func(f *flooder) func(f *flooder) []byte {
	return func(*flooder) func(f *flooder) []byte { return make }
}

// What a victim may hold: a queue of connections that nobody answers for, those that nobody accepts with their buffers,
// and its own.
const (
	floodConns  = tcp.DefaultSYNQueue + floodAccept + 2
	floodMemory = (floodAccept + 3) * 2 * floodBuffer
	floodAccept = 4
)

func TestAFloodLeavesAConnectionHalfOfItsSpeed(t *testing.T) {
	for _, download := range []bool{false, true} {
		alone, err := newBesieged(nil, download)
		if err != nil {
			t.Fatal(err)
		}
		free, err := alone.serve(download)
		if err != nil {
			t.Fatal(err)
		}
		if least := int64(floodBudget) * int64(floodTime/floodTurn) * 1000; free < least {
			t.Fatalf("without a flood %d bytes come through, at least %d are due", free, least)
		}
		for _, c := range sieges {
			t.Run(fmt.Sprintf("%s, download %v", c.name, download), func(t *testing.T) {
				b, err := newBesieged(c.kind, download)
				if err != nil {
					t.Fatal(err)
				}
				got, err := b.serve(download)
				if err != nil {
					t.Fatal(err)
				}
				st, quiet := b.victim.Iface.Stats(), alone.victim.Iface.Stats()
				t.Logf("%.2f of its speed, %d bytes of buffers, %d connections, %d of %d frames explained", float64(got)/float64(free), b.worst, b.conns,
					c.explained(st), b.flood.sent)
				if got < free/2 {
					t.Errorf("%d bytes came through, %d without a flood", got, free)
				}
				if b.worst > floodMemory || b.conns > floodConns {
					t.Errorf("%d bytes of buffers, at most %d; %d connections, at most %d", b.worst, floodMemory, b.conns, floodConns)
				}
				if n := c.explained(st); n < b.flood.sent*9/10 {
					t.Errorf("of %d frames the counters explain %d: %v %+v", b.flood.sent, n, st.Drops, st.TCP)
				}
				if st.FramesOut > quiet.FramesOut+b.flood.sent*11/10 || st.SocketVisits > 2*(quiet.SocketVisits+b.flood.sent) {
					t.Errorf("%d frames are answered by %d, and %d looks at connections", b.flood.sent, st.FramesOut-quiet.FramesOut, st.SocketVisits)
				}
			})
		}
	}
}
