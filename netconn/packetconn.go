package netconn

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"smoltls/iface"
)

// PacketConn is a UDP socket of a [Runner], what net.UDPConn is of the system: a net.PacketConn, and a net.Conn that
// talks to one peer when a [Dialer] made it. Its methods may be called by any number of goroutines. A datagram that
// comes when [iface.PacketConfig]'s default of them wait is lost, as they are.
type PacketConn struct {
	waiting
	s      iface.UDPSocket
	net    string         // "udp", "udp4" or "udp6"
	local  netip.AddrPort // as it was bound
	remote netip.AddrPort // the only one that it talks to; zero: it talks to everybody
}

var (
	_ net.PacketConn = (*PacketConn)(nil)
	_ net.Conn       = (*PacketConn)(nil)
)

// ListenPacket opens a UDP socket: a [*PacketConn]. network is "udp", "udp4" or "udp6"; address is one of ours, such as
// "192.0.2.1:53", or no host for all of them of that network; port 0 is one that is free. An error is a *net.OpError.
func (r *Runner) ListenPacket(network, address string) (net.PacketConn, error) {
	local, err := packetAddr(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	c, err := r.openPacket(network, local, netip.AddrPort{})
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: net.UDPAddrFromAddrPort(local), Err: explain(err)}
	}
	return c, nil
}

// packetAddr reads what ListenPacket takes.
func packetAddr(network, address string) (netip.AddrPort, error) {
	stream, ok := map[string]string{"udp": "tcp", "udp4": "tcp4", "udp6": "tcp6"}[network]
	if !ok {
		return netip.AddrPort{}, net.UnknownNetworkError(network)
	}
	return listenAddr(stream, address)
}

// openPacket makes a socket. With a remote its local address is that from which packets get there.
func (r *Runner) openPacket(network string, local, remote netip.AddrPort) (*PacketConn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed() {
		return nil, r.whyClosed()
	}
	r.tick()
	if remote.IsValid() {
		from, err := r.ifc.SourceFor(remote.Addr())
		if err != nil {
			return nil, err
		}
		local = netip.AddrPortFrom(from, 0)
	}
	c := &PacketConn{net: network, remote: remote}
	if err := r.ifc.OpenUDP(&c.s, c, local, iface.PacketConfig{}); err != nil {
		return nil, err
	}
	if remote.IsValid() {
		if err := c.s.Connect(remote); err != nil {
			c.s.Close()
			return nil, err
		}
	}
	c.local = c.s.LocalAddr()
	c.waiting.init(r)
	r.packets.add(c)
	return c, nil
}

// PacketEvent implements iface.PacketOwner: under the Runner's lock it wakes who can go on, one way or the other.
func (c *PacketConn) PacketEvent() { c.wake() }

// receive waits for a datagram and copies as much of it as p holds.
func (c *PacketConn) receive(p []byte) (n int, from netip.AddrPort, err error) {
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	for {
		if err := c.usable(&c.rd); err != nil {
			return 0, from, c.fault("read", c.remote, err)
		}
		b, m, err := c.s.Peek()
		switch {
		case err == nil && c.net == "udp6" && m.Remote.Addr().Is4():
			c.s.Discard()
			continue
		case err == nil:
			n = copy(p, b)
			c.s.Discard()
			return n, m.Remote, nil
		case !errors.Is(err, iface.ErrWouldBlock):
			return 0, from, c.fault("read", c.remote, err)
		case c.r.dead:
			return 0, from, c.fault("read", c.remote, c.r.whyClosed())
		}
		c.rd.wait()
	}
}

// send queues a datagram, and waits until there is room for it.
func (c *PacketConn) send(p []byte, to netip.AddrPort) error {
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	for {
		if err := c.usable(&c.wr); err != nil {
			return c.fault("write", to, err)
		}
		if c.r.dead {
			return c.fault("write", to, c.r.whyClosed())
		}
		err := c.s.TrySendTo(p, iface.Meta{Remote: to})
		c.r.kick()
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, iface.ErrWouldBlock):
			return c.fault("write", to, err)
		}
		c.wr.wait()
	}
}

// Read receives a datagram. What of it is longer than p is lost.
func (c *PacketConn) Read(p []byte) (int, error) {
	n, _, err := c.receive(p)
	return n, err
}

// ReadFrom receives a datagram, as Read, and gives who sent it: a *net.UDPAddr.
func (c *PacketConn) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := c.receive(p)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// ReadFromUDPAddrPort is ReadFrom without an allocation.
func (c *PacketConn) ReadFromUDPAddrPort(p []byte) (n int, from netip.AddrPort, err error) {
	return c.receive(p)
}

// Write sends p to the peer, as one datagram. It waits for room in our own queue, and for nothing else.
func (c *PacketConn) Write(p []byte) (int, error) {
	if !c.remote.IsValid() {
		return 0, c.fault("write", c.remote, iface.ErrAddress)
	}
	if err := c.send(p, c.remote); err != nil {
		return 0, err
	}
	return len(p), nil
}

// WriteTo sends p to addr, a *net.UDPAddr or another address whose String is an IP address and a port. On a socket that
// has one peer it is net.ErrWriteToConnected.
func (c *PacketConn) WriteTo(p []byte, addr net.Addr) (int, error) {
	var to netip.AddrPort
	switch a := addr.(type) {
	case nil:
	case *net.UDPAddr:
		to = a.AddrPort()
	default:
		to, _ = netip.ParseAddrPort(a.String())
	}
	return c.WriteToUDPAddrPort(p, to)
}

// WriteToUDPAddrPort is WriteTo without an allocation.
func (c *PacketConn) WriteToUDPAddrPort(p []byte, to netip.AddrPort) (int, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	switch {
	case c.remote.IsValid():
		return 0, c.fault("write", to, net.ErrWriteToConnected)
	case !to.IsValid() || !suitsUDP(c.net, to.Addr()):
		return 0, c.fault("write", to, iface.ErrAddress)
	}
	if err := c.send(p, to); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close ends the socket and every call that waits on it. What was written still goes out.
func (c *PacketConn) Close() error {
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	if c.closed {
		return c.fault("close", c.remote, net.ErrClosed)
	}
	c.end()
	c.r.kick()
	return nil
}

// end is Close under the lock.
func (c *PacketConn) end() {
	c.closed = true
	c.r.packets.leave(c)
	c.waiting.leave()
}

// LocalAddr gives our end, a *net.UDPAddr.
func (c *PacketConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.local) }

// RemoteAddr gives the peer, a *net.UDPAddr; nil: there is none.
func (c *PacketConn) RemoteAddr() net.Addr {
	if !c.remote.IsValid() {
		return nil
	}
	return net.UDPAddrFromAddrPort(c.remote)
}

// SetDeadline is SetReadDeadline and SetWriteDeadline.
func (c *PacketConn) SetDeadline(t time.Time) error { return c.setDeadline(t, &c.rd, &c.wr) }

// SetReadDeadline ends calls that read, those under way too, at t with os.ErrDeadlineExceeded. The zero time is no
// deadline. It is a time of the real clock.
func (c *PacketConn) SetReadDeadline(t time.Time) error { return c.setDeadline(t, &c.rd) }

// SetWriteDeadline is SetReadDeadline for calls that write.
func (c *PacketConn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, &c.wr) }

func (c *PacketConn) setDeadline(t time.Time, gates ...*gate) error {
	if err := c.waiting.setDeadline(t, gates...); err != nil {
		return c.fault("set", c.remote, err)
	}
	return nil
}

// fault is err as the net package gives it.
func (c *PacketConn) fault(op string, about netip.AddrPort, err error) error {
	e := &net.OpError{Op: op, Net: c.net, Source: c.LocalAddr(), Err: explain(err)}
	if about.IsValid() {
		e.Addr = net.UDPAddrFromAddrPort(about)
	}
	return e
}

// packetConns are a Runner's UDP sockets.
type packetConns struct {
	open    map[*PacketConn]struct{}
	leaving []*PacketConn // closed, with something left to send
}

func (p *packetConns) add(c *PacketConn) {
	if p.open == nil {
		p.open = make(map[*PacketConn]struct{})
	}
	p.open[c] = struct{}{}
}

// leave takes c out, and keeps it as long as it has something left to send.
func (p *packetConns) leave(c *PacketConn) {
	delete(p.open, c)
	if c.s.Unsent() == 0 {
		c.s.Close()
		return
	}
	p.leaving = append(p.leaving, c)
}

// sweep ends those that have sent all.
func (p *packetConns) sweep() {
	if len(p.leaving) == 0 {
		return
	}
	left := p.leaving[:0]
	for _, c := range p.leaving {
		if c.s.Unsent() == 0 {
			c.s.Close()
		} else {
			left = append(left, c)
		}
	}
	clear(p.leaving[len(left):])
	p.leaving = left
}

// wake makes all that wait look again.
func (p *packetConns) wake() {
	for c := range p.open {
		c.wake()
	}
}

// dialPacket opens a socket that talks to one peer: at the first of the host's addresses that there is a way to. remote
// is the address that an error is about, if it is about one.
func (d *Dialer) dialPacket(ctx context.Context, network, host string, port uint16) (c *PacketConn, remote netip.AddrPort, err error) {
	addrs, err := d.packetAddrs(ctx, network, host)
	if err != nil {
		return nil, remote, err
	}
	for _, a := range addrs {
		to := netip.AddrPortFrom(a, port)
		c, e := d.Runner.openPacket(network, netip.AddrPort{}, to)
		if e == nil {
			return c, to, nil
		}
		if err == nil {
			remote, err = to, e // the first tells
		}
	}
	return nil, remote, err
}

// packetAddrs finds the addresses of host, IPv6's first.
func (d *Dialer) packetAddrs(ctx context.Context, network, host string) (all []netip.Addr, err error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if !suitsUDP(network, addr) {
			return nil, &net.AddrError{Err: "not an address of network " + network, Addr: host}
		}
		return []netip.Addr{addr.Unmap()}, nil
	}
	if d.Resolver == nil {
		return nil, noResolver(host)
	}
	for _, family := range []string{"ip6", "ip4"} {
		if last := network[len(network)-1]; last != 'p' && last != family[2] {
			continue
		}
		found, e := d.Resolver.LookupNetIP(ctx, family, host)
		all = append(all, ofFamily(found, family == "ip6")...)
		if e != nil && err == nil {
			err = e
		}
	}
	if len(all) > 0 {
		return all, nil
	}
	if err == nil {
		err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return nil, err
}

// suitsUDP is suits for UDP's networks.
func suitsUDP(network string, a netip.Addr) bool {
	return suits("tcp"+network[len("udp"):], a)
}
