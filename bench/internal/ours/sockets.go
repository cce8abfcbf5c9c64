package ours

import (
	"errors"
	"fmt"
	"net/netip"

	"smoltls/bench/internal/load"
	"smoltls/iface"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// stream is what a TCP socket and a TLS socket have in common.
type stream interface {
	TryRead(p []byte) (int, error)
	TryWrite(p []byte) (int, error)
	Close() error
	Err() error
}

// sockets is a set of either kind, with its listeners.
type sockets interface {
	listen(at netip.AddrPort) error
	accept() (set.Handle, bool)
	connect(to netip.AddrPort) (set.Handle, error)
	get(h set.Handle) (stream, bool)
	remove(h set.Handle)
	established(h set.Handle) bool
	serveReady(serve func(set.Handle) error) (any bool, err error)
	left() int // sockets that have a handle, or still have something to send
}

// tcpConfig gives our sockets the buffers that all contenders have.
var tcpConfig = &tcp.Config{SendBuffer: load.Buffer, RecvBuffer: load.Buffer}

// wouldBlock reports that a call can be made again later.
func wouldBlock(err error) bool {
	return errors.Is(err, tcp.ErrWouldBlock) || errors.Is(err, tlssock.ErrWouldBlock)
}

// plain is TCP alone.
type plain struct {
	*set.TCPSocketSet
	listeners []set.ListenerHandle
}

func newPlain(ifc *iface.Interface) *plain {
	return &plain{TCPSocketSet: set.NewTCP(ifc, set.Limits{})}
}

func (p *plain) listen(at netip.AddrPort) error {
	l, err := p.Listen(at, tcp.ListenConfig{Config: tcpConfig})
	p.listeners = append(p.listeners, l)
	return err
}

func (p *plain) accept() (set.Handle, bool) {
	for _, l := range p.listeners {
		if h, ok := p.Accept(l); ok {
			return h, true
		}
	}
	return set.Handle{}, false
}

func (p *plain) connect(to netip.AddrPort) (set.Handle, error) { return p.Connect(to, tcpConfig) }

func (p *plain) get(h set.Handle) (stream, bool) {
	s, ok := p.Get(h)
	return s, ok
}

func (p *plain) remove(h set.Handle) { p.Remove(h) }

func (p *plain) established(h set.Handle) bool {
	s, ok := p.Get(h)
	return ok && s.State() == tcp.StateEstablished
}

func (p *plain) serveReady(serve func(set.Handle) error) (any bool, err error) {
	for h := range p.Ready() {
		any = true
		if serve == nil {
			continue
		}
		if err := serve(h); err != nil {
			return true, err
		}
	}
	return any, nil
}

func (p *plain) left() int { return p.Len() }

// secure is TLS. An end that only connects or only listens needs only one of the configurations.
type secure struct {
	*set.TLSSocketSet
	listeners      []set.ListenerHandle
	client, server *tlssock.Config
	failed         error // a handshake that the server refused
}

func newSecure(ifc *iface.Interface, client, server *tlssock.Config) *secure {
	return &secure{TLSSocketSet: set.NewTLS(ifc, set.Limits{}), client: client, server: server}
}

func (s *secure) listen(at netip.AddrPort) error {
	cfg := set.ListenConfig{TLS: s.server, TCP: tcp.ListenConfig{Config: tcpConfig}, HandshakeFailed: func(_ netip.AddrPort, err error) {
		s.failed = fmt.Errorf("server's handshake: %w", err)
	}}
	l, err := s.Listen(at, cfg)
	s.listeners = append(s.listeners, l)
	return err
}

func (s *secure) accept() (set.Handle, bool) {
	for _, l := range s.listeners {
		if h, ok := s.Accept(l); ok {
			return h, true
		}
	}
	return set.Handle{}, false
}

func (s *secure) connect(to netip.AddrPort) (set.Handle, error) {
	return s.ConnectTCP(to, s.client, tcpConfig)
}

func (s *secure) get(h set.Handle) (stream, bool) {
	t, ok := s.Get(h)
	return t, ok
}

func (s *secure) remove(h set.Handle) { s.Remove(h) }

func (s *secure) established(h set.Handle) bool {
	t, ok := s.Get(h)
	return ok && t.State() == tlssock.StateEstablished
}

func (s *secure) serveReady(serve func(set.Handle) error) (any bool, err error) {
	for h := range s.Ready() {
		any = true
		if serve == nil {
			continue
		}
		if err := serve(h); err != nil {
			return true, err
		}
	}
	return any, nil
}

func (s *secure) left() int { return s.Len() + s.Lingering() }
