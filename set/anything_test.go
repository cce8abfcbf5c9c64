package set

import (
	"crypto/tls"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// anything is a world in which two programs do with their sockets whatever comes to mind, over a link that loses
// frames, under bounds that are met all the time.
type anything struct {
	*tlsWorld
	*rand.Rand
	cfg       [3]*tlssock.Config // of clients: without a session, with early data, and one who is not accepted
	listeners []ListenerHandle
	ends      [2][]Handle // of clients, of servers
	pending   []*tlssock.Pending

	plain     [2]*TCPSocketSet // beside them, one of whose clients go to a server for TLS
	plainEnds [2][]Handle
	plainAt   ListenerHandle
}

func newAnything(t *testing.T, seed uint64) *anything {
	da, db := phy.NewPipe(phy.PipeConfig{Queue: 16})
	lossy := phy.FaultConfig{Seed: seed, In: phy.Impairment{Drop: 0.05, Delay: 5 * time.Millisecond}}
	w := &tlsWorld{world: &world{t: t, now: epoch}, client: identity(t, clientName), server: identity(t, serverName)}
	var bounds iface.Limits
	if seed%2 == 1 {
		bounds = iface.Limits{BufferMemory: 40_000, Conns: 20, Orphans: 3}
	}
	w.a, w.b = newInterface(t, phy.Fault(da, lossy), addrA, bounds), newInterface(t, phy.Fault(db, lossy), addrB, bounds)
	w.sa = NewTLS(w.a, Limits{Sockets: 8, Handshakes: 5, Lingering: 3, Linger: 2 * time.Second, HandshakeTimeout: 4 * time.Second})
	w.sb = NewTLS(w.b, Limits{Sockets: 6, Listeners: 2, Handshakes: 3, AcceptBacklog: 2, Lingering: 2, Linger: 2 * time.Second, HandshakeTimeout: 4 * time.Second, GuardTimeout: time.Second})
	x := &anything{tlsWorld: w, Rand: rand.New(rand.NewPCG(seed, 1)), cfg: [3]*tlssock.Config{w.clientConfig(), w.clientConfig(), w.clientConfig()}}
	x.cfg[1].ClientSessionCache, x.cfg[1].EnableEarlyData = tlssock.NewLRUClientSessionCache(0), true
	x.cfg[2].Certificates = []tls.Certificate{certificate(w.server)}
	x.plain = [2]*TCPSocketSet{NewTCP(w.a, Limits{Sockets: 6}), NewTCP(w.b, Limits{Sockets: 3})}
	x.plainAt, _ = x.plain[1].Listen(port2, tcp.ListenConfig{AcceptQueue: 2})
	return x
}

// listen opens a listener, of one kind or another.
func (x *anything) listen() {
	cfg := x.serverConfig()
	if x.IntN(2) == 0 {
		cfg.Certificates = []tls.Certificate{{Certificate: x.server.Chain, PrivateKey: tlssock.SignLater(x.server.Key)}}
	}
	if x.IntN(2) == 0 {
		cfg.ReplayGuard = tlssock.GuardLater(tlssock.NewReplayGuard(epoch, 0, 0))
	}
	cfg.MaxEarlyData = 1000
	if l, err := x.sb.Listen(port1, ListenConfig{TLS: cfg, AcceptEarly: x.IntN(2) == 0}); err == nil {
		x.listeners = append(x.listeners, l)
	}
}

// one gives one of them, and the zero value when there is none, or a handle of long ago.
func one[T any](x *anything, of []T) (v T) {
	if len(of) > 0 {
		v = of[x.IntN(len(of))]
	}
	return v
}

// act does something.
func (x *anything) act() {
	side := x.IntN(2)
	set := [...]*TLSSocketSet{x.sa, x.sb}[side]
	h := one(x, x.ends[side])
	s, ok := set.Get(h)
	switch x.IntN(15) {
	case 0:
		x.listen()
	case 1:
		if x.IntN(10) == 0 {
			x.sb.RemoveListener(one(x, x.listeners))
		}
	case 2, 3, 4:
		if h, err := x.sa.Connect(port1, x.cfg[x.IntN(3)]); err == nil {
			x.ends[0] = append(x.ends[0], h)
		}
	case 5, 6:
		if h, ok := x.sb.Accept(one(x, x.listeners)); ok {
			x.ends[1] = append(x.ends[1], h)
		}
	case 7:
		if ok {
			s.TryWriteEarly(make([]byte, x.IntN(100)))
			s.TryWrite(make([]byte, x.IntN(10_000)))
		}
	case 8:
		if ok {
			s.TryReadEarly(make([]byte, 100))
			s.TryRead(make([]byte, x.IntN(10_000)))
		}
	case 9:
		if ok {
			[]func(){func() { s.Close() }, func() { s.CloseWrite() }, s.Abort, func() { s.KeyUpdate(true) }}[x.IntN(4)]()
		}
	case 10:
		if x.IntN(2) == 0 {
			set.Remove(h)
		}
	case 11:
		for p := range x.sb.Pending() {
			x.pending = append(x.pending, p)
		}
		if p := one(x, x.pending); p != nil && p.Kind == tlssock.PendingEarlyData {
			x.sb.Deliver(p, p.Judge())
		} else if p != nil {
			x.sb.Deliver(p, p.Sign())
		}
	case 12:
		x.drain(set)
	default:
		x.actPlain(side)
	}
}

// drain goes through those that are ready, while others, or they themselves, are removed, and it may break off.
func (x *anything) drain(set *TLSSocketSet) {
	told := make(map[Handle]bool)
	for h := range set.Ready() {
		if _, ok := set.Get(h); !ok || told[h] {
			x.t.Fatalf("%v is ready, and is there: %v; told before: %v", h, ok, told[h])
		}
		told[h] = true
		switch x.IntN(8) {
		case 0:
			set.Remove(h)
		case 1:
			set.Remove(one(x, x.ends[0]))
			set.Remove(one(x, x.ends[1]))
		case 2:
			return
		}
	}
}

// actPlain does something with plain sockets.
func (x *anything) actPlain(side int) {
	set := x.plain[side]
	h := one(x, x.plainEnds[side])
	s, ok := set.Get(h)
	switch n := x.IntN(8); {
	case n < 2:
		if h, err := x.plain[0].Connect([]netip.AddrPort{port1, port2}[n], nil); err == nil {
			x.plainEnds[0] = append(x.plainEnds[0], h)
		}
	case n == 2:
		if h, ok := x.plain[1].Accept(x.plainAt); ok {
			x.plainEnds[1] = append(x.plainEnds[1], h)
		}
	case n == 3:
		set.Remove(h)
	case !ok:
	case n < 6:
		noise := make([]byte, x.IntN(3000))
		for k := range noise {
			noise[k] = byte(x.Uint32())
		}
		if len(noise) > 5 && x.IntN(2) == 0 {
			copy(noise, "\x16\x03\x01\x02\x00\x01") // the beginning of a ClientHello
		}
		s.TryWrite(noise)
	case n == 6:
		s.TryRead(make([]byte, x.IntN(3000)))
	default:
		[]func(){func() { s.Close() }, func() { s.CloseWrite() }, s.Abort}[x.IntN(3)]()
	}
}

// check looks whether the bounds hold, and the lists agree with each other.
func (x *anything) check() {
	for _, s := range []*TLSSocketSet{x.sa, x.sb} {
		l := s.limits
		if s.Len() > l.Sockets || s.Handshaking() > l.Handshakes || s.Lingering() > l.Lingering || s.env.Handshakes() > s.Handshaking() {
			x.t.Fatalf("%d sockets, %d handshakes (%d of the engines), %d linger", s.Len(), s.Handshaking(), s.env.Handshakes(), s.Lingering())
		}
		for line, want := range map[*timeline]phase{&s.handshaking: phaseHandshake, &s.lingering: phaseLinger} {
			n := 0
			for e := line.first; e != nil; e = e.way.next {
				if n++; e.phase != want || e.line != line.id {
					x.t.Fatalf("an entry of phase %d in timeline %d", e.phase, line.id)
				}
			}
			if n != line.n {
				x.t.Fatalf("%d entries in a timeline of %d", n, line.n)
			}
		}
	}
}

// meets reports whether a client and a server come together, now that nobody else is there. The link may lose what they
// try first.
func (x *anything) meets() bool {
	l := x.tlsWorld.listen(ListenConfig{})
	for range 5 {
		h, err := x.sa.Connect(port1, x.cfg[0])
		if err != nil {
			x.t.Fatal(err)
		}
		x.sleep(5 * time.Second)
		_, ok := x.sb.Accept(l)
		if c, _ := x.sa.Get(h); ok && c.State() == tlssock.StateEstablished {
			return true
		}
		x.sa.Remove(h)
	}
	return false
}

// TestNothingIsLeftWhateverIsDone: when both programs have let go of everything, no socket, handshake, connection or
// buffer is left, and whoever comes next is served.
func TestNothingIsLeftWhateverIsDone(t *testing.T) {
	accepted, asked := 0, [tlssock.PendingEarlyData + 1]int{}
	for seed := range uint64(100) {
		x := newAnything(t, seed)
		x.listen()
		for range 300 {
			for range 1 + x.IntN(4) {
				x.act()
			}
			x.check()
			x.sleep(time.Duration(x.IntN(40)) * time.Millisecond)
			x.check()
		}
		accepted += len(x.ends[1])
		for _, p := range x.pending {
			asked[p.Kind]++
		}
		for side, s := range []*TLSSocketSet{x.sa, x.sb} {
			for h := range s.All() {
				s.Remove(h)
			}
			for _, h := range x.ends[side] {
				if _, ok := s.Get(h); ok || s.Remove(h) {
					t.Fatalf("seed %d: %v still names something", seed, h)
				}
			}
		}
		for _, s := range x.plain {
			for h := range s.All() {
				s.Remove(h)
			}
		}
		for _, l := range x.listeners {
			x.sb.RemoveListener(l)
		}
		x.plain[1].RemoveListener(x.plainAt)
		x.sleep(10 * time.Minute) // TIME-WAIT, and what TCP tries again
		for name, w := range map[string]struct {
			s *TLSSocketSet
			i *iface.Interface
		}{"client": {x.sa, x.a}, "server": {x.sb, x.b}} {
			if w.s.Len() != 0 || w.s.Handshaking() != 0 || w.s.env.Handshakes() != 0 || w.s.Lingering() != 0 || w.s.pending() {
				t.Errorf("seed %d, %s: %d sockets, %d handshakes (%d of the engines), %d linger", seed, name, w.s.Len(), w.s.Handshaking(), w.s.env.Handshakes(), w.s.Lingering())
			}
			if n, out := w.i.Stats().Conns, w.i.Pool().Out(); n != 0 || out != 0 {
				t.Errorf("seed %d, %s: %d connections, %d bytes", seed, name, n, out)
			}
			if at := PollAt(x.now, w.i, nil, w.s); !at.IsZero() && at.Sub(x.now) < time.Second {
				t.Errorf("seed %d, %s: it does not rest", seed, name)
			}
		}
		if !x.meets() {
			t.Errorf("seed %d: nobody is served any more", seed)
		}
	}
	if accepted < 300 || asked[tlssock.PendingSignature] < 100 || asked[tlssock.PendingEarlyData] < 10 {
		t.Errorf("%d connections were accepted, %v questions asked: too few to tell anything", accepted, asked)
	}
}
