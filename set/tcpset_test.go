package set

import (
	"errors"
	"io"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/tcp"
)

// tcpWorld is a world with a set of TCP sockets on each station.
type tcpWorld struct {
	*world
	sa, sb *TCPSocketSet
}

func newTCPWorld(t testing.TB, la, lb Limits) *tcpWorld {
	w := newWorld(t)
	return &tcpWorld{w, NewTCP(w.a, la), NewTCP(w.b, lb)}
}

// poll polls both stations until neither has anything to do at this moment.
func (w *tcpWorld) poll() {
	w.t.Helper()
	for range 1000 {
		if err := Poll(w.now, w.a, w.sa, nil); err != nil {
			w.t.Fatal(err)
		}
		if err := Poll(w.now, w.b, w.sb, nil); err != nil {
			w.t.Fatal(err)
		}
		pa, pb := PollAt(w.now, w.a, w.sa, nil), PollAt(w.now, w.b, w.sb, nil)
		if (pa.IsZero() || pa.After(w.now)) && (pb.IsZero() || pb.After(w.now)) {
			return
		}
	}
	w.t.Fatal("the world finds no rest")
}

// sleep moves the clock, poll by poll, d on.
func (w *tcpWorld) sleep(d time.Duration) {
	end := w.now.Add(d)
	for {
		w.poll()
		next := end
		for _, at := range []time.Time{PollAt(w.now, w.a, w.sa, nil), PollAt(w.now, w.b, w.sb, nil)} {
			if !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		if !next.After(w.now) {
			return
		}
		w.now = next
	}
}

func (w *tcpWorld) connect() (client, server Handle, l ListenerHandle) {
	w.t.Helper()
	l, err := w.sb.Listen(port1, tcp.ListenConfig{})
	if err != nil {
		w.t.Fatal(err)
	}
	client, err = w.sa.Connect(port1, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.poll()
	server, ok := w.sb.Accept(l)
	if !ok {
		w.t.Fatal("nobody to accept")
	}
	return client, server, l
}

func TestTCPSetConnectsTellsAndForgets(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	c, s, _ := w.connect()
	t.Log("# both ends are told of the connection, once")
	if got := collect(w.sa); len(got) != 1 || got[0] != c {
		t.Fatalf("client's ready list: %v", got)
	}
	if got := collect(w.sb); len(got) != 1 || got[0] != s {
		t.Fatalf("server's ready list: %v", got)
	}
	if len(collect(w.sa)) != 0 {
		t.Fatal("told twice")
	}

	t.Log("# what is written is sent by the next poll, and the reader is told")
	cs, _ := w.sa.Get(c)
	cs.TryWrite([]byte("hello"))
	w.poll()
	if got := collect(w.sb); len(got) != 1 || got[0] != s {
		t.Fatalf("server's ready list: %v", got)
	}
	ss, _ := w.sb.Get(s)
	buf := make([]byte, 10)
	if n, err := ss.TryRead(buf); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := ss.TryRead(buf); !errors.Is(err, tcp.ErrWouldBlock) {
		t.Fatal(err)
	}

	t.Log("# a handle that was removed names nothing")
	cs.CloseWrite()
	w.poll()
	if _, err := ss.TryRead(buf); err != io.EOF {
		t.Fatal(err)
	}
	ss.CloseWrite()
	w.poll()
	if !w.sa.Remove(c) || w.sa.Remove(c) || !w.sb.Remove(s) {
		t.Fatal("Remove")
	}
	if _, ok := w.sa.Get(c); ok {
		t.Fatal("a removed handle found something")
	}
	w.sleep(2 * time.Minute)
	for _, i := range []*iface.Interface{w.a, w.b} {
		if st := i.Stats(); st.Conns != 0 || i.Pool().Out() != 0 {
			t.Fatalf("%d connections, %d bytes left", st.Conns, i.Pool().Out())
		}
	}
}

func collect(s *TCPSocketSet) (hs []Handle) {
	for h := range s.Ready() {
		hs = append(hs, h)
	}
	return hs
}

func TestReadyLoopThatBreaksLosesNothing(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	l, err := w.sb.Listen(port1, tcp.ListenConfig{})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := w.sa.Connect(port1, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.poll()
	for range w.sa.Ready() {
		break
	}
	if got := collect(w.sa); len(got) != 2 {
		t.Fatalf("%d left after one was taken, want 2", len(got))
	}
	w.sb.RemoveListener(l)
}

func TestRemoveOfAnOpenConnectionResetsIt(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	c, s, _ := w.connect()
	w.sa.Remove(c)
	w.poll()
	ss, _ := w.sb.Get(s)
	if !errors.Is(ss.Err(), tcp.ErrReset) {
		t.Fatalf("the peer's reason: %v", ss.Err())
	}
	if got := w.a.Stats().Conns; got != 0 {
		t.Fatalf("%d connections left", got)
	}
}

// gVisor: connections whose FIN never leaves.
func TestFINLeavesAfterCloseAndRemove(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	c, s, _ := w.connect()
	cs, _ := w.sa.Get(c)
	data := make([]byte, 50_000)
	n, _ := cs.TryWrite(data)
	cs.CloseWrite()
	w.sa.Remove(c) // at once: nothing of it has left yet
	ss, _ := w.sb.Get(s)
	got := 0
	for range 1000 {
		w.poll()
		for {
			m, err := ss.TryRead(data)
			got += m
			if err == io.EOF {
				if got != n {
					t.Fatalf("%d of %d bytes before FIN", got, n)
				}
				return
			}
			if err != nil {
				break
			}
		}
	}
	t.Fatalf("no FIN; %d of %d bytes, %v", got, n, ss.Err())
}

func TestConnectToNobodyIsRefusedOrUnreachable(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	h, err := w.sa.Connect(netip.AddrPortFrom(addrB, 9), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.poll()
	s, _ := w.sa.Get(h)
	if !errors.Is(s.Err(), tcp.ErrRefused) {
		t.Fatalf("closed port: %v", s.Err())
	}
	h, err = w.sa.Connect(netip.MustParseAddrPort("192.0.2.77:9"), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.sleep(20 * time.Second)
	s, _ = w.sa.Get(h)
	if !errors.Is(s.Err(), tcp.ErrUnreachable) {
		t.Fatalf("nobody there: %v", s.Err())
	}
	if _, err = w.sa.Connect(netip.MustParseAddrPort("198.51.100.1:9"), nil); !errors.Is(err, iface.ErrNoRoute) {
		t.Fatalf("no route: %v", err)
	}
	if w.sa.Len() != 2 {
		t.Fatalf("a refused Connect left a handle: %d", w.sa.Len())
	}
}

func TestTCPSetHoldsNoMoreThanItsLimits(t *testing.T) {
	w := newTCPWorld(t, Limits{Sockets: 2, Listeners: 1}, Limits{})
	for range 2 {
		if _, err := w.sa.Connect(port1, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.sa.Connect(port1, nil); !errors.Is(err, ErrSetFull) {
		t.Fatal(err)
	}
	if _, err := w.sa.Listen(netip.MustParseAddrPort("0.0.0.0:1"), tcp.ListenConfig{}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.sa.Listen(netip.MustParseAddrPort("0.0.0.0:2"), tcp.ListenConfig{}); !errors.Is(err, ErrListenersFull) {
		t.Fatal(err)
	}
}

func TestTheCallerMayChooseTheLocalEnd(t *testing.T) { // RFC 9293 §3.9.1.1 (MUST-43)
	plain, secure := newTCPWorld(t, Limits{}, Limits{}), newTLSWorld(t, Limits{}, Limits{})
	from := netip.AddrPortFrom(addrA, 5000)
	h, err := plain.sa.ConnectFrom(from, port1, nil)
	if local, remote, ok := plain.sa.Addrs(h); err != nil || !ok || local != from || remote != port1 {
		t.Errorf("plain: from %v to %v, %v", local, remote, err)
	}
	h, err = secure.sa.ConnectFrom(from, port1, secure.clientConfig(), nil)
	if local, remote, ok := secure.sa.Addrs(h); err != nil || !ok || local != from || remote != port1 {
		t.Errorf("TLS: from %v to %v, %v", local, remote, err)
	}
	if _, err := plain.sa.ConnectFrom(from, port1, nil); !errors.Is(err, iface.ErrAddrInUse) {
		t.Errorf("the same again: %v", err)
	}
	if _, err := secure.sa.ConnectFrom(from, port1, secure.clientConfig(), nil); !errors.Is(err, iface.ErrAddrInUse) || secure.sa.Len() != 1 {
		t.Errorf("the same again: %v, %d sockets", err, secure.sa.Len())
	}
}
