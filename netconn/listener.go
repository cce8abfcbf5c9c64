package netconn

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"

	"smoltls/iface"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// Listener accepts connections: a net.Listener. Those of TLS are accepted when their handshake is done, so that a peer
// that takes its time, or fails, holds up nobody.
type Listener struct {
	r      *Runner
	addr   netip.AddrPort
	only6  bool // network tcp6: what comes over IPv4 is reset
	accept func() (net.Conn, bool)
	remove func()
	queue  gate
	held   []net.Conn // accepted for somebody who waits in Accept and has not come for it yet
	closed bool
}

// ListenConfig says how to listen. The zero value has every default.
type ListenConfig struct {
	TLS *tlssock.Config  // who we are and whom we accept; nil: TCP without TLS
	TCP tcp.ListenConfig // queues and options underneath

	// HandshakeFailed, if it is not nil, is told of every connection whose TLS handshake has failed: such a one is
	// never accepted. It is called in the middle of a poll, and must neither block nor use the Runner.
	HandshakeFailed func(remote netip.AddrPort, err error)

	// AcceptEarly makes Accept give a connection as soon as early data of it has come (TLS.MaxEarlyData), so that it is
	// answered without waiting for the end of the handshake. What is read before [TLSConn.HandshakeContext] has
	// returned may be a replay, if one that the ReplayGuard does not know: only what may be acted on twice shall be
	// acted on. HandshakeFailed is not called for such a connection: Read fails.
	AcceptEarly bool
}

// Listen accepts TCP connections to address, such as "192.0.2.1:80" or ":80"; port 0 is one that is free, which
// [Listener.Addr] tells. network is "tcp" (without a host: both families), "tcp4" or "tcp6". The address is a literal.
// Errors are *net.OpError.
func (r *Runner) Listen(network, address string) (*Listener, error) {
	return r.ListenWith(network, address, ListenConfig{})
}

// ListenTLS accepts TLS connections under cfg, otherwise as Listen.
func (r *Runner) ListenTLS(network, address string, cfg *tlssock.Config) (*Listener, error) {
	if cfg == nil {
		cfg = new(tlssock.Config) // which says what is missing
	}
	return r.ListenWith(network, address, ListenConfig{TLS: cfg})
}

// ListenWith is Listen with options.
func (r *Runner) ListenWith(network, address string, cfg ListenConfig) (*Listener, error) {
	local, err := listenAddr(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l := &Listener{r: r, only6: network == "tcp6"}
	if err := l.open(local, &cfg); err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: net.TCPAddrFromAddrPort(local), Err: explain(err)}
	}
	l.queue.init(&r.mu)
	r.listeners[l] = struct{}{}
	return l, nil
}

// Ports that are chosen for a listener lie where nobody has registered one (RFC 6335 §6).
const (
	firstFreePort = 49152
	freePorts     = 1<<16 - firstFreePort
)

// open tries the address, with port 0 one port after the other from a random one on.
func (l *Listener) open(local netip.AddrPort, cfg *ListenConfig) error {
	if l.r.closed() {
		return l.r.whyClosed()
	}
	if local.Port() != 0 {
		return l.bind(local, cfg)
	}
	start, err := rand.IntN(freePorts), error(nil)
	for k := range freePorts {
		err = l.bind(netip.AddrPortFrom(local.Addr(), uint16(firstFreePort+(start+k)%freePorts)), cfg)
		if !errors.Is(err, iface.ErrAddrInUse) {
			return err
		}
	}
	return err
}

func (l *Listener) bind(local netip.AddrPort, cfg *ListenConfig) error {
	r := l.r
	l.addr = local
	if cfg.TLS == nil {
		h, err := r.tcps.Listen(local, cfg.TCP)
		l.accept = func() (net.Conn, bool) { return l.acceptTCP(h) }
		l.remove = func() { r.tcps.RemoveListener(h) }
		return err
	}
	h, err := r.tlss.Listen(local, set.ListenConfig{TLS: cfg.TLS, TCP: cfg.TCP, HandshakeFailed: cfg.HandshakeFailed, AcceptEarly: cfg.AcceptEarly})
	l.accept = func() (net.Conn, bool) { return l.acceptTLS(h) }
	l.remove = func() { r.tlss.RemoveListener(h) }
	return err
}

// acceptor is a set that accepts.
type acceptor interface {
	Accept(set.ListenerHandle) (set.Handle, bool)
	Addrs(set.Handle) (local, remote netip.AddrPort, ok bool)
	Remove(set.Handle) bool
}

// take gives the next connection that a set has accepted and that is of the listener's network.
func (l *Listener) take(from acceptor, lh set.ListenerHandle) (h set.Handle, local, remote netip.AddrPort, ok bool) {
	for {
		if h, ok = from.Accept(lh); !ok {
			return h, local, remote, false
		}
		if local, remote, _ = from.Addrs(h); !l.only6 || !remote.Addr().Is4() {
			return h, local, remote, true
		}
		from.Remove(h)
	}
}

func (l *Listener) acceptTCP(lh set.ListenerHandle) (net.Conn, bool) {
	r := l.r
	h, local, remote, ok := l.take(r.tcps, lh)
	if !ok {
		return nil, false
	}
	s, _ := r.tcps.Get(h)
	c := &Conn{}
	c.init(r, &r.tcpHome, h, s, local, remote)
	return c, true
}

func (l *Listener) acceptTLS(lh set.ListenerHandle) (net.Conn, bool) {
	r := l.r
	h, local, remote, ok := l.take(r.tlss, lh)
	if !ok {
		return nil, false
	}
	s, _ := r.tlss.Get(h)
	c := &TLSConn{}
	if s.Engine().HandshakeComplete() {
		c.init(r, &r.tlsHome, h, s, local, remote)
	} else {
		c.init(r, &r.tlsHome, h, earlySocket{s}, local, remote)
	}
	return c, true
}

// listenAddr reads what Listen takes.
func listenAddr(network, address string) (netip.AddrPort, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return netip.AddrPort{}, &net.AddrError{Err: "not a port number", Addr: service}
	}
	any := netip.IPv6Unspecified() // of both families
	if network == "tcp4" {
		any = netip.IPv4Unspecified()
	}
	addr := any
	if host != "" {
		if addr, err = netip.ParseAddr(host); err != nil {
			return netip.AddrPort{}, &net.AddrError{Err: "not an IP address", Addr: host}
		}
	}
	if !suits(network, addr) {
		return netip.AddrPort{}, fmt.Errorf("%w: %s", &net.AddrError{Err: "not an address of this network", Addr: host}, network)
	}
	return netip.AddrPortFrom(addr, uint16(port)), nil
}

// suits reports whether addr may be used on a network of net.Dial's names.
func suits(network string, addr netip.Addr) bool {
	switch network {
	case "tcp":
		return true
	case "tcp4":
		return addr.Unmap().Is4()
	case "tcp6":
		return addr.Is6() && !addr.Is4In6()
	}
	return false
}

// news takes a connection for each who waits in Accept, and wakes them.
func (l *Listener) news() {
	for len(l.held) < l.queue.waiters {
		c, ok := l.accept()
		if !ok {
			return
		}
		l.held = append(l.held, c)
		l.queue.wake()
	}
}

// next gives the oldest connection.
func (l *Listener) next() (net.Conn, bool) {
	if len(l.held) == 0 {
		return l.accept()
	}
	c := l.held[0]
	l.held = append(l.held[:0], l.held[1:]...)
	return c, true
}

// Accept gives the next connection: a [*Conn], or a [*TLSConn] where the listener has a TLS configuration. It waits for
// one until the listener is closed or its deadline has passed.
func (l *Listener) Accept() (net.Conn, error) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	for {
		switch {
		case l.closed:
			return nil, l.fault("accept", l.r.whyClosed())
		case l.queue.expired():
			return nil, l.fault("accept", os.ErrDeadlineExceeded)
		}
		l.r.tick() // a handshake may begin
		c, ok := l.next()
		l.r.kick()
		if ok {
			return c, nil
		}
		if l.r.dead {
			return nil, l.fault("accept", l.r.whyClosed())
		}
		l.queue.wait()
	}
}

// SetDeadline ends calls of Accept, those under way too, at t with os.ErrDeadlineExceeded. The zero time is no
// deadline.
func (l *Listener) SetDeadline(t time.Time) error {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	if l.closed {
		return l.fault("set", net.ErrClosed)
	}
	l.queue.set(t)
	return nil
}

// ender is a Conn or a TLSConn.
type ender interface{ end() }

// Close ends the listener and the calls of Accept that wait. Connections that nobody has accepted are reset.
func (l *Listener) Close() error {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	if l.closed {
		return l.fault("close", net.ErrClosed)
	}
	l.end()
	l.r.kick()
	return nil
}

// end is Close under the lock.
func (l *Listener) end() {
	if l.closed {
		return
	}
	l.closed = true
	delete(l.r.listeners, l)
	l.remove()
	for _, c := range l.held {
		c.(ender).end()
	}
	l.held = nil
	l.queue.close()
}

// Addr gives what is listened on, a *net.TCPAddr.
func (l *Listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(l.addr) }

func (l *Listener) fault(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: l.Addr(), Err: explain(err)}
}
