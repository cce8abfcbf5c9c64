package drill

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"smoltls/internal/checksum"
	"smoltls/tcp"
)

// peer makes and reads the packets of somebody at the other end of a world's wire.
type peer struct {
	t      *testing.T
	w      *World
	remote netip.AddrPort
	local  netip.AddrPort
	seq    tcp.Seq // what it sends next
	ack    tcp.Seq // what it has heard
}

func newPeer(t *testing.T, cfg Config) *peer {
	t.Helper()
	w, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return &peer{t: t, w: w, seq: 1000, remote: netip.MustParseAddrPort("192.0.2.1:4000"), local: netip.MustParseAddrPort("192.168.0.1:8080")}
}

// packet makes one of TCP over IPv4.
func (p *peer) packet(flags tcp.Flags, options, payload []byte) []byte {
	const ip, header = 20, 20
	b := make([]byte, ip+header, ip+header+len(options)+len(payload))
	b = append(append(b, options...), payload...)
	b[0], b[8], b[9] = 0x45, 64, 6
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	src, dst := p.remote.Addr().As4(), p.local.Addr().As4()
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	binary.BigEndian.PutUint16(b[10:], ^checksum.Fold(checksum.Sum(b[:ip], 0)))
	s := b[ip:]
	binary.BigEndian.PutUint16(s, p.remote.Port())
	binary.BigEndian.PutUint16(s[2:], p.local.Port())
	binary.BigEndian.PutUint32(s[4:], uint32(p.seq))
	if flags.Has(tcp.ACK) {
		binary.BigEndian.PutUint32(s[8:], uint32(p.ack))
	}
	s[12], s[13] = byte((header+len(options))/4<<4), byte(flags)
	binary.BigEndian.PutUint16(s[14:], 50000)
	binary.BigEndian.PutUint16(s[16:], ^checksum.Fold(checksum.PseudoV4(src, dst, 6, len(s))+checksum.Sum(s, 0)))
	return b
}

// send gives the world a segment.
func (p *peer) send(flags tcp.Flags, payload string) {
	p.w.Inject(p.packet(flags, nil, []byte(payload)))
	p.seq = p.seq.Add(len(payload))
	if flags&(tcp.SYN|tcp.FIN) != 0 {
		p.seq++
	}
}

// expect takes the next packet that leaves, which must have the flags, PSH aside, and the payload.
func (p *peer) expect(flags tcp.Flags, payload string) (at time.Time) {
	p.t.Helper()
	b, at, ok := p.w.Receive()
	if !ok {
		p.t.Fatal("nothing will leave")
	}
	var seg tcp.Segment
	if err := seg.Parse(b[20:]); err != nil {
		p.t.Fatal(err)
	}
	if seg.Flags&^tcp.PSH != flags || string(seg.Payload) != payload {
		p.t.Fatalf("%v with %q left, want %v with %q", seg.Flags, seg.Payload, flags, payload)
	}
	p.ack = seg.Seq.Add(seg.Len())
	return at
}

// listener gives a descriptor that listens.
func (p *peer) listener() int {
	p.t.Helper()
	fd, errno := p.w.Socket(AFInet, SockStream, ProtoTCP)
	p.must(errno)
	p.must(p.w.Bind(fd, sockaddr(AFInet, p.local)))
	p.must(p.w.Listen(fd, 1))
	return fd
}

// accepted opens a connection to a listener, and gives its descriptor.
func (p *peer) accepted() int {
	p.t.Helper()
	l := p.listener()
	p.send(tcp.SYN, "")
	p.expect(tcp.SYN|tcp.ACK, "")
	p.send(tcp.ACK, "")
	fd, from, errno := p.w.Accept(l, MovesClock)
	p.must(errno)
	if a, _ := parseSockaddr(from); a != p.remote {
		p.t.Fatalf("accepted from %v", a)
	}
	return fd
}

func (p *peer) must(errno Errno) {
	p.t.Helper()
	if errno != 0 {
		p.t.Fatalf("errno %d", errno)
	}
}

// is compares an error number with the one that is right.
func (p *peer) is(got, want Errno) {
	p.t.Helper()
	if got != want {
		p.t.Fatalf("errno %d, want %d", got, want)
	}
}
