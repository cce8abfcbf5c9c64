package tcp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"smoltls/internal/checksum"
)

// script plays the peer of one socket, line by line, on a virtual clock. Sequence numbers count from the initial ones
// of both sides; byte n of a stream is streamByte(n-1), which is checked both ways.
//
//	< S. 0(0) ack 1 win 9000 mss 1000     the peer's segment: flags, number(length), fields
//	> . 1(1000) ack 1                     what Emit must give next; only the fields that are named are compared, P only when it is named
//	> -                                   Emit must give nothing
//	+ 200ms                               the clock moves; timers on the way run
//	unpaced                               pacing holds nothing back from here on
//	write 3000 | read 100 | closewrite | close | abort | state ESTABLISHED | err reset
//
// Flags are S F R P U, E for ECE, W for CWR and . for ACK. Fields: ack, win, mss, wscale, ts VALUE ECHO, sackok, sack
// FROM-TO,FROM-TO, size (of a super-segment's parts; the peer's, too), nots, nowscale, nosack. In what is sent a ts
// VALUE or ECHO of _ is not compared.
type script struct {
	t        testing.TB
	now      Instant
	start    Instant
	env      Env
	sock     *end
	listener Listener
	iss, irs Seq
	written  int
	win      uint16 // the peer's, where a line names none
	read     int
	line     string
	last     Segment // what Emit gave last

	super Super // with a Limit, EmitSuper is asked instead of Emit
	buf   [70_000]byte
}

const scriptMSS = 1460

// zeros is entropy that has none.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// newScript makes a socket that is closed. The numbers wrap soon, as numbers may.
func newScript(t testing.TB, cfg *Config) *script {
	s := &script{t: t, now: 5e9, start: 5e9, win: 10000, sock: &end{}, iss: 0xfffffe00, irs: 0xffffff00}
	s.env.Rand = zeros{}
	s.sock.Init(&s.env, s.sock, cfg)
	s.listener.Init(&s.env, ListenConfig{Config: cfg})
	return s
}

// active begins an active open.
func (s *script) active() *script {
	if err := s.sock.Connect(s.now, 1000, 80, s.iss, scriptMSS); err != nil {
		s.t.Fatal(err)
	}
	return s
}

// passive takes a SYN of the peer, given as the rest of its line.
func (s *script) passive(fields string) *script {
	seg := s.parse("S 0(0) " + fields)
	if s.listener.Admit() != AdmitOpen {
		s.t.Fatal("not admitted")
	}
	if err := s.listener.Open(s.now, &s.sock.Socket, &seg, s.iss, scriptMSS); err != nil {
		s.t.Fatal(err)
	}
	return s
}

// established opens the connection to a peer with a segment size of 1000 and a window of 10000, without scale and
// timestamps.
func (s *script) established() *script {
	s.active()
	return s.run(`
		> S 0(0) mss 1460
		< S. 0(0) ack 1 win 10000 mss 1000
		> . 1(0) ack 1
		> -
		state ESTABLISHED`)
}

// sacking is established, with selective acknowledgements, over a path of 100 ms.
func (s *script) sacking() *script {
	s.active()
	s.win = 30000
	return s.run(`
		> S 0(0) sackok
		+ 100ms
		< S. 0(0) ack 1 win 30000 mss 1000 sackok
		> . 1(0) ack 1
		> -`)
}

func (s *script) failf(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("at %v, %q: %s (socket: %+v)", s.now.Sub(s.start), s.line, fmt.Sprintf(format, args...), s.sock.Info())
}

func (s *script) run(lines string) *script {
	s.t.Helper()
	for line := range strings.Lines(lines) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		if line = strings.TrimSpace(line); line != "" {
			s.line = line
			s.step(line)
		}
	}
	return s
}

func (s *script) step(line string) {
	s.t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "<":
		seg := s.parse(rest)
		s.sock.Process(s.now, &seg)
	case ">":
		s.expect(rest)
	case "+":
		d, err := time.ParseDuration(rest)
		if err != nil {
			s.failf("%v", err)
		}
		s.advance(d)
	case "state":
		if got := s.sock.State().String(); got != rest {
			s.failf("state is %s", got)
		}
	case "err":
		if err := s.sock.Err(); err == nil && rest != "none" || err != nil && !strings.Contains(err.Error(), rest) {
			s.failf("error is %v", err)
		}
	default:
		s.call(verb, rest)
	}
}

func (s *script) call(verb, rest string) {
	s.t.Helper()
	n, _ := strconv.Atoi(rest)
	switch verb {
	case "write":
		p := make([]byte, n)
		for i := range p {
			p[i] = streamByte(s.written + i)
		}
		m, err := s.sock.TryWrite(p)
		if m != n {
			s.failf("took %d: %v", m, err)
		}
		s.written += n
	case "read":
		p := make([]byte, n)
		m, err := s.sock.TryRead(p)
		if m != n {
			s.failf("read %d: %v", m, err)
		}
		for i := range p {
			if p[i] != streamByte(s.read+i) {
				s.failf("byte %d differs", s.read+i)
			}
		}
		s.read += n
	case "eof":
		if m, err := s.sock.TryRead(make([]byte, 1)); m != 0 || err != io.EOF {
			s.failf("read %d: %v", m, err)
		}
	case "unpaced":
		s.sock.sending().pacer.budget = maxBuffer
	case "closewrite":
		s.sock.CloseWrite()
	case "close":
		s.sock.Close()
	case "abort":
		s.sock.Abort()
	default:
		s.failf("no such step")
	}
}

// advance moves the clock, and runs each timer when it is due.
func (s *script) advance(d time.Duration) {
	to := s.now.Add(d)
	for i := 0; s.sock.Deadline() <= to; i++ {
		if i > 10000 {
			s.failf("a deadline that stays due")
		}
		s.now = max(s.now, s.sock.Deadline())
		s.sock.Expire(s.now)
		if s.sock.Deadline() <= s.now {
			return // Expire wants to be followed by Emit, at this time
		}
	}
	s.now = to
}

// parse makes a segment of the peer's.
func (s *script) parse(line string) Segment {
	f := strings.Fields(line)
	seq, n := s.number(f[1])
	seg := Segment{SrcPort: 80, DstPort: 1000, Flags: flagsOf(f[0]), Seq: s.irs.Add(seq), Window: s.win, Options: Options{WScale: -1}}
	seg.Payload = make([]byte, n)
	for i := range seg.Payload {
		seg.Payload[i] = streamByte(seq - 1 + i)
	}
	for i := 2; i < len(f); i++ {
		v := 0
		if i+1 < len(f) {
			v, _ = strconv.Atoi(f[i+1])
		}
		switch f[i] {
		case "ack":
			seg.Ack = s.iss.Add(v)
		case "win":
			seg.Window = uint16(v)
		case "mss":
			seg.MSS = uint16(v)
		case "wscale":
			seg.WScale = int8(v)
		case "ts":
			e, _ := strconv.Atoi(f[i+2])
			seg.HasTS, seg.TSVal, seg.TSEcr = true, uint32(v), uint32(e)
			i++
		case "size":
			seg.Size = v
		case "sackok":
			seg.SACKPermitted = true
			i--
		case "ecn":
			seg.Flags |= ECE | CWR
			i--
		case "ce":
			seg.CE = true
			i--
		case "sack":
			seg.SACK = s.blocks(s.iss, f[i+1])
		default:
			s.failf("no such field: %s", f[i])
		}
		i++
	}
	return seg
}

// blocks makes the value of a SACK option.
func (s *script) blocks(base Seq, list string) (v []byte) {
	for b := range strings.SplitSeq(list, ",") {
		var from, to int
		if _, err := fmt.Sscanf(b, "%d-%d", &from, &to); err != nil {
			s.failf("%v", err)
		}
		v = binary.BigEndian.AppendUint32(v, uint32(base.Add(from)))
		v = binary.BigEndian.AppendUint32(v, uint32(base.Add(to)))
	}
	return v
}

// number splits "seq(length)".
func (s *script) number(f string) (seq, n int) {
	if _, err := fmt.Sscanf(f, "%d(%d)", &seq, &n); err != nil {
		s.failf("%v", err)
	}
	return seq, n
}

func flagsOf(names string) (f Flags) {
	for _, c := range names {
		f |= map[rune]Flags{'S': SYN, 'F': FIN, 'R': RST, 'P': PSH, '.': ACK, 'U': URG, 'E': ECE, 'W': CWR}[c]
	}
	return f
}

// expect compares what Emit gives next.
func (s *script) expect(want string) {
	s.t.Helper()
	buf := s.buf[:]
	const pseudo = 0x1234
	n := s.emit(pseudo)
	if n == 0 {
		if want != "-" {
			s.failf("nothing was sent")
		}
		return
	}
	got := &s.last
	if err := got.Parse(buf[:n]); err != nil {
		s.failf("%v", err)
	}
	sent := s.describe(got)
	if want == "-" {
		s.failf("sent %s", sent)
	}
	if checksum.Fold(checksum.Sum(buf[:n], pseudo+uint32(n))) != 0xffff {
		s.failf("wrong checksum in %s", sent)
	}
	f := strings.Fields(want)
	flags := flagsOf(f[0])
	seq, length := s.number(f[1])
	if got.Flags&^PSH != flags&^PSH || flags&PSH != 0 && got.Flags&PSH == 0 || got.Seq != s.iss.Add(seq) || len(got.Payload) != length {
		s.failf("sent %s", sent)
	}
	for i, c := range got.Payload {
		if c != streamByte(seq-1+i) {
			s.failf("byte %d of %s differs", i, sent)
		}
	}
	s.expectFields(f[2:], got, sent)
}

// emit lets the socket emit into buf. Of a super-segment it fetches the payload, and completes the checksum.
func (s *script) emit(pseudo uint32) int {
	if s.super.Limit == 0 {
		return s.sock.Emit(s.now, s.buf[:2000], pseudo)
	}
	n := s.sock.EmitSuper(s.now, s.buf[:2000], pseudo, &s.super)
	if x := &s.super; x.HeaderLen > 0 {
		s.sock.PayloadTo(x, 0, s.buf[x.HeaderLen:n])
		if want := checksum.Fold(pseudo + uint32(n)); binary.BigEndian.Uint16(s.buf[16:]) != want {
			s.failf("the partial checksum is %x, not %x", binary.BigEndian.Uint16(s.buf[16:]), want)
		}
		binary.BigEndian.PutUint16(s.buf[16:], ^checksum.Fold(checksum.Sum(s.buf[:n], 0)))
	}
	return n
}

func (s *script) expectFields(f []string, got *Segment, sent string) {
	s.t.Helper()
	same := func(word string, v int64) bool { return word == "_" || word == strconv.FormatInt(v, 10) }
	for i := 0; i < len(f); i++ {
		ok := false
		switch f[i] {
		case "ack":
			ok = got.Flags&ACK != 0 && same(f[i+1], int64(got.Ack.Sub(s.irs)))
			i++
		case "win":
			ok = same(f[i+1], int64(got.Window))
			i++
		case "mss":
			ok = same(f[i+1], int64(got.MSS))
			i++
		case "wscale":
			ok = same(f[i+1], int64(got.WScale))
			i++
		case "nowscale":
			ok = got.WScale == -1
		case "sackok":
			ok = got.SACKPermitted
		case "ect":
			ok = s.sock.Traffic()&3 == ect0
		case "noect":
			ok = s.sock.Traffic()&3 == 0
		case "nosack":
			ok = !got.SACKPermitted && got.SACK == nil
		case "sack":
			ok = bytes.Equal(got.SACK, s.blocks(s.irs, f[i+1]))
			i++
		case "nots":
			ok = !got.HasTS
		case "size":
			ok = same(f[i+1], int64(s.super.SegmentSize)) && s.super.Payload == len(got.Payload)
			i++
		case "ts":
			ok = got.HasTS && same(f[i+1], int64(got.TSVal)) && same(f[i+2], int64(got.TSEcr))
			i += 2
		}
		if !ok {
			s.failf("%s of %s", f[i], sent)
		}
	}
}

func (s *script) describe(g *Segment) string {
	told := ""
	for i := range len(g.SACK) / 8 {
		b := sackBlock(g.SACK, i)
		told += fmt.Sprintf(" %d-%d", b.from.Sub(s.irs), b.to.Sub(s.irs))
	}
	return fmt.Sprintf("%v %d(%d) ack %d win %d mss %d wscale %d ts %v %d %d sack%s", g.Flags, g.Seq.Sub(s.iss), len(g.Payload), g.Ack.Sub(s.irs), g.Window,
		g.MSS, g.WScale, g.HasTS, g.TSVal, g.TSEcr, told)
}

// drain takes whatever Emit gives, and gives the number of segments.
func (s *script) drain() int {
	var buf [2000]byte
	n := 0
	for s.sock.Emit(s.now, buf[:], 0) > 0 {
		if n++; n > 100000 {
			s.failf("Emit never ends")
		}
	}
	return n
}
