package set

import (
	"bytes"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/tlssock"
)

// oneWay is how long a frame takes in the worlds of this file, whose neighbours are known.
const oneWay = 50 * time.Millisecond

// newFarWorld is a world whose stations are oneWay apart, with a first connection behind it, so that the client has a
// session.
func newFarWorld(t *testing.T, l ListenConfig) (*tlsWorld, ListenerHandle, *tlssock.Config) {
	t.Helper()
	da, db := phy.NewPipe(phy.PipeConfig{})
	far := phy.FaultConfig{Seed: 1, In: phy.Impairment{Delay: oneWay}}
	w := &tlsWorld{
		world: &world{t: t, now: epoch, a: newInterface(t, phy.Fault(da, far), addrA, iface.Limits{}), b: newInterface(t, phy.Fault(db, far), addrB, iface.Limits{})},
	}
	w.sa, w.sb, w.client, w.server = NewTLS(w.a, Limits{}), NewTLS(w.b, Limits{}), identity(t, clientName), identity(t, serverName)
	client, server := w.clientConfig(), w.serverConfig()
	client.ClientSessionCache, client.EnableEarlyData, server.MaxEarlyData = tlssock.NewLRUClientSessionCache(0), true, 1000
	l.TLS = server
	lh := w.listen(l)
	h, err := w.sa.Connect(port1, client)
	if err != nil {
		t.Fatal(err)
	}
	w.sleep(time.Second)
	c, _ := w.sa.Get(h)
	if cs := c.ConnectionState(); !cs.HandshakeComplete || cs.DidResume || cs.RoundTrips != 1 {
		t.Fatalf("%+v, %v", cs, c.Err())
	}
	first, ok := w.sb.Accept(lh)
	if !ok {
		t.Fatal("nobody to accept")
	}
	w.sa.Remove(h)
	w.sb.Remove(first)
	w.sleep(time.Second)
	return w, lh, client
}

// ask connects, writes as soon as it can, and gives when the server's application has it and when the client has the
// answer, since the start.
func (w *tlsWorld) ask(cfg *tlssock.Config, lh ListenerHandle, early bool) (there, back time.Duration) {
	w.t.Helper()
	start, request, answer := w.now, []byte("GET /"), []byte("200 OK")
	h, err := w.sa.Connect(port1, cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	c, _ := w.sa.Get(h)
	var s *tlssock.Socket
	buf := make([]byte, 100)
	for sent := false; w.now.Sub(start) < 2*time.Second; w.sleep(time.Millisecond) {
		write, read, reply := c.TryWrite, (*tlssock.Socket).TryRead, (*tlssock.Socket).TryWrite
		if early {
			write, read, reply = c.TryWriteEarly, (*tlssock.Socket).TryReadEarly, (*tlssock.Socket).TryWriteEarly
		}
		if n, err := write(request); !sent && err == nil && n == len(request) {
			sent = true
		}
		if accepted, ok := w.sb.Accept(lh); ok {
			s, _ = w.sb.Get(accepted)
		}
		if s != nil && there == 0 {
			if n, err := read(s, buf); err == nil && bytes.Equal(buf[:n], request) {
				there = w.now.Sub(start)
				if n, err := reply(s, answer); n != len(answer) || err != nil {
					w.t.Fatal(n, err)
				}
			}
		}
		if n, err := c.TryRead(buf); err == nil && bytes.Equal(buf[:n], answer) {
			back = w.now.Sub(start)
			w.sleep(time.Second)
			if c.State() != tlssock.StateEstablished || s.State() != tlssock.StateEstablished {
				w.t.Fatalf("client %v %v, server %v %v", c.State(), c.Err(), s.State(), s.Err())
			}
			return there, back
		}
	}
	w.t.Fatalf("no answer: client %v %v, early data %v, server %v", c.State(), c.Err(), c.ConnectionState().EarlyData, w.failed)
	return 0, 0
}

// A full handshake takes one round trip after TCP's; a resumed one with early data none.
func TestEarlyDataTakesNoRoundTripAfterTCP(t *testing.T) {
	const slack = 20 * time.Millisecond // the loop looks once a millisecond
	near := func(got, want time.Duration) bool { return got >= want && got < want+slack }
	w, lh, client := newFarWorld(t, ListenConfig{AcceptEarly: true})
	if there, back := w.ask(client, lh, true); !near(there, 3*oneWay) || !near(back, 4*oneWay) {
		t.Errorf("early data: at the server after %v, answered after %v; one way is %v", there, back, oneWay)
	}
	plain := client.Clone()
	plain.EnableEarlyData = false
	if there, back := w.ask(plain, lh, false); !near(there, 5*oneWay) || !near(back, 6*oneWay) {
		t.Errorf("without: at the server after %v, answered after %v", there, back)
	}
	if w.sb.Stats().EarlyDataAccepted != 1 || len(w.failed) > 0 {
		t.Errorf("%+v, %v", w.sb.Stats(), w.failed)
	}
}

// Who does not ask for connections before their handshake is done gets early data with the rest, when it can be no
// replay.
func TestEarlyDataWaitsWhereNobodyAsksForIt(t *testing.T) {
	w, lh, client := newFarWorld(t, ListenConfig{})
	h, err := w.sa.Connect(port1, client)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := w.sa.Get(h)
	told := false
	for range 500 {
		w.sleep(time.Millisecond)
		for r := range w.sa.Ready() {
			told = told || r == h
		}
		if n, _ := c.TryWriteEarly([]byte("early")); n > 0 {
			break
		}
	}
	if !told {
		t.Error("the set does not tell that early data can be written")
	}
	w.sleep(time.Second)
	accepted, ok := w.sb.Accept(lh)
	if !ok {
		t.Fatal("nobody to accept")
	}
	s, _ := w.sb.Get(accepted)
	buf := make([]byte, 100)
	if n, err := s.TryRead(buf); string(buf[:n]) != "early" || err != nil || !s.Engine().HandshakeComplete() {
		t.Errorf("%q, %v", buf[:n], err)
	}
}

// A connection that was given out early and whose client does not come back fails under its handle, and leaves nothing.
func TestAnEarlyConnectionThatFailsIsTheApplications(t *testing.T) {
	w, lh, client := newFarWorld(t, ListenConfig{AcceptEarly: true})
	h, err := w.sa.Connect(port1, client)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := w.sa.Get(h)
	for range 500 {
		w.sleep(time.Millisecond)
		if n, _ := c.TryWriteEarly([]byte("early")); n > 0 {
			break
		}
	}
	w.sleep(oneWay)
	accepted, ok := w.sb.Accept(lh)
	if !ok {
		t.Fatal("nobody to accept")
	}
	w.sa.Remove(h) // resets it
	w.sleep(time.Second)
	s, _ := w.sb.Get(accepted)
	if s.Err() == nil || s.State() != tlssock.StateFailed || len(w.failed) > 0 {
		t.Errorf("%v, %v, %v", s.State(), s.Err(), w.failed)
	}
	w.sb.Remove(accepted)
	w.sleep(time.Minute)
	if w.sb.Len() != 0 || w.sb.handshaking.n != 0 || w.sb.lingering.n != 0 {
		t.Errorf("%d sockets, %d handshakes, %d linger", w.sb.Len(), w.sb.handshaking.n, w.sb.lingering.n)
	}
}
