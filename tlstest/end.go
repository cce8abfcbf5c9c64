package tlstest

import (
	"crypto/tls"
	"io"
	"net"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// End is what one end of a connection is told: who it is and whom it accepts.
type End struct {
	Role tlssock.Role
	Own  *Identity        // nil: none
	Peer *Identity        // the only one that is accepted
	Name string           // that a client asks for, and that the server's certificate must have
	Now  func() time.Time // the present

	KeyLog io.Writer // nil: none
}

// A Handshake makes a TLS connection of a TCP connection, as the end that it is told to be, and returns when its
// handshake is done. When it fails it closes conn, after telling the peer why. The error is what it found wrong.
type Handshake func(conn net.Conn, e End) (net.Conn, error)

// Config gives the end's configuration for tlssock.
func (e End) Config() *tlssock.Config {
	c := &tlssock.Config{KeyLogWriter: e.KeyLog}
	if e.Own != nil {
		c.Certificates = []tls.Certificate{e.Own.Certificate()}
	}
	if e.Peer != nil {
		c.Trust = e.Peer.Trust()
		c.SignatureSchemes = schemesFor(e.Peer.Leaf.KeyType)
	}
	if e.Role == tlssock.RoleServer {
		c.ClientAuth = tls.RequireAndVerifyClientCert
	} else {
		c.ServerName = e.Name
	}
	return c
}

// StdConfig gives the end's configuration for crypto/tls.
func (e End) StdConfig() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS13, Time: e.Now, KeyLogWriter: e.KeyLog}
	if e.Own != nil {
		c.Certificates = []tls.Certificate{e.Own.Certificate()}
	}
	if e.Role == tlssock.RoleServer {
		c.ClientAuth = tls.RequireAndVerifyClientCert
		c.ClientCAs = e.Peer.Pool()
	} else {
		c.ServerName = e.Name
		c.RootCAs = e.Peer.Pool()
	}
	return c
}

// StdTLS is a [Handshake] of crypto/tls.
func StdTLS(conn net.Conn, e End) (net.Conn, error) {
	c := tls.Client(conn, e.StdConfig())
	if e.Role == tlssock.RoleServer {
		c = tls.Server(conn, e.StdConfig())
	}
	if err := c.Handshake(); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

// rareSchemes are those that tlssock takes only when it is told so, by the kind of key. crypto/tls does not name those
// of Ed448 (RFC 8446 §4.2.3) and ML-DSA (draft-ietf-tls-mldsa §3).
var rareSchemes = map[x509lite.KeyType]tls.SignatureScheme{
	x509lite.ECDSAP521:  tls.ECDSAWithP521AndSHA512,
	x509lite.Ed448Key:   0x0808,
	x509lite.MLDSA44Key: 0x0904,
	x509lite.MLDSA65Key: 0x0905,
	x509lite.MLDSA87Key: 0x0906,
}

// schemesFor gives the signature schemes to take of a peer with such a key; nil: the usual ones.
func schemesFor(typ x509lite.KeyType) []tls.SignatureScheme {
	if s, rare := rareSchemes[typ]; rare {
		return []tls.SignatureScheme{s}
	}
	return nil
}
