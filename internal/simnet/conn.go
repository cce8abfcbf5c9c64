package simnet

import (
	"crypto/tls"

	"smoltls/tcp"
	"smoltls/tlssock"
)

// conn is what an endpoint needs of a socket, plain or TLS.
type conn interface {
	TryRead(p []byte) (int, error)
	TryWrite(p []byte) (int, error)
	CloseWrite() error
	Close() error
	Abort()
	Err() error
	Commit(n int) error

	open() bool // connected, TLS's handshake done, and not failed before that
	peek() ([]byte, error)
	discard(n int)
	reserve(n int) ([]byte, error) // space of about n bytes or more; its length is what may be used
	tell() string
	early(p []byte) (int, error) // writes early data, if that can be done
	update(request bool) error   // moves the keys on
	ask(policy tls.ClientAuthType) (request uint32, err error)
	answer() (tlssock.ClientCertificateAnswer, bool)
}

type tcpConn struct{ *tcp.Socket }

func (c tcpConn) open() bool {
	switch c.State() {
	case tcp.StateSynSent, tcp.StateSynReceived:
		return false
	case tcp.StateClosed:
		return c.Err() == nil
	}
	return true
}

func (c tcpConn) peek() ([]byte, error) {
	b := c.Peek()
	if len(b) > 0 {
		return b, nil
	}
	_, err := c.Discard(1)
	return nil, err
}

func (c tcpConn) discard(n int) { c.Discard(n) }

func (c tcpConn) reserve(n int) ([]byte, error) {
	b := c.AvailableBuffer(n)
	if b == nil {
		if _, err := c.TryWrite(nil); err != nil {
			return nil, err
		}
		return nil, tcp.ErrWouldBlock
	}
	return b[:cap(b)], nil
}

func (c tcpConn) tell() string              { return tellTCP(c.Socket) }
func (c tcpConn) early([]byte) (int, error) { return 0, tlssock.ErrNoEarlyData }
func (c tcpConn) update(bool) error         { return nil }

func (c tcpConn) ask(tls.ClientAuthType) (uint32, error)               { return 0, tlssock.ErrNoPostHandshakeAuth }
func (c tcpConn) answer() (a tlssock.ClientCertificateAnswer, ok bool) { return a, false }

type tlsConn struct{ *tlssock.Socket }

func (c tlsConn) open() bool            { return c.Engine().HandshakeComplete() }
func (c tlsConn) peek() ([]byte, error) { return c.Peek() }
func (c tlsConn) discard(n int)         { c.Discard(n) }

func (c tlsConn) early(p []byte) (int, error) { return c.TryWriteEarly(p) }
func (c tlsConn) update(request bool) error   { return c.KeyUpdate(request) }

func (c tlsConn) ask(policy tls.ClientAuthType) (uint32, error) {
	return c.RequestClientCertificate(policy)
}
func (c tlsConn) answer() (tlssock.ClientCertificateAnswer, bool) { return c.ClientCertificateAnswer() }

func (c tlsConn) reserve(n int) ([]byte, error) {
	b, err := c.AvailableBuffer(min(n, c.Engine().MaxPlaintext())) // the peer may want short records
	return b[:cap(b)], err
}

func (c tlsConn) tell() string { return c.State().String() + " over " + tellTCP(c.Transport()) }
