package netconn

import (
	"crypto/tls"
	"crypto/x509"

	"smoltls/tlssock"
)

// TLSConn is a TLS 1.3 connection of a [Runner] whose handshake is done, unless it was asked for before that: see [Dialer.EarlyData] and [ListenConfig.AcceptEarly].
type TLSConn struct {
	Conn
}

// State gives what was negotiated, after Close too.
func (c *TLSConn) State() tlssock.ConnectionState {
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	if c.last != nil {
		return *c.last
	}
	return tlsOf(c.s).ConnectionState()
}

// ConnectionState gives what was negotiated in crypto/tls's form, for programs that look for this method, as net/http does. The peer's certificate stands there if crypto/x509 can parse it;
// VerifiedChains stay empty, because it was x509lite that verified it: see [TLSConn.State].
func (c *TLSConn) ConnectionState() tls.ConnectionState {
	c.r.mu.Lock()
	complete := c.closed || tlsOf(c.s).Engine().HandshakeComplete()
	c.r.mu.Unlock()
	s := c.State()
	cs := tls.ConnectionState{
		Version: s.Version, HandshakeComplete: complete, DidResume: s.DidResume, CipherSuite: s.CipherSuite, CurveID: s.CurveID,
		NegotiatedProtocol: s.NegotiatedProtocol, ServerName: s.ServerName,
		OCSPResponse: s.OCSPResponse, SignedCertificateTimestamps: s.SignedCertificateTimestamps, HelloRetryRequest: s.HelloRetryRequest,
	}
	for _, peer := range s.PeerCertificates {
		if cert, err := x509.ParseCertificate(peer.Raw); err == nil {
			cs.PeerCertificates = append(cs.PeerCertificates, cert)
		}
	}
	return cs
}
