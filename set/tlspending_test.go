package set

import (
	"crypto/tls"
	"errors"
	"net/netip"
	"testing"
	"time"

	"smoltls/tlssock"
)

var port2 = netip.AddrPortFrom(addrB, 8443)

// listenLater makes a listener on port2 whose key signs later.
func (w *tlsWorld) listenLater() ListenerHandle {
	w.t.Helper()
	cfg := w.serverConfig()
	cfg.Certificates = []tls.Certificate{{Certificate: w.server.Chain, PrivateKey: tlssock.SignLater(w.server.Key)}}
	l, err := w.sb.Listen(port2, ListenConfig{TLS: cfg, HandshakeFailed: func(_ netip.AddrPort, err error) { w.failed = append(w.failed, err) }})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *tlsWorld) mustConnect(to netip.AddrPort, cfg *tlssock.Config) Handle {
	w.t.Helper()
	h, err := w.sa.Connect(to, cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

func asked(s *TLSSocketSet) (list []*tlssock.Pending) {
	for p := range s.Pending() {
		list = append(list, p)
	}
	return list
}

// one gives the one question that is new.
func (w *tlsWorld) one(s *TLSSocketSet) *tlssock.Pending {
	w.t.Helper()
	list := asked(s)
	if len(list) != 1 {
		w.t.Fatalf("%d questions", len(list))
	}
	return list[0]
}

// Of a hundred connections one waits for its signature. The others are established meanwhile and exchange data, and the
// loop sleeps.
func TestOneThatWaitsDelaysNobody(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	l, slow := w.listen(ListenConfig{}), w.listenLater()
	cfg := w.clientConfig()
	waits := w.mustConnect(port2, cfg)
	var others []Handle
	for range 99 {
		others = append(others, w.mustConnect(port1, cfg))
	}
	w.poll()
	q := w.one(w.sb)
	if q.Kind != tlssock.PendingSignature || q.Role != tlssock.RoleServer {
		t.Fatalf("asked: %+v", q)
	}
	for _, h := range others {
		c, _ := w.sa.Get(h)
		if c.State() != tlssock.StateEstablished {
			t.Fatalf("%v: %v", c.State(), c.Err())
		}
		if _, err := c.TryWrite([]byte("hello")); err != nil {
			t.Fatal(err)
		}
	}
	w.poll()
	var buf [16]byte
	for range others {
		h, ok := w.sb.Accept(l)
		if !ok {
			t.Fatal("one is not accepted")
		}
		s, _ := w.sb.Get(h)
		if n, err := s.TryRead(buf[:]); err != nil || string(buf[:n]) != "hello" {
			t.Fatalf("%q, %v", buf[:n], err)
		}
	}
	if !w.quiet(PollAt(w.now, w.b, nil, w.sb)) {
		t.Error("the one that waits keeps the loop awake")
	}
	if c, _ := w.sa.Get(waits); c.State() != tlssock.StateHandshaking {
		t.Fatalf("the slow one: %v", c.State())
	}
	w.sleep(time.Second)
	if err := w.sb.Deliver(q, q.Sign()); err != nil {
		t.Fatal(err)
	}
	if w.quiet(PollAt(w.now, w.b, nil, w.sb)) {
		t.Error("an answer is no reason to poll")
	}
	w.poll()
	if _, ok := w.sb.Accept(slow); !ok {
		t.Fatalf("nobody to accept: %v", w.failed)
	}
	if err := w.sb.Deliver(q, q.Sign()); err != tlssock.ErrNotPending {
		t.Errorf("the same answer again: %v", err)
	}
}

func TestWhomAQuestionBelongsTo(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	w.listenLater()
	cfg := w.clientConfig()
	cfg.VerifyConnection = func(tlssock.ConnectionState) error { return tlssock.ErrPending }
	ch := w.mustConnect(port2, cfg)
	w.poll()
	q := w.one(w.sb)
	if local, remote, ok := w.sb.PendingAddrs(q); !ok || local != port2 || remote.Addr() != addrA {
		t.Errorf("%v %v %v", local, remote, ok)
	}
	if h, ok := w.sb.PendingHandle(q); ok {
		t.Errorf("a connection that nobody accepted has handle %v", h)
	}
	if err := w.sa.Deliver(q, q.Sign()); err != tlssock.ErrNotPending {
		t.Errorf("delivered to another set: %v", err)
	}
	_ = w.sb.Deliver(q, q.Sign())
	for range w.sa.Ready() { // nothing has happened there
		t.Error("the client is ready before it is asked")
	}
	w.poll()
	q = w.one(w.sa)
	if h, ok := w.sa.PendingHandle(q); !ok || h != ch {
		t.Errorf("%v, %v", h, ok)
	}
	told := false
	for h := range w.sa.Ready() {
		told = told || h == ch
	}
	if !told {
		t.Error("Ready does not tell of a question")
	}
	_ = w.sa.Deliver(q, tlssock.Answer{})
	w.poll()
	if c, _ := w.sa.Get(ch); c.State() != tlssock.StateEstablished {
		t.Fatal(c.State(), c.Err())
	}
	if _, _, ok := w.sa.PendingAddrs(q); ok {
		t.Error("it is pending still")
	}
}

// Whoever waits is under the bound on time, and an answer that comes too late, or to a socket that was removed, does
// nothing.
func TestAnswersThatComeTooLate(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{HandshakeTimeout: 5 * time.Second})
	w.listenLater()
	cfg := w.clientConfig()
	cfg.VerifyConnection = func(tlssock.ConnectionState) error { return tlssock.ErrPending }
	w.mustConnect(port2, cfg)
	w.poll()
	late := w.one(w.sb)
	w.sleep(6 * time.Second)
	if len(w.failed) != 1 || !errors.Is(w.failed[0], ErrHandshakeTimeout) {
		t.Fatal(w.failed)
	}
	if err := w.sb.Deliver(late, late.Sign()); err != tlssock.ErrNotPending {
		t.Error(err)
	}

	ch := w.mustConnect(port2, cfg)
	w.poll()
	q := w.one(w.sb)
	_ = w.sb.Deliver(q, q.Sign())
	w.poll()
	q = w.one(w.sa)
	w.sa.Remove(ch)
	if err := w.sa.Deliver(q, tlssock.Answer{}); err != tlssock.ErrNotPending {
		t.Error(err)
	}
	w.sleep(time.Minute)
	if n := w.a.Pool().Out() + w.b.Pool().Out(); n != 0 {
		t.Errorf("%d bytes left", n)
	}
	if n := w.sa.env.Handshakes() + w.sb.env.Handshakes(); n != 0 {
		t.Errorf("%d handshakes left", n)
	}
}

// Who waits counts among the handshakes: beyond Limits.Handshakes others wait in TCP's queue.
func TestThoseThatWaitAreBounded(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{Handshakes: 3})
	l := w.listenLater()
	cfg := w.clientConfig()
	for range 5 {
		w.mustConnect(port2, cfg)
	}
	done := 0
	for range 5 {
		w.poll()
		list := asked(w.sb)
		if len(list) > 3 {
			t.Fatalf("%d wait", len(list))
		}
		for _, q := range list {
			if err := w.sb.Deliver(q, q.Sign()); err != nil {
				t.Fatal(err)
			}
		}
		w.poll()
		for _, ok := w.sb.Accept(l); ok; _, ok = w.sb.Accept(l) {
			done++
		}
	}
	if done != 5 {
		t.Errorf("%d of 5 are established", done)
	}
}

// A caller that never looks at the questions does not make the list of them grow for ever.
func TestQuestionsThatNobodyLooksAtAreForgotten(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{HandshakeTimeout: time.Second, Linger: time.Second})
	w.listenLater()
	cfg := w.clientConfig()
	for range 4 * minPruned {
		h := w.mustConnect(port2, cfg)
		w.poll()
		w.sa.Remove(h)
		w.poll()
	}
	if n := len(w.sb.asked); n > 2*minPruned {
		t.Errorf("%d questions are kept", n)
	}
	if n := len(asked(w.sb)); n != 0 {
		t.Errorf("%d questions of the dead", n)
	}
}

// A loop that breaks leaves the rest of the questions for the next one.
func TestPendingGoesOnWhereTheLoopBroke(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	w.listenLater()
	for range 3 {
		w.mustConnect(port2, w.clientConfig())
	}
	w.poll()
	for range w.sb.Pending() {
		break
	}
	if n := len(asked(w.sb)); n != 2 {
		t.Errorf("%d left of 3", n)
	}
}
