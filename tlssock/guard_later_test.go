package tlssock

import (
	"errors"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
)

// countingGuard is a guard that counts how often it is asked, and accepts each hello once.
type countingGuard struct {
	asked int
	seen  map[[32]byte]bool
}

func (g *countingGuard) Accept(_ time.Time, h EarlyHello) bool {
	g.asked++
	fresh := !g.seen[h.ID]
	if g.seen == nil {
		g.seen = make(map[[32]byte]bool)
	}
	g.seen[h.ID] = true
	return fresh
}

// newGuardedPair is newEarlyPair whose server asks g later, with early data on its way.
func newGuardedPair(t testing.TB, g ReplayGuard, change ...func(client, server *Config)) *pair {
	t.Helper()
	p := newEarlyPair(t, append([]func(client, server *Config){func(c, s *Config) {
		c.ResendEarlyData, s.ReplayGuard = true, GuardLater(g)
	}}, change...)...)
	p.sendEarly("early ")
	p.sealEarly(p.client, "data")
	return p
}

func TestAGuardThatAnswersLater(t *testing.T) {
	unreachable := errors.New("the guard's data base is away")
	for name, c := range map[string]struct {
		answer         func(p *Pending) Answer
		client, server EarlyDataStatus
	}{
		"accepts":       {(*Pending).Judge, EarlyDataAccepted, EarlyDataAccepted},
		"refuses":       {func(*Pending) Answer { return Answer{} }, EarlyDataDeclined, EarlyDataRefused},
		"has no answer": {func(*Pending) Answer { return Answer{EarlyData: true, Err: unreachable} }, EarlyDataDeclined, EarlyDataUndecided},
	} {
		t.Run(name, func(t *testing.T) {
			g := &countingGuard{}
			p := newGuardedPair(t, g)
			p.run()
			q := p.server.Pending()
			if q == nil || q.Kind != PendingEarlyData || q.ReplayGuard != g || !q.Asked.Equal(p.env.Now) || q.EarlyHello.ID == [32]byte{} {
				t.Fatalf("%+v", q)
			}
			if g.asked != 0 || len(p.toClient) > 0 || p.server.EarlyBuffered() > 0 || p.server.EarlyDataRoom() > 0 {
				t.Fatalf("before the answer: asked %d times, %d bytes to the client, %d bytes read", g.asked, len(p.toClient), p.server.EarlyBuffered())
			}
			if err := p.server.Deliver(q, c.answer(q)); err != nil {
				t.Fatal(err)
			}
			p.run()
			p.mustBeOpen()
			cs, ss := p.client.ConnectionState().EarlyData, p.server.ConnectionState().EarlyData
			if cs != c.client || ss != c.server {
				t.Errorf("%v at the client, %v at the server", cs, ss)
			}
			// Once, early or not.
			if got := p.readEarly() + string(p.serverGot); got != "early data" {
				t.Errorf("the server got %q", got)
			}
			if s := p.env.Stats; s.EarlyDataAccepted+s.EarlyDataRejected != 2 { // each end counts
				t.Errorf("%d accepted, %d rejected", s.EarlyDataAccepted, s.EarlyDataRejected)
			}
			p.serverGot = nil
			p.exchange("afterwards")
		})
	}
}

// The same flight once more, to a server with the same keys and the same guard.
func TestAGuardThatAnswersLaterRefusesAReplay(t *testing.T) {
	p := newGuardedPair(t, &countingGuard{})
	flight := append([]byte(nil), p.toServer...)
	p.answerAll((*Pending).Judge)
	if got := p.readEarly(); got != "early data" {
		t.Fatalf("%q", got)
	}
	p.restart()
	p.toServer = flight
	p.run()
	q := p.server.Pending()
	if err := p.server.Deliver(q, q.Judge()); err != nil {
		t.Fatal(err)
	}
	if s := p.server.ConnectionState().EarlyData; s != EarlyDataRefused || p.readEarly() != "" {
		t.Errorf("a replay is %v", s)
	}
}

// A guard is asked last: what would be refused anyway is no question to it.
func TestAGuardIsAskedOnlyWhatItDecides(t *testing.T) {
	for name, change := range map[string]func(p *pair){
		"switched off":   func(p *pair) { p.serverCfg.MaxEarlyData = 0 },
		"other protocol": func(p *pair) { p.serverCfg.NextProtos = []string{"two"} },
		"not offered":    func(p *pair) { p.clientCfg.EnableEarlyData = false },
	} {
		g := &countingGuard{}
		p := newEarlyPair(t, func(c, s *Config) {
			c.NextProtos, s.NextProtos, s.ReplayGuard = []string{"one", "two"}, []string{"one", "two"}, GuardLater(g)
		})
		p.clientCfg, p.serverCfg = p.clientCfg.Clone(), p.serverCfg.Clone()
		change(p)
		p.restart()
		p.handshake()
		p.mustBeOpen()
		if g.asked > 0 {
			t.Errorf("%s: asked", name)
		}
	}
}

// While a guard takes its time, nothing is read: early data, and what a client says beyond it, waits with the
// transport.
func TestNothingIsReceivedWhileAGuardIsAsked(t *testing.T) {
	p := newGuardedPair(t, &countingGuard{})
	p.run()
	if _, err := p.server.Receive(nil, []byte{23, 3, 3, 0, 1, 0}); err != ErrPending {
		t.Error(err)
	}
	if _, err := (waiting{p.server.hs}).handle(message{typ: wire.TypeFinished}); !errors.Is(err, ErrUnexpectedMessage) {
		t.Error(err)
	}
	q := p.server.Pending()
	p.server.Free()
	if err := p.server.Deliver(q, q.Judge()); err != ErrNotPending {
		t.Error(err)
	}
	if p.client.Free(); p.env.Handshakes() != 0 {
		t.Error("the handshake's memory is kept")
	}
}

func TestGuardLaterOfNothingIsTheDefault(t *testing.T) {
	if GuardLater(nil) != nil {
		t.Error("a guard that can't be asked")
	}
	if a := (&Pending{Kind: PendingSignature}).Judge(); a.EarlyData || !errors.Is(a.Err, ErrNotPending) {
		t.Errorf("%+v", a)
	}
	if a := (&Pending{Kind: PendingEarlyData}).Sign(); !errors.Is(a.Err, ErrNotPending) {
		t.Errorf("%+v", a)
	}
	// What the handshake takes it for, when somebody asks it within a poll all the same.
	if g := (GuardLater(&countingGuard{})); !g.Accept(epoch, helloNumber(1, epoch)) {
		t.Error("it says something else than the guard in it")
	}
}
