package set

import (
	"errors"
	"io"
	"testing"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

func TestWrongPinsFailAtBothEndsAndLeaveNothing(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	w.listen(ListenConfig{})
	cfg := w.clientConfig()
	cfg.Trust = x509lite.Pin(w.client.Leaf)
	h, err := w.sa.Connect(port1, cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.poll()
	c, _ := w.sa.Get(h)
	if c.State() != tlssock.StateFailed || !errors.Is(c.Err(), x509lite.ErrNotPinned) {
		t.Fatal(c.State(), c.Err())
	}
	var alert *tlssock.AlertError
	if len(w.failed) != 1 || !errors.As(w.failed[0], &alert) || !alert.FromPeer {
		t.Fatalf("the server's reason: %v", w.failed)
	}
	w.sa.Remove(h)
	w.sleep(5 * time.Minute)
	if n := w.a.Stats().Conns + w.b.Stats().Conns; n != 0 {
		t.Fatalf("%d connections left", n)
	}
	if n := w.a.Pool().Out() + w.b.Pool().Out(); n != 0 {
		t.Fatalf("%d bytes left", n)
	}
}

func TestHandshakeTimesOut(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{HandshakeTimeout: 5 * time.Second})
	w.listen(ListenConfig{})
	tcps := NewTCP(w.a, Limits{})
	h, err := tcps.Connect(port1, nil) // connects and never says anything
	if err != nil {
		t.Fatal(err)
	}
	w.sleep(4 * time.Second)
	if len(w.failed) != 0 {
		t.Fatalf("too early: %v", w.failed)
	}
	w.sleep(2 * time.Second)
	if len(w.failed) != 1 || !errors.Is(w.failed[0], ErrHandshakeTimeout) {
		t.Fatalf("%v", w.failed)
	}
	s, _ := tcps.Get(h)
	if !s.PeerClosed() && s.Err() == nil {
		t.Fatal("the silent client was not told")
	}
}

func TestLingeringEndsInTime(t *testing.T) {
	w := newTLSWorld(t, Limits{Linger: 2 * time.Second}, Limits{})
	ch, sh := w.connect(w.listen(ListenConfig{}), nil)
	c, _ := w.sockets(ch, sh)
	t.Log("# the client's buffer is full, nobody reads, it closes and is removed")
	for {
		if _, err := c.TryWrite(make([]byte, 10_000)); err != nil {
			break
		}
	}
	w.poll()
	for {
		if _, err := c.TryWrite(make([]byte, 10_000)); err != nil {
			break
		}
	}
	c.Close()
	w.sa.Remove(ch)
	w.sleep(time.Second)
	if w.sa.Lingering() != 1 {
		t.Fatalf("%d linger", w.sa.Lingering())
	}
	w.sleep(2 * time.Second)
	if w.sa.Lingering() != 0 || w.a.Stats().Conns != 0 {
		t.Fatalf("%d linger, %d connections", w.sa.Lingering(), w.a.Stats().Conns)
	}
}

// A peer that acknowledges nothing keeps what was removed for a while: how many such there are has a bound, and the
// oldest makes way.
func TestThoseThatLingerAreBounded(t *testing.T) {
	w := newTLSWorld(t, Limits{Lingering: 3}, Limits{})
	l := w.listen(ListenConfig{})
	var clients, servers []Handle
	for range 5 {
		ch, sh := w.connect(l, nil)
		clients, servers = append(clients, ch), append(servers, sh)
	}
	for _, ch := range clients {
		c, _ := w.sa.Get(ch)
		c.Close()
		w.sa.Remove(ch) // and no poll between
	}
	if n := w.sa.Lingering(); n != 3 {
		t.Fatalf("%d linger", n)
	}
	w.poll()
	for i, sh := range servers {
		s, _ := w.sb.Get(sh)
		if _, err := s.TryRead(make([]byte, 1)); (err == io.EOF) != (i >= 2) {
			t.Errorf("connection %d ended with %v", i, err)
		}
	}
	if n := w.sa.Lingering(); n != 0 {
		t.Errorf("%d linger, though the peer has all of it", n)
	}
}
