package tlstest

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// polled is two stacks that the test polls itself, with somebody in the middle: early data is written before there is a
// connection to give to anybody.
type polled struct {
	now            time.Time
	middle         *middle
	client, server *iface.Interface
	clients        *set.TLSSocketSet
	servers        *set.TLSSocketSet
	plain          *set.TCPSocketSet // the attacker's
	listener       set.ListenerHandle
	failed         error // of the server's last handshake
}

// errNotTried says that a replay could not be set up.
var errNotTried = errors.New("tlstest: replay: no early data to replay")

// replay has a client send early data, and somebody who has recorded it send it once more. The server's error is that
// of the second handshake, nil when it took the early data again.
func replay(p *plan, out *Outcome) {
	p.t.Helper()
	w, err := newPolled(p)
	if err != nil {
		p.t.Fatalf("tlstest: replay: %v", err)
	}
	cfg := p.config(p.client)
	cfg.ClientSessionCache, cfg.EnableEarlyData = tlssock.NewLRUClientSessionCache(0), true
	if _, err := w.connect(cfg, false); err != nil { // for the ticket
		p.t.Fatalf("tlstest: replay: %v", err)
	}
	w.middle.ways[client].recording = true
	got, err := w.connect(cfg, true)
	if err != nil || got != question {
		p.t.Fatalf("%v: %q, %v", errNotTried, got, err)
	}
	again, taken := w.attack(w.middle.ways[client].record)
	out.ClientErr, out.ServerErr = again, w.failed
	if taken {
		out.ServerErr = nil
	}
}

func newPolled(p *plan) (*polled, error) {
	left, right := phy.NewPipe(phy.PipeConfig{})
	w := &polled{now: p.Clock.Now(), middle: &middle{Device: left}}
	var err error
	if w.client, err = iface.New(iface.Config{Device: w.middle, Addrs: []netip.Prefix{netip.PrefixFrom(ClientAddr, 24)}}); err != nil {
		return nil, err
	}
	if w.server, err = iface.New(iface.Config{Device: right, Addrs: []netip.Prefix{netip.PrefixFrom(ServerAddr, 24)}}); err != nil {
		return nil, err
	}
	w.clients, w.servers, w.plain = set.NewTLS(w.client, set.Limits{}), set.NewTLS(w.server, set.Limits{}), set.NewTCP(w.client, set.Limits{})
	cfg := p.config(p.server)
	cfg.MaxEarlyData = 1 << 10
	w.listener, err = w.servers.Listen(serverAddrPort, set.ListenConfig{TLS: cfg, HandshakeFailed: func(_ netip.AddrPort, err error) { w.failed = err }})
	return w, err
}

// rest polls both ends until neither has anything to do, and moves the clock a little on.
func (w *polled) rest() error {
	const most = 1000
	for range most {
		if err := errors.Join(set.Poll(w.now, w.client, w.plain, w.clients), set.Poll(w.now, w.server, nil, w.servers)); err != nil {
			return err
		}
		if later(set.PollAt(w.now, w.client, w.plain, w.clients), w.now) && later(set.PollAt(w.now, w.server, nil, w.servers), w.now) {
			w.now = w.now.Add(100 * time.Millisecond)
			return nil
		}
	}
	return fmt.Errorf("no rest after %d polls", most)
}

func later(at, now time.Time) bool { return at.IsZero() || at.After(now) }

// connect makes a connection, with the question as early data or after the handshake, and gives what arrived.
func (w *polled) connect(cfg *tlssock.Config, early bool) (got string, err error) {
	h, err := w.clients.Connect(serverAddrPort, cfg)
	if err != nil {
		return "", err
	}
	c, _ := w.clients.Get(h)
	write := c.TryWrite
	if early {
		write = c.TryWriteEarly
	}
	const most = 100 // early data has its moment, which a whole rest would pass over
	err = tlssock.ErrWouldBlock
	for n := 0; errors.Is(err, tlssock.ErrWouldBlock) && n < most; n++ {
		if err := errors.Join(set.Poll(w.now, w.client, w.plain, w.clients), set.Poll(w.now, w.server, nil, w.servers)); err != nil {
			return "", err
		}
		_, err = write([]byte(question))
	}
	if err = errors.Join(err, w.rest()); err != nil {
		return "", err
	}
	got, ok := w.heard()
	if !ok || early && c.ConnectionState().EarlyData != tlssock.EarlyDataAccepted {
		return got, fmt.Errorf("%w: %v, early data: %v", errNotTried, w.failed, c.ConnectionState().EarlyData)
	}
	_, err = c.TryRead(make([]byte, 1)) // the ticket
	w.clients.Remove(h)
	if errors.Is(err, tlssock.ErrWouldBlock) {
		err = nil
	}
	return got, errors.Join(err, w.rest())
}

// heard gives what the server's next connection has brought.
func (w *polled) heard() (got string, ok bool) {
	h, ok := w.servers.Accept(w.listener)
	if !ok {
		return "", false
	}
	defer w.servers.Remove(h)
	s, _ := w.servers.Get(h)
	b := make([]byte, 2*len(question))
	n, _ := s.TryRead(b)
	return string(b[:n]), true
}

// attack sends what was recorded over a connection of its own, and reports what became of it and whether the server
// took it.
func (w *polled) attack(recorded []byte) (err error, taken bool) {
	h, err := w.plain.Connect(serverAddrPort, nil)
	if err != nil {
		return err, false
	}
	if err := w.rest(); err != nil {
		return err, false
	}
	accepted := w.servers.Stats().EarlyDataAccepted
	s, _ := w.plain.Get(h)
	if n, err := s.TryWrite(recorded); n != len(recorded) {
		return err, false
	}
	if err := errors.Join(w.rest(), s.CloseWrite(), w.rest()); err != nil {
		return err, false
	}
	_, got := w.heard()
	err = s.Err()
	if err == nil {
		err = tcp.ErrClosed
	}
	return err, got || w.servers.Stats().EarlyDataAccepted != accepted
}
