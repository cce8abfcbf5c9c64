package iface

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/phy"
	"smoltls/tcp"
)

const allOffload = phy.OffloadChecksum | phy.OffloadTSO4 | phy.OffloadTSO6 | phy.OffloadECN

// newOffloadPair is newPair over a wire with offload, of which a takes only what aTakes has; 0: none.
func newOffloadPair(t testing.TB, m phy.Medium, aTakes phy.Offload) *pair {
	da, db := phy.NewPipe(phy.PipeConfig{Medium: m, Offload: allOffload})
	return &pair{t, start, newStation(t, limited{da, aTakes}, "192.0.2.1/24", "2001:db8::1/64"), newStation(t, db, "192.0.2.2/24", "2001:db8::2/64")}
}

// limited is an end of which less is told than it can do.
type limited struct {
	*phy.PipeEnd
	o phy.Offload
}

func (l limited) Offload() phy.Offload { return l.o }

// push writes data at one end and reads at the other, until all is there.
func (p *pair) push(from, to *Conn, data []byte) {
	p.t.Helper()
	var got []byte
	buf := make([]byte, 1<<16)
	for sent := 0; len(got) < len(data); {
		n, err := from.TryWrite(data[sent:])
		if err != nil && !errors.Is(err, tcp.ErrWouldBlock) {
			p.t.Fatal(err)
		}
		sent += n
		p.poll()
		for {
			n, err := to.TryRead(buf)
			if err != nil {
				break
			}
			got = append(got, buf[:n]...)
		}
		p.now = p.now.Add(time.Microsecond)
	}
	if !bytes.Equal(got, data) {
		p.t.Fatal("bytes differ")
	}
}

func TestBulkInSuperSegments(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef!"), 100_000)
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		for _, to := range []string{"192.0.2.2:80", "[2001:db8::2]:80"} {
			for _, aTakes := range []phy.Offload{0, phy.OffloadChecksum, allOffload} {
				p := newOffloadPair(t, m, aTakes)
				c, s := p.connect(to, &tcp.Config{SendBuffer: 512 << 10, RecvBuffer: 512 << 10})
				p.push(c, s, data)
				p.push(s, c, data)
				a, b := p.a.Stats(), p.b.Stats()
				if n := sum(a.Drops[:]) + sum(b.Drops[:]) + sum(b.OutDrops[:]) + a.TCP.Retransmits + b.TCP.Retransmits; n != 0 {
					t.Errorf("%v %s %b: %d frames dropped, or sent again", m, to, aTakes, n)
				}
				packets := uint64(len(data) / 1500)
				if aTakes == allOffload && (a.FramesOut > packets/5 || a.SupersOut == 0 || b.SupersIn != a.SupersOut) {
					t.Errorf("%v %s: %d frames, %d super-segments of which %d came", m, to, a.FramesOut, a.SupersOut, b.SupersIn)
				}
				if aTakes != allOffload && (a.SupersOut != 0 || a.FramesOut < packets || b.SupersOut == 0) {
					t.Errorf("%v %s %b: %d frames, %d super-segments", m, to, aTakes, a.FramesOut, a.SupersOut)
				}
				if a.TCP.SegmentsOut < packets || b.TCP.SegmentsOut < packets {
					t.Errorf("%v %s %b: %d and %d segments counted", m, to, aTakes, a.TCP.SegmentsOut, b.TCP.SegmentsOut)
				}
			}
		}
	}
}

// TestSuperSegmentsOfAVLAN: the tag stands before every packet.
func TestSuperSegmentsOfAVLAN(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{Offload: allOffload})
	p := &pair{t: t, now: start}
	for k, dev := range []phy.Device{da, limited{db, 0}} {
		i, err := New(Config{Device: dev, Rand: zeroRand{byte(k)}, VLAN: 7, VLANPriority: 3,
			Addrs: []netip.Prefix{netip.MustParsePrefix([]string{"192.0.2.1/24", "192.0.2.2/24"}[k])}})
		if err != nil {
			t.Fatal(err)
		}
		*[]**station{&p.a, &p.b}[k] = &station{i, make(map[*Conn]int)}
	}
	c, s := p.connect("192.0.2.2:80", nil)
	p.push(c, s, bytes.Repeat([]byte("tagged"), 50_000))
	if st := p.b.Stats(); sum(st.Drops[:]) != 0 || p.a.Stats().SupersOut == 0 {
		t.Errorf("%+v", st)
	}
}

// offloadRig is a rig whose frames carry information.
func offloadRig(t *testing.T, m phy.Medium) (*rig, func(frame []byte, info phy.FrameInfo)) {
	r := newRigOn(t, phy.PipeConfig{Medium: m, Offload: allOffload}, Limits{})
	return r, func(frame []byte, info phy.FrameInfo) {
		wire := r.wire.(phy.Offloader)
		copy(wire.BufferSuper(len(frame)), frame)
		if err := wire.SendSuper(r.now, len(frame), info); err != nil {
			t.Fatal(err)
		}
		r.poll()
	}
}

// TestOnlyWhatTheDeviceAnswersForIsBelieved: a packet with a wrong checksum is taken when it is partial or verified,
// and dropped otherwise.
func TestOnlyWhatTheDeviceAnswersForIsBelieved(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumIP, phy.MediumEthernet} {
		r, put := offloadRig(t, m)
		at := uint16(m.HeaderLen() + ipv4HeaderLen)
		frame := func() []byte {
			ls := []gopacket.SerializableLayer{eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), &layers.TCP{SrcPort: 4000, DstPort: 99, RST: true}}
			if m == phy.MediumIP {
				ls = ls[1:]
			}
			f := r.frame(ls...)
			f[at+tcpChecksumAt]++
			return f
		}
		r.dropped(DropChecksum, func() { put(frame(), phy.FrameInfo{}) })
		r.dropped(DropNoPort, func() { put(frame(), phy.FrameInfo{Checksum: phy.ChecksumVerified}) })
		r.dropped(DropNoPort, func() {
			put(frame(), phy.FrameInfo{Checksum: phy.ChecksumPartial, ChecksumStart: at, ChecksumOffset: tcpChecksumAt})
		})
		// A partial checksum of something else says nothing of TCP's.
		r.dropped(DropChecksum, func() {
			put(frame(), phy.FrameInfo{Checksum: phy.ChecksumPartial, ChecksumStart: at, ChecksumOffset: 0})
		})
		// Of a fragment, too: what it completes has a checksum of its own.
		body := frame()[at:]
		part := func(offset uint16, more layers.IPv4Flag, b []byte) []byte {
			ip := ip4(layers.IPProtocolTCP)
			ip.FragOffset, ip.Flags = offset, more
			ls := []gopacket.SerializableLayer{eth(layers.EthernetTypeIPv4), ip, gopacket.Payload(b)}
			return r.frame(ls[1-m.HeaderLen()/ethernetHeaderLen:]...)
		}
		put(part(0, layers.IPv4MoreFragments, body[:16]), phy.FrameInfo{Checksum: phy.ChecksumVerified})
		r.dropped(DropChecksum, func() { put(part(2, 0, body[16:]), phy.FrameInfo{Checksum: phy.ChecksumVerified}) })
	}
}

// TestUDPWithAPartialChecksumArrives, as the kernel sends it to an interface with offload.
func TestUDPWithAPartialChecksumArrives(t *testing.T) {
	r, put := offloadRig(t, phy.MediumIP)
	u, _ := r.openUDP(t, "[::]:7", PacketConfig{})
	f := r.frame(ip6(layers.IPProtocolUDP), &layers.UDP{SrcPort: 1, DstPort: 7}, gopacket.Payload("hello"))
	f[ipv6HeaderLen+udpChecksumAt]++
	put(f, phy.FrameInfo{Checksum: phy.ChecksumPartial, ChecksumStart: ipv6HeaderLen, ChecksumOffset: udpChecksumAt})
	if p, _, err := u.Peek(); string(p) != "hello" {
		t.Errorf("%q, %v", p, err)
	}
}

// TestAPartialChecksumBehindExtensionHeadersIsCompleted: what looks at the packet then finds an ordinary one.
func TestAPartialChecksumBehindExtensionHeadersIsCompleted(t *testing.T) {
	r, put := offloadRig(t, phy.MediumIP)
	u, _ := r.openUDP(t, "[::]:7", PacketConfig{})
	f := r.frame(ip6(layers.IPProtocolUDP), &layers.UDP{SrcPort: 1, DstPort: 7}, gopacket.Payload("hello!"))
	at := ipv6HeaderLen + udpChecksumAt
	whole := checksum.Fold(checksum.Sum(f[ipv6HeaderLen:], 0)) // with the checksum in it: the complement of the pseudo-header's sum
	f[at], f[at+1] = byte(^whole>>8), byte(^whole)
	const padding = "\x11\x00\x01\x04\x00\x00\x00\x00" // UDP follows; PadN
	f = append(f[:ipv6HeaderLen:ipv6HeaderLen], append([]byte(padding), f[ipv6HeaderLen:]...)...)
	f[5] += 8
	f[6] = protoDestination
	put(f, phy.FrameInfo{Checksum: phy.ChecksumPartial, ChecksumStart: ipv6HeaderLen + 8, ChecksumOffset: udpChecksumAt})
	if p, _, err := u.Peek(); string(p) != "hello!" {
		t.Errorf("%q, %v, %+v", p, err, r.Stats().Drops)
	}
}

// TestAFullDeviceHoldsSuperSegmentsBack: nothing is lost of a connection that waits for it.
func TestAFullDeviceHoldsSuperSegmentsBack(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP, Offload: allOffload, Queue: 1})
	p := &pair{t, start, newStation(t, da, "192.0.2.1/24"), newStation(t, db, "192.0.2.2/24")}
	c, s := p.connect("192.0.2.2:80", &tcp.Config{SendBuffer: 512 << 10, RecvBuffer: 512 << 10})
	p.push(c, s, bytes.Repeat([]byte("0123456789abcdef!"), 50_000))
	if st := p.a.Stats(); st.TCP.Retransmits != 0 || st.SupersOut == 0 {
		t.Errorf("%+v", st)
	}
}

// carry writes data at one end and reads it at the other, which has buf for it.
func (p *pair) carry(c, s *Conn, data, buf []byte) {
	c.TryWrite(data)
	for got := 0; got < len(data); {
		p.poll()
		n, _ := s.TryRead(buf)
		got += n
	}
	p.poll()
}

func TestSuperSegmentsAllocateNothing(t *testing.T) {
	p := newOffloadPair(t, phy.MediumEthernet, allOffload)
	c, s := p.connect("192.0.2.2:80", &tcp.Config{SendBuffer: 256 << 10, RecvBuffer: 256 << 10})
	data, buf := make([]byte, 128<<10), make([]byte, 256<<10)
	round := func() {
		p.carry(c, s, data, buf)
		p.now = p.now.Add(time.Microsecond)
	}
	for range 20 {
		round()
	}
	if n := testing.AllocsPerRun(50, round); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestSuperSegmentsThroughADeviceWithoutOffload: cut before it, and put together behind it.
func TestSuperSegmentsThroughADeviceWithoutOffload(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{Queue: 50})
	p := &pair{t, start, newStation(t, phy.SoftOffload(da), "192.0.2.1/24"), newStation(t, phy.SoftOffload(db), "192.0.2.2/24")}
	c, s := p.connect("192.0.2.2:80", &tcp.Config{SendBuffer: 512 << 10, RecvBuffer: 512 << 10})
	data := bytes.Repeat([]byte("0123456789abcdef!"), 50_000)
	p.push(c, s, data)
	p.push(s, c, data)
	a, b := p.a.Stats(), p.b.Stats()
	if a.SupersOut == 0 || a.SupersIn == 0 || b.SupersOut == 0 || b.SupersIn == 0 || sum(a.Drops[:])+sum(b.Drops[:])+a.TCP.Retransmits+b.TCP.Retransmits != 0 {
		t.Errorf("%+v\n%+v", a, b)
	}
}
