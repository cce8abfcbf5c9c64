package netconn

import (
	"crypto/tls"
	"crypto/x509"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// TLSConn is a TLS 1.3 connection of a [Runner] whose handshake is done, unless it was asked for before that: see
// [Dialer.EarlyData] and [ListenConfig.AcceptEarly].
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

// ConnectionState gives what was negotiated in crypto/tls's form, for programs that look for this method, as net/http
// does. Certificates stand there if crypto/x509 can parse them. VerifiedChains are the paths to a root by which
// x509lite accepted the peer: none for one that is pinned.
func (c *TLSConn) ConnectionState() tls.ConnectionState {
	s := c.State()
	cs := tls.ConnectionState{
		Version: s.Version, HandshakeComplete: s.HandshakeComplete, DidResume: s.DidResume, CipherSuite: s.CipherSuite, CurveID: s.CurveID,
		NegotiatedProtocol: s.NegotiatedProtocol, ServerName: s.ServerName,
		OCSPResponse: s.OCSPResponse, SignedCertificateTimestamps: s.SignedCertificateTimestamps, HelloRetryRequest: s.HelloRetryRequest,
	}
	std := stdCertificates{}
	cs.PeerCertificates = std.of(s.PeerCertificates)
	for _, path := range s.VerifiedChains {
		if chain := std.of(path); len(chain) == len(path) {
			cs.VerifiedChains = append(cs.VerifiedChains, chain)
		}
	}
	return cs
}

// stdCertificates are those that have been parsed by crypto/x509; nil for one that it can't parse.
type stdCertificates map[*x509lite.Certificate]*x509.Certificate

// of gives those of the certificates that can be parsed.
func (s stdCertificates) of(chain []*x509lite.Certificate) (all []*x509.Certificate) {
	for _, c := range chain {
		std, known := s[c]
		if !known {
			std, _ = x509.ParseCertificate(c.Raw)
			s[c] = std
		}
		if std != nil {
			all = append(all, std)
		}
	}
	return all
}
