package tlssock

import (
	"errors"
	"io"
	"testing"
	"time"

	"smoltls/tcp"
)

// tcpEnd is one end of a wire: a TCP socket with a TLS socket over it.
type tcpEnd struct {
	tcp tcp.Socket
	tls Socket
}

// Wake and Notify implement tcp.Host: the wire below polls everybody anyway.
func (*tcpEnd) Wake()   {}
func (*tcpEnd) Notify() {}

// line joins a client and a server by TCP, segment by segment, on a clock that the test moves.
type line struct {
	t      testing.TB
	now    tcp.Instant
	tcpEnv tcp.Env
	env    *Env
	c, s   *tcpEnd
	l      tcp.Listener
	buf    [2000]byte
	seg    tcp.Segment
}

// newLine makes a mutual pair over TCP sockets under cfg; nothing has been sent yet.
func newLine(t testing.TB, cfg *tcp.Config, change ...func(client, server *Config)) *line {
	t.Helper()
	p := newPair(t, change...) // its configurations are what counts here
	w := &line{t: t, env: &Env{Now: epoch}, c: &tcpEnd{}, s: &tcpEnd{}}
	w.c.tcp.Init(&w.tcpEnv, w.c, cfg)
	w.s.tcp.Init(&w.tcpEnv, w.s, cfg)
	w.l.Init(&w.tcpEnv, tcp.ListenConfig{Config: cfg})
	if err := w.c.tls.Init(w.env, &w.c.tcp, p.clientCfg, RoleClient); err != nil {
		t.Fatal(err)
	}
	if err := w.s.tls.Init(w.env, &w.s.tcp, p.serverCfg, RoleServer); err != nil {
		t.Fatal(err)
	}
	if err := w.c.tcp.Connect(w.now, 1000, 443, 1, 1460); err != nil {
		t.Fatal(err)
	}
	return w
}

// carry takes what one end sends to the other, and reports whether there was something.
func (w *line) carry(from, to *tcpEnd) bool {
	some := false
	seg := &w.seg
	for n := from.tcp.Emit(w.now, w.buf[:], 0); n > 0; n = from.tcp.Emit(w.now, w.buf[:], 0) {
		some = true
		if err := seg.Parse(w.buf[:n]); err != nil {
			w.t.Fatal(err)
		}
		if to.tcp.State() == tcp.StateClosed && seg.Flags.Has(tcp.SYN) {
			w.l.Open(w.now, &to.tcp, seg, 5000, 1460)
			continue
		}
		to.tcp.Process(w.now, seg)
	}
	w.l.Accept()
	return some
}

// run lets both ends do all they can at this moment.
func (w *line) run() {
	w.t.Helper()
	for range 100_000 {
		a, b := w.carry(w.c, w.s), w.carry(w.s, w.c)
		w.s.tls.Advance()
		w.c.tls.Advance()
		if !a && !b {
			return
		}
	}
	w.t.Fatal("no rest")
}

// sleep moves the clock d on, timer by timer.
func (w *line) sleep(d time.Duration) {
	end := w.now.Add(d)
	for w.now < end {
		w.run()
		w.now = max(w.now, min(end, w.c.tcp.Deadline(), w.s.tcp.Deadline()))
		w.c.tcp.Expire(w.now)
		w.s.tcp.Expire(w.now)
	}
	w.run()
}

func (w *line) connect() (c, s *Socket) {
	w.t.Helper()
	w.run()
	c, s = &w.c.tls, &w.s.tls
	if c.State() != StateEstablished || s.State() != StateEstablished {
		w.t.Fatalf("%v %v, %v %v", c.State(), c.Err(), s.State(), s.Err())
	}
	return c, s
}

func TestSocketStatesFromConnectingToClosed(t *testing.T) {
	w := newLine(t, nil)
	c, s := &w.c.tls, &w.s.tls
	if c.State() != StateConnecting || s.State() != StateConnecting {
		t.Fatalf("%v %v", c.State(), s.State())
	}
	t.Log("# nothing can be read or written yet")
	if _, err := c.TryWrite([]byte("x")); err != ErrWouldBlock {
		t.Fatal(err)
	}
	if _, err := c.TryRead(make([]byte, 1)); err != ErrWouldBlock {
		t.Fatal(err)
	}
	w.carry(w.c, w.s) // SYN
	w.carry(w.s, w.c) // SYN+ACK
	c.Advance()
	if c.State() != StateHandshaking {
		t.Fatalf("%v", c.State())
	}
	w.connect()
	c.Close()
	c.Close()
	if c.State() != StateClosing {
		t.Fatalf("%v", c.State())
	}
	if _, err := c.TryWrite([]byte("x")); err != ErrClosed {
		t.Fatal(err)
	}
	w.run()
	if _, err := s.TryRead(make([]byte, 1)); err != io.EOF {
		t.Fatal(err)
	}
	s.Close()
	w.run()
	if c.State() != StateClosed || s.State() != StateClosed || c.Err() != nil || s.Err() != nil || !s.Finished() {
		t.Fatalf("%v %v, %v %v", c.State(), c.Err(), s.State(), s.Err())
	}
	for st := StateConnecting; st <= StateFailed; st++ {
		if st.String() == "" || st.String() == SocketState(99).String() {
			t.Errorf("state %d has no name", st)
		}
	}
}

func TestTransportFailureIsToldWithItsReason(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	c.Abort()
	c.Abort()
	w.run()
	if !errors.Is(s.Err(), tcp.ErrReset) || !errors.Is(c.Err(), tcp.ErrAborted) {
		t.Fatalf("%v, %v", c.Err(), s.Err())
	}
	var te *TransportError
	if !errors.As(s.Err(), &te) || s.State() != StateFailed || !s.Finished() {
		t.Fatal(s.Err(), s.State())
	}
	if _, err := s.TryRead(make([]byte, 1)); !errors.Is(err, tcp.ErrReset) {
		t.Fatal(err)
	}
	if _, err := s.TryWrite([]byte("x")); !errors.Is(err, tcp.ErrReset) {
		t.Fatal(err)
	}
}

func TestRefusedConnectionFails(t *testing.T) {
	w := newLine(t, nil)
	var buf [100]byte
	n := w.c.tcp.Emit(w.now, buf[:], 0)
	var syn, rst tcp.Segment
	syn.Parse(buf[:n])
	n = tcp.Reset(&syn, buf[:], 0)
	rst.Parse(buf[:n])
	w.c.tcp.Process(w.now, &rst)
	if !w.c.tls.Advance() || !errors.Is(w.c.tls.Err(), tcp.ErrRefused) {
		t.Fatal(w.c.tls.Err())
	}
}

// SaiTLS: KeyUpdate, tickets and alerts after the handshake are dropped.
func TestAlertAfterTheHandshakeIsHeardWithoutAReader(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	c.Engine().fail(fault(AlertInternalError, errors.New("something broke")))
	c.flush()
	w.run()
	var alert *AlertError
	if !errors.As(s.Err(), &alert) || !alert.FromPeer || alert.Alert != AlertInternalError {
		t.Fatal(s.Err())
	}
}

func TestKeyUpdatesInBothDirectionsDuringATransfer(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	buf := make([]byte, 100_000)
	for k := range 50 {
		if err := c.KeyUpdate(k%2 == 0); err != nil {
			t.Fatal(err)
		}
		if err := s.KeyUpdate(k%3 == 0); err != nil {
			t.Fatal(err)
		}
		for _, e := range [][2]*Socket{{c, s}, {s, c}} {
			if n, err := e[0].TryWrite(make([]byte, 3000)); n != 3000 || err != nil {
				t.Fatal(n, err)
			}
		}
		w.run()
		for _, e := range []*Socket{c, s} {
			if n, err := e.TryRead(buf); n != 3000 || err != nil {
				t.Fatalf("round %d: %d %v", k, n, err)
			}
		}
	}
	if w.env.Stats.KeyUpdatesIn < 100 {
		t.Fatalf("%d key updates", w.env.Stats.KeyUpdatesIn)
	}
}

// A connection that is half-closed before there is one is over at once, not only when the peer says something next.
func TestCloseWriteWithinTheHandshakeEndsTheSocket(t *testing.T) {
	w := newLine(t, nil)
	w.carry(w.c, w.s)
	w.carry(w.s, w.c)
	c, s := &w.c.tls, &w.s.tls
	if c.Advance(); c.State() != StateHandshaking {
		t.Fatal(c.State())
	}
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if c.State() != StateFailed || !errors.Is(c.Err(), ErrCanceled) {
		t.Errorf("%v, %v", c.State(), c.Err())
	}
	if _, err := c.TryRead(make([]byte, 1)); !errors.Is(err, ErrCanceled) {
		t.Error(err)
	}
	w.run()
	if a := alertOf(s.Err()); a == nil || !a.FromPeer || a.Alert != AlertCloseNotify {
		t.Errorf("the peer: %v", s.Err())
	}
}

func TestASocketFailsForAReason(t *testing.T) {
	reason := errors.New("too slow")
	for _, c := range []struct{ err, want error }{{reason, reason}, {nil, ErrClosed}} {
		w := newLine(t, nil)
		s, _ := w.connect()
		s.Fail(c.err)
		if _, err := s.TryRead(make([]byte, 1)); s.State() != StateFailed || !errors.Is(s.Err(), c.want) || !errors.Is(err, c.want) {
			t.Errorf("%v: %v, %v", c.err, s.Err(), err)
		}
	}
}

func TestWhatIsNotTLSFailsWithAnAlert(t *testing.T) {
	w := newLine(t, nil)
	w.carry(w.c, w.s)
	w.carry(w.s, w.c)
	w.c.tcp.TryWrite([]byte("GET / HTTP/1.1\r\n\r\n"))
	w.carry(w.c, w.s)
	w.s.tls.Advance()
	if w.s.tls.Err() == nil || w.s.tls.State() != StateFailed {
		t.Fatal("accepted")
	}
	w.carry(w.s, w.c)
	b := w.c.tcp.Peek()
	if len(b) != 7 || b[0] != 21 {
		t.Fatalf("% x, want an alert record", b)
	}
}

func TestSleepingSocketHoldsNothingAndWakes(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	w.sleep(time.Second)
	if n := w.tcpEnv.Pool.Out(); n != 0 {
		t.Fatalf("%d bytes are held by idle connections", n)
	}
	c.TryWrite([]byte("held"))
	w.run()
	if s.Sleep() {
		t.Fatal("slept over data that nobody has read")
	}
	if !c.Sleep() {
		t.Fatal("nothing is held, but it does not sleep")
	}
	s.TryWrite([]byte("back"))
	w.run()
	buf := make([]byte, 10)
	if n, err := c.TryRead(buf); string(buf[:n]) != "back" {
		t.Fatal(err)
	}
}
