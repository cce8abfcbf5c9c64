package set

import (
	"testing"
	"time"

	"smoltls/tlssock"
)

// newGuardedWorld is newFarWorld whose server asks its guard later.
func newGuardedWorld(t *testing.T, timeout time.Duration) (*tlsWorld, ListenerHandle, *tlssock.Config) {
	t.Helper()
	w, _, client := newFarWorld(t, ListenConfig{})
	w.sb.limits.GuardTimeout = timeout
	server := w.serverConfig()
	server.MaxEarlyData, server.ReplayGuard = 1000, tlssock.GuardLater(tlssock.NewReplayGuard(w.now, 0, 0))
	lh, err := w.sb.Listen(port2, ListenConfig{TLS: server, AcceptEarly: true})
	if err != nil {
		t.Fatal(err)
	}
	// A session with this server, whose ticket keys are its own.
	client.ClientSessionCache, client.ResendEarlyData = tlssock.NewLRUClientSessionCache(0), true
	h := w.mustConnect(port2, client)
	w.sleep(time.Second)
	first, ok := w.sb.Accept(lh)
	if !ok {
		t.Fatal("nobody to accept")
	}
	w.sa.Remove(h)
	w.sb.Remove(first)
	w.sleep(time.Second)
	return w, lh, client
}

// connectEarly connects with early data, and polls until the guard is asked.
func (w *tlsWorld) connectEarly(cfg *tlssock.Config) (Handle, *tlssock.Pending) {
	w.t.Helper()
	h := w.mustConnect(port2, cfg)
	c, _ := w.sa.Get(h)
	sent := false
	for range 1000 {
		if !sent {
			n, _ := c.TryWriteEarly([]byte("GET /"))
			sent = n > 0
		}
		w.sleep(time.Millisecond)
		if list := asked(w.sb); len(list) == 1 {
			return h, list[0]
		}
	}
	w.t.Fatalf("the guard is not asked: %v", c.State())
	return h, nil
}

// took reads what the server has got of the one connection that is to be accepted.
func (w *tlsWorld) took(lh ListenerHandle) (got string, status tlssock.EarlyDataStatus) {
	w.t.Helper()
	h, ok := w.sb.Accept(lh)
	if !ok {
		w.t.Fatal("nobody to accept")
	}
	w.sleep(time.Second)
	s, _ := w.sb.Get(h)
	var buf [100]byte
	n, _ := s.TryRead(buf[:])
	return string(buf[:n]), s.ConnectionState().EarlyData
}

func TestAGuardsVerdictMayTakeAFewPolls(t *testing.T) {
	w, lh, cfg := newGuardedWorld(t, time.Second)
	_, q := w.connectEarly(cfg)
	if local, _, ok := w.sb.PendingAddrs(q); !ok || local != port2 {
		t.Errorf("asked for %v", local)
	}
	w.sleep(100 * time.Millisecond)
	if err := w.sb.Deliver(q, q.Judge()); err != nil {
		t.Fatal(err)
	}
	w.sleep(time.Second)
	if got, status := w.took(lh); got != "GET /" || status != tlssock.EarlyDataAccepted {
		t.Errorf("%q, %v", got, status)
	}
}

// When its time is over a handshake goes on without early data, and what the guard says then changes nothing.
func TestAGuardThatTakesTooLongCostsTheEarlyDataAndNothingElse(t *testing.T) {
	const timeout = 700 * time.Millisecond
	w, lh, cfg := newGuardedWorld(t, timeout)
	h, q := w.connectEarly(cfg)
	asked := w.now
	for w.now.Before(asked.Add(timeout - 2*time.Millisecond)) {
		w.sleep(time.Millisecond)
		if at := PollAt(w.now, w.b, nil, w.sb); at.IsZero() || at.After(asked.Add(timeout)) {
			t.Fatalf("the next poll is at %v, the guard's time is over %v after the question", at.Sub(asked), timeout)
		}
	}
	if w.sb.Stats().EarlyDataRejected != 0 {
		t.Fatal("given up too early")
	}
	w.sleep(time.Second)
	if err := w.sb.Deliver(q, q.Judge()); err != tlssock.ErrNotPending {
		t.Errorf("an answer that is late: %v", err)
	}
	if got, status := w.took(lh); got != "GET /" || status != tlssock.EarlyDataUndecided {
		t.Errorf("%q, %v", got, status)
	}
	if c, _ := w.sa.Get(h); c.State() != tlssock.StateEstablished || c.ConnectionState().EarlyData != tlssock.EarlyDataDeclined {
		t.Errorf("client: %v, early data %v", c.State(), c.ConnectionState().EarlyData)
	}
	if len(w.failed) > 0 {
		t.Error(w.failed)
	}
}

func TestWithoutAGuardTimeoutTheHandshakesOwnCounts(t *testing.T) {
	w, _, cfg := newGuardedWorld(t, -1)
	w.connectEarly(cfg)
	w.sleep(DefaultHandshakeTimeout - 2*time.Second)
	if s := w.sb.Stats(); s.EarlyDataRejected != 0 || s.HandshakesFailed != 0 || len(w.sb.guarded) != 0 {
		t.Errorf("%d rejected, %d failed", s.EarlyDataRejected, s.HandshakesFailed)
	}
	w.sleep(5 * time.Second)
	if s := w.sb.Stats(); s.HandshakesFailed != 1 {
		t.Errorf("%d failed", s.HandshakesFailed)
	}
}

// Of the questions those that were answered are forgotten, though the first of all is open.
func TestTheListOfQuestionsToAGuardIsBounded(t *testing.T) {
	w, lh, cfg := newGuardedWorld(t, time.Second)
	_, open := w.connectEarly(cfg)
	for range 1000 {
		w.sb.noteGuarded(&tlssock.Pending{Kind: tlssock.PendingEarlyData}) // nobody waits for it any more
	}
	if n := len(w.sb.guarded); n > 2*minPruned || w.sb.guarded[0].p != open {
		t.Errorf("%d questions are kept, one is open", n)
	}
	w.sleep(2 * time.Second)
	if _, status := w.took(lh); status != tlssock.EarlyDataUndecided || w.sb.guarded != nil {
		t.Errorf("%v; %d questions are kept", status, len(w.sb.guarded))
	}
}
