package tlssock

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"smoltls/tcp"
)

// newEarlyLine is a line whose client has a session for early data, with TCP established on both sides and nothing of
// TLS carried.
func newEarlyLine(t testing.TB, change ...func(client, server *Config)) *line {
	t.Helper()
	first := newLine(t, nil, append([]func(c, s *Config){func(c, s *Config) {
		c.ClientSessionCache, c.EnableEarlyData, s.MaxEarlyData = NewLRUClientSessionCache(0), true, 40_000
		c.Limits.EarlyData = 1 << 20
	}}, change...)...)
	first.connect()
	return first.again()
}

// again is another connection of the same configurations.
func (w *line) again() *line {
	w.t.Helper()
	n := &line{t: w.t, env: w.env, c: &tcpEnd{}, s: &tcpEnd{}}
	n.c.tcp.Init(&n.tcpEnv, n.c, nil)
	n.s.tcp.Init(&n.tcpEnv, n.s, nil)
	n.l.Init(&n.tcpEnv, tcp.ListenConfig{})
	if err := errors.Join(n.c.tls.Init(n.env, &n.c.tcp, w.c.tls.eng.cfg, RoleClient), n.s.tls.Init(n.env, &n.s.tcp, w.s.tls.eng.cfg, RoleServer)); err != nil {
		w.t.Fatal(err)
	}
	if err := n.c.tcp.Connect(n.now, 1001, 443, 1, 1460); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestSocketSendsEarlyDataBehindItsHello(t *testing.T) {
	w := newEarlyLine(t)
	c, s := &w.c.tls, &w.s.tls
	if _, err := c.TryWriteEarly([]byte("x")); err != ErrWouldBlock {
		t.Fatalf("before TCP stands: %v", err)
	}
	t.Log("# SYN, SYN-ACK: the client can write early data, and is told so")
	w.carry(w.c, w.s)
	w.carry(w.s, w.c)
	if !c.Advance() || c.State() != StateHandshaking || c.readiness()&earlyWritable == 0 {
		t.Fatal("not told")
	}
	if n, err := c.TryWriteEarly([]byte("GET /")); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	t.Log("# one flight: the server has it")
	w.carry(w.c, w.s)
	if !s.Advance() || s.State() != StateHandshaking {
		t.Fatal("not told")
	}
	if _, err := s.TryRead(make([]byte, 9)); err != ErrWouldBlock {
		t.Fatalf("TryRead gives what may be a replay: %v", err)
	}
	buf := make([]byte, 100)
	if n, err := s.TryReadEarly(buf); string(buf[:n]) != "GET /" || err != nil {
		t.Fatal(n, err)
	}
	if _, err := s.TryReadEarly(buf); err != ErrWouldBlock {
		t.Fatal(err)
	}
	if n, err := s.TryWriteEarly([]byte("200")); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	t.Log("# one flight back: the client has the answer")
	w.carry(w.s, w.c)
	c.Advance()
	if n, err := c.TryRead(buf); string(buf[:n]) != "200" || err != nil {
		t.Fatal(n, err)
	}
	w.run()
	for _, e := range []*Socket{c, s} {
		if e.State() != StateEstablished || e.ConnectionState().EarlyData != EarlyDataAccepted {
			t.Error(e.State(), e.Err())
		}
		if _, err := e.TryWriteEarly(buf); err != ErrNoEarlyData {
			t.Error(err)
		}
		if _, err := e.TryReadEarly(buf); err != ErrNoEarlyData {
			t.Error(err)
		}
	}
}

// As much early data as is allowed, then the rest when the handshake is over: the reader sees one stream.
func TestSocketGivesEarlyDataFirst(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 6000)
	for _, peek := range []bool{false, true} {
		w := newEarlyLine(t)
		c, s := &w.c.tls, &w.s.tls
		w.carry(w.c, w.s)
		w.carry(w.s, w.c)
		c.Advance()
		n, err := c.TryWriteEarly(data)
		if n != 40_000 || err != ErrNoEarlyData {
			t.Fatal(n, err)
		}
		w.run()
		if !s.Readable() {
			t.Error("early data is not readable")
		}
		m, err := c.TryWrite(data[n:])
		if m != len(data)-n || err != nil {
			t.Fatal(m, err)
		}
		var got []byte
		buf := make([]byte, 7000)
		for len(got) < len(data) {
			w.run()
			if peek {
				p, err := s.Peek()
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, p[:min(len(p), 7000)]...)
				s.Discard(min(len(p), 7000))
				continue
			}
			n, err := s.TryRead(buf)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, buf[:n]...)
		}
		if !bytes.Equal(got, data) || s.eng.EarlyBuffered() != 0 {
			t.Error("other data")
		}
		c.Close()
		w.run()
		if _, err := s.TryRead(buf); err != io.EOF {
			t.Error(err)
		}
	}
}

func TestSocketTellsOnceThatEarlyDataIsLost(t *testing.T) {
	for _, resend := range []bool{false, true} {
		w := newEarlyLine(t, func(c, s *Config) { c.ResendEarlyData = resend })
		w.s.tls.eng.cfg.SetSessionTicketKeys([][32]byte{{9}})
		c, s := &w.c.tls, &w.s.tls
		w.carry(w.c, w.s)
		w.carry(w.s, w.c)
		c.Advance()
		if n, err := c.TryWriteEarly([]byte("early ")); n != 6 || err != nil {
			t.Fatal(n, err)
		}
		w.run()
		n, err := c.TryWrite([]byte("late"))
		if lost := err == ErrEarlyDataRejected; lost == resend || lost && n != 0 {
			t.Fatalf("resend %v: %v", resend, err)
		}
		if !resend {
			if n, err = c.TryWrite([]byte("early late")); n != 10 || err != nil {
				t.Fatal(n, err)
			}
		}
		w.run()
		buf := make([]byte, 100)
		if n, err := s.TryRead(buf); string(buf[:n]) != "early late" || err != nil {
			t.Errorf("resend %v: %q, %v", resend, buf[:n], err)
		}
	}
}

func TestSocketWithoutEarlyDataSaysSo(t *testing.T) {
	w := newLine(t, nil)
	w.carry(w.c, w.s)
	w.carry(w.s, w.c)
	w.c.tls.Advance()
	if _, err := w.c.tls.TryWriteEarly([]byte("x")); err != ErrNoEarlyData {
		t.Error(err)
	}
	if _, err := w.c.tls.TryReadEarly(make([]byte, 1)); err != ErrNoEarlyData {
		t.Error(err)
	}
	w.connect()
	w.c.tls.Close()
	if _, err := w.c.tls.TryWriteEarly([]byte("x")); err != ErrClosed {
		t.Error(err)
	}
}

// Early data that nobody has read is there when the handshake ends by an answer of the application's, too.
func TestSocketGivesEarlyDataAfterAnAnswer(t *testing.T) {
	verify := func(ConnectionState) error { return nil }
	w := newEarlyLine(t, func(c, s *Config) {
		s.VerifyConnection = func(cs ConnectionState) error { return verify(cs) }
		c.VerifyConnection = s.VerifyConnection
	})
	verify = func(ConnectionState) error { return ErrPending }
	c, s := &w.c.tls, &w.s.tls
	w.carry(w.c, w.s)
	w.carry(w.s, w.c)
	c.Advance()
	if n, err := c.TryWriteEarly([]byte("early ")); n != 6 || err != nil {
		t.Fatal(n, err)
	}
	w.run()
	for _, e := range []*Socket{c, s} {
		if n, err := c.TryWriteEarly([]byte("more ")); e == c && (n != 5 || err != nil) {
			t.Fatal(n, err)
		}
		w.run()
		q := e.Engine().Pending()
		if q == nil || q.Kind != PendingVerification {
			t.Fatalf("%v waits for %+v: %v", e.Engine().Role(), q, e.Err())
		}
		if err := e.Deliver(q, Answer{}); err != nil {
			t.Fatal(err)
		}
		w.run()
	}
	if !s.Readable() {
		t.Error("not readable")
	}
	buf := make([]byte, 100)
	if n, err := s.TryRead(buf); string(buf[:n]) != "early more " || err != nil {
		t.Errorf("%q, %v", buf[:n], err)
	}
}

// Discard takes only what Peek has shown: early data that is held until the handshake is over is not part of it.
func TestDiscardLeavesEarlyDataThatWasNotShown(t *testing.T) {
	for _, n := range []int{0, 5} {
		w := newEarlyLine(t)
		c, s := &w.c.tls, &w.s.tls
		w.carry(w.c, w.s)
		w.carry(w.s, w.c)
		c.Advance()
		if _, err := c.TryWriteEarly([]byte("GET /")); err != nil {
			t.Fatal(err)
		}
		w.carry(w.c, w.s)
		s.Advance()
		if _, err := s.Peek(); err != ErrWouldBlock || s.eng.EarlyBuffered() != 5 {
			t.Fatalf("%v, %d bytes held", err, s.eng.EarlyBuffered())
		}
		if got := s.Discard(n); got != 0 {
			t.Errorf("Discard(%d) gives %d", n, got)
		}
		w.run()
		var buf [9]byte
		if got, err := s.TryRead(buf[:]); string(buf[:got]) != "GET /" {
			t.Errorf("after Discard(%d): %q, %v", n, buf[:got], err)
		}
	}
}
