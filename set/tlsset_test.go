package set

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
	"smoltls/tlssock"
)

func TestMutualHandshakeEchoAndCleanEnd(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	l := w.listen(ListenConfig{})
	ch, sh := w.connect(l, nil)
	c, s := w.sockets(ch, sh)
	if c.State() != tlssock.StateEstablished || s.State() != tlssock.StateEstablished {
		t.Fatalf("%v %v", c.State(), s.State())
	}
	if got := s.ConnectionState().PeerCertificates; len(got) != 1 || !bytes.Equal(got[0].Raw, w.client.Leaf.Raw) {
		t.Fatal("the server does not know the client's certificate")
	}

	t.Log("# what is written leaves with the next poll, and the reader is told")
	for range w.sb.Ready() {
	}
	if n, err := c.TryWrite([]byte("hello")); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	w.poll()
	told := false
	for h := range w.sb.Ready() {
		told = told || h == sh
	}
	if !told {
		t.Fatal("the reader was not told")
	}
	buf := make([]byte, 100)
	if n, err := s.TryRead(buf); err != nil || string(buf[:n]) != "hello" {
		t.Fatalf("%q %v", buf[:n], err)
	}

	t.Log("# half-close: the client ends its direction, the server still writes")
	c.CloseWrite()
	w.poll()
	if _, err := s.TryRead(buf); err != io.EOF {
		t.Fatal(err)
	}
	if _, err := s.TryWrite([]byte("bye")); err != nil {
		t.Fatal(err)
	}
	s.Close()
	w.poll()
	if n, err := c.TryRead(buf); err != nil || string(buf[:n]) != "bye" {
		t.Fatalf("%q %v", buf[:n], err)
	}
	if _, err := c.TryRead(buf); err != io.EOF {
		t.Fatal(err)
	}
	if c.State() != tlssock.StateClosed || s.State() != tlssock.StateClosed || c.Err() != nil || s.Err() != nil {
		t.Fatalf("%v %v, %v %v", c.State(), c.Err(), s.State(), s.Err())
	}
	w.sa.Remove(ch)
	w.sb.Remove(sh)
	w.sleep(3 * time.Minute)
	if n := w.a.Stats().Conns + w.b.Stats().Conns; n != 0 {
		t.Fatalf("%d connections left", n)
	}
	if n := w.a.Pool().Out() + w.b.Pool().Out(); n != 0 {
		t.Fatalf("%d bytes left", n)
	}
	if w.sa.Lingering()+w.sb.Lingering() != 0 {
		t.Fatal("somebody lingers")
	}
}

// pattern is byte i of a stream.
func pattern(i int) byte { return byte(i) ^ byte(i>>8)*5 ^ byte(i>>16)*3 }

// transfer sends n bytes from one socket to the other and checks them. Reads and writes are of many sizes, by all the
// ways there are.
func (w *tlsWorld) transfer(from, to *tlssock.Socket, n int, seed uint64) {
	w.t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	sent, got := 0, 0
	check := func(p []byte) {
		for k := range p {
			if p[k] != pattern(got+k) {
				w.t.Fatalf("byte %d differs", got+k)
			}
		}
		got += len(p)
	}
	buf := make([]byte, 40_000)
	for idle := 0; got < n; {
		before := got
		for sent < n {
			m := w.write(from, r, buf, sent, n)
			if m == 0 {
				break
			}
			sent += m
		}
		w.poll()
		for {
			if r.IntN(2) == 0 {
				m, err := to.TryRead(buf[:1+r.IntN(len(buf))])
				if err != nil {
					w.wouldBlock(err)
					break
				}
				check(buf[:m])
				continue
			}
			p, err := to.Peek()
			if err != nil {
				w.wouldBlock(err)
				break
			}
			p = p[:1+r.IntN(len(p))]
			check(p)
			to.Discard(len(p))
		}
		if idle++; got > before {
			idle = 0
		} else if idle > 50 {
			w.t.Fatalf("stuck: %d sent, %d received, %+v / %+v", sent, got, from.Transport().Info(), to.Transport().Info())
		} else {
			w.sleep(100 * time.Millisecond)
		}
	}
}

func (w *tlsWorld) wouldBlock(err error) {
	w.t.Helper()
	if !errors.Is(err, tlssock.ErrWouldBlock) {
		w.t.Fatal(err)
	}
}

// write writes something at offset sent of n, in one of the ways there are.
func (w *tlsWorld) write(from *tlssock.Socket, r *rand.Rand, buf []byte, sent, n int) int {
	size := min(1+r.IntN(len(buf)), n-sent)
	if r.IntN(2) == 0 {
		for k := range size {
			buf[k] = pattern(sent + k)
		}
		m, err := from.TryWrite(buf[:size])
		if err != nil {
			w.wouldBlock(err)
		}
		return m
	}
	b, err := from.AvailableBuffer(1 + r.IntN(2000))
	if err != nil {
		w.wouldBlock(err)
		return 0
	}
	size = min(size, cap(b))
	b = b[:size]
	for k := range b {
		b[k] = pattern(sent + k)
	}
	if err := from.Commit(size); err != nil {
		w.t.Fatal(err)
	}
	return size
}

// SaiTLS: a partial record, or one that wraps around the ring, panics; a record too large for the caller's slice is
// lost; 1 KiB send limit.
func TestRecordsThatArePartialOrWrapOrAreLargerThanTheReadersSlice(t *testing.T) {
	for seed := range uint64(20) {
		w := newTLSWorld(t, Limits{}, Limits{})
		cfg := &tcp.Config{SendBuffer: 20_000 + int(seed)*997, RecvBuffer: 18_300 + int(seed)*1501}
		l := w.listen(ListenConfig{TCP: tcp.ListenConfig{Config: cfg}})
		c, s := w.sockets(w.connect(l, cfg))
		w.transfer(c, s, 300_000, seed)
		w.transfer(s, c, 300_000, seed+1000)
	}
}

// embedded-tls: data written and never flushed.
func TestWrittenDataLeavesWithTheNextPoll(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	c, s := w.sockets(w.connect(w.listen(ListenConfig{}), nil))
	buf := make([]byte, 10)
	for k := range 100 {
		c.TryWrite([]byte{byte(k)})
		Poll(w.now, w.a, nil, w.sa)
		Poll(w.now, w.b, nil, w.sb)
		if n, err := s.TryRead(buf); n != 1 || err != nil || buf[0] != byte(k) {
			t.Fatalf("byte %d: %d %v", k, n, err)
		}
	}
}

// SaiTLS: polling one TLS socket resets the segments of the next.
func TestPollingOneSocketLeavesTheOthersAlone(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	l := w.listen(ListenConfig{})
	type conn struct{ c, s *tlssock.Socket }
	var conns []conn
	for range 20 {
		c, s := w.sockets(w.connect(l, nil))
		conns = append(conns, conn{c, s})
	}
	buf := make([]byte, 100)
	for round := range 10 {
		for k, n := range conns {
			n.c.TryWrite([]byte{byte(k), byte(round)})
			n.s.TryWrite([]byte{byte(round), byte(k)})
		}
		w.poll()
		for k, n := range conns {
			if m, err := n.s.TryRead(buf); m != 2 || err != nil || buf[0] != byte(k) || buf[1] != byte(round) {
				t.Fatalf("connection %d: %d bytes, %v", k, m, err)
			}
			if m, err := n.c.TryRead(buf); m != 2 || err != nil || buf[0] != byte(round) || buf[1] != byte(k) {
				t.Fatalf("connection %d, back: %d bytes, %v", k, m, err)
			}
		}
	}
}

func TestTruncatedStreamIsAnErrorNeverAnEnd(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	c, s := w.sockets(w.connect(w.listen(ListenConfig{}), nil))
	c.TryWrite([]byte("part"))
	w.poll()
	c.Transport().CloseWrite() // FIN without close_notify, as somebody on the way would do it
	w.poll()
	buf := make([]byte, 10)
	if n, err := s.TryRead(buf); n != 4 || err != nil {
		t.Fatal(n, err)
	}
	_, err := s.TryRead(buf)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("%v, want io.ErrUnexpectedEOF", err)
	}
	if s.State() != tlssock.StateFailed || !errors.Is(s.Err(), io.ErrUnexpectedEOF) {
		t.Fatal(s.State(), s.Err())
	}
}

func TestBulkAcrossABadLink(t *testing.T) {
	w := newTLSWorldBad(t, 7)
	c, s := w.sockets(w.connectBad())
	w.transfer(c, s, 200_000, 3)
}

// newTLSWorldBad joins the stations by a link that loses, alters, doubles and reorders.
func newTLSWorldBad(t testing.TB, seed uint64) *tlsWorld {
	w := newTLSWorld(t, Limits{}, Limits{})
	da, db := phy.NewPipe(phy.PipeConfig{})
	bad := phy.Impairment{Drop: 0.1, Corrupt: 0.05, Duplicate: 0.05, Reorder: 0.1, Delay: time.Millisecond}
	w.a = newInterface(t, phy.Fault(da, phy.FaultConfig{Seed: seed, In: bad, Out: bad}), addrA, ifaceLimits)
	w.b = newInterface(t, db, addrB, ifaceLimits)
	w.sa, w.sb = NewTLS(w.a, Limits{}), NewTLS(w.b, Limits{})
	return w
}

func (w *tlsWorld) connectBad() (client, server Handle) {
	l := w.listen(ListenConfig{})
	client, err := w.sa.Connect(port1, w.clientConfig())
	if err != nil {
		w.t.Fatal(err)
	}
	for range 1000 {
		w.sleep(50 * time.Millisecond)
		if server, ok := w.sb.Accept(l); ok {
			return client, server
		}
	}
	w.t.Fatal("no connection")
	return
}

// A record of which the rest does not fit would wait for ever: the peer is told how long they may be (RFC 8449).
func TestRecordsFitTheReceiveBuffer(t *testing.T) {
	const maxRecord = 5 + 1<<14 + 256
	for _, mtu := range []int{1500, 9000} {
		w := newTLSWorldOn(t, phy.PipeConfig{MTU: mtu}, ifaceLimits, Limits{}, Limits{})
		enough := &tcp.Config{RecvBuffer: maxRecord + mtu, SendBuffer: 200_000}
		l := w.listen(ListenConfig{TCP: tcp.ListenConfig{Config: enough}})
		c, s := w.sockets(w.connect(l, enough))
		w.transfer(c, s, 500_000, 5)
		w.transfer(s, c, 500_000, 6)
		c, s = w.sockets(w.connect(l, &tcp.Config{RecvBuffer: 4000}))
		w.transfer(c, s, 50_000, 7)
		w.transfer(s, c, 50_000, 8)
	}
}

func TestStatsCountWhatTheSocketsDid(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	if got := w.sa.Stats(); got.HandshakesStarted != 0 {
		t.Errorf("%+v", got)
	}
	w.connect(w.listen(ListenConfig{}), nil)
	if a, b := w.sa.Stats(), w.sb.Stats(); a.HandshakesCompleted != 1 || b.HandshakesCompleted != 1 || a.RecordsOut == 0 || b.RecordsIn == 0 {
		t.Errorf("%+v, %+v", a, b)
	}
}
