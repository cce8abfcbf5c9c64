package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"
)

func TestCertificateForClient(t *testing.T) {
	other := makeID(t, "P-256", testServerName)
	for _, wait := range []bool{false, true} {
		for _, none := range []bool{false, true} { // in Certificates
			var own tls.Certificate
			p := newPair(t, func(c, s *Config) {
				own = s.Certificates[0]
				if none {
					s.Certificates = nil
				}
				s.GetCertificate = func(info *tls.ClientHelloInfo) (*tls.Certificate, error) {
					if info.ServerName != testServerName {
						t.Errorf("asked for %q", info.ServerName)
					}
					if err := SupportsCertificate(info, &own); err != nil {
						t.Error(err)
					}
					if wait {
						return nil, ErrPending
					}
					return &other.cert, nil
				}
				c.Trust = other.pin()
			})
			p.handshake()
			p.answerAll(func(q *Pending) Answer { return Answer{Certificate: &other.cert} })
			p.mustBeOpen()
			if got := p.client.ConnectionState().PeerCertificates[0]; !bytes.Equal(got.Raw, other.leaf.Raw) {
				t.Error("another certificate was presented")
			}
			p.exchange("data")
		}
	}
}

// As in crypto/tls: with Certificates, and without a name, there is nothing to ask.
func TestCertificateIsAskedForOnlyWhereItMatters(t *testing.T) {
	for _, c := range []struct{ name, certs, asked bool }{{true, true, true}, {false, true, false}, {true, false, true}, {false, false, true}} {
		asked := false
		p := newPair(t, func(cc, s *Config) {
			cert := s.Certificates[0]
			s.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
				asked = true
				return &cert, nil
			}
			if !c.name {
				cc.ServerName = ""
			}
			if !c.certs {
				s.Certificates = nil
			}
		})
		p.mustHandshake()
		if asked != c.asked {
			t.Errorf("%+v: asked %v", c, asked)
		}
	}
}

func TestNoCertificateForClient(t *testing.T) {
	for _, c := range []struct {
		certs bool
		err   error
		alert Alert
	}{{true, nil, 0}, {false, nil, AlertUnrecognizedName}, {true, errToken, AlertInternalError}, {true, tls.AlertError(AlertAccessDenied), AlertAccessDenied}} {
		p := newPair(t, func(_, s *Config) {
			s.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, c.err }
			if !c.certs {
				s.Certificates = nil
			}
		})
		p.handshake()
		if c.alert == 0 {
			p.mustBeOpen()
			continue
		}
		p.wantAlert(p.server, c.alert)
		if c.err != nil && !errors.Is(p.server.Err(), c.err) {
			t.Error(p.server.Err())
		}
	}
}

func TestUnusableCertificateIsOurFault(t *testing.T) {
	p := newPair(t, func(_, s *Config) {
		cert := tls.Certificate{Certificate: [][]byte{{1}}, PrivateKey: keyOnce["Ed25519"]()}
		s.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &cert, nil }
	})
	p.handshake()
	p.wantAlert(p.server, AlertInternalError)
	if !errors.Is(p.server.Err(), ErrConfig) {
		t.Error(p.server.Err())
	}
}

// A server all of whose certificates are given by GetCertificate resumes as any other, without asking for one.
func TestAServerOfGivenCertificatesResumes(t *testing.T) {
	asked := 0
	p := newResumingPair(t, func(_, s *Config) {
		cert := s.Certificates[0]
		s.Certificates = nil
		s.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { asked++; return &cert, nil }
	})
	if p.again() || !p.again() || asked != 1 {
		t.Errorf("not resumed, or asked %d times", asked)
	}
}

// A certificate that is given again is not read again, and no more of them are kept than the bound says.
func TestGivenCertificatesAreKeptReady(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	p := prepared{given: &givenCertificates{}}
	first, err := p.identityOf(&id.cert)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := p.identityOf(&id.cert); &again[0] != &first[0] {
		t.Error("it was read again")
	}
	for range 2 * maxGiven {
		copied := id.cert
		if _, err := p.identityOf(&copied); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(*p.given.list.Load()); n != maxGiven {
		t.Errorf("%d are kept", n)
	}
}

func TestClientCertificateForServer(t *testing.T) {
	other := makeID(t, "P-256", testClientName)
	for _, wait := range []bool{false, true} {
		p := newPair(t, func(c, s *Config) {
			c.GetClientCertificate = func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
				if err := info.SupportsCertificate(&other.cert); err != nil || info.Version != tls.VersionTLS13 || len(info.AcceptableCAs) != 1 {
					t.Errorf("%v: %+v", err, info)
				}
				if wait {
					return nil, ErrPending
				}
				return &other.cert, nil
			}
			s.Trust = other.pin()
			s.CertificateAuthorities = [][]byte{other.leaf.RawIssuer}
		})
		p.handshake()
		p.answerAll(func(*Pending) Answer { return Answer{Certificate: &other.cert} })
		p.mustBeOpen()
		if got := p.server.ConnectionState().PeerCertificates[0]; !bytes.Equal(got.Raw, other.leaf.Raw) {
			t.Error("another certificate was presented")
		}
	}
}

func TestClientCertificatesThatAreNone(t *testing.T) {
	rsa := makeID(t, "RSA-2048", testClientName)
	for name, c := range map[string]struct {
		cert  *tls.Certificate
		err   error
		alert Alert
	}{
		"empty":        {cert: &tls.Certificate{}},
		"nil":          {alert: AlertInternalError},
		"error":        {err: errToken, alert: AlertInternalError},
		"no scheme":    {cert: &rsa.cert, alert: AlertHandshakeFailure},
		"raw key":      {cert: &tls.Certificate{PrivateKey: keyOnce["Ed25519"]()}, alert: AlertHandshakeFailure},
		"unusable":     {cert: &tls.Certificate{Certificate: [][]byte{{1}}, PrivateKey: keyOnce["Ed25519"]()}, alert: AlertInternalError},
		"alert's name": {err: tls.AlertError(AlertAccessDenied), alert: AlertAccessDenied},
	} {
		p := newPair(t, func(cc, s *Config) {
			cc.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return c.cert, c.err }
			s.ClientAuth = tls.RequestClientCert
			s.SignatureSchemes = []tls.SignatureScheme{tls.Ed25519}
		})
		p.handshake()
		t.Log(name)
		if c.alert != 0 {
			p.wantAlert(p.client, c.alert)
			continue
		}
		p.mustBeOpen()
		if got := p.server.ConnectionState().PeerCertificates; len(got) != 0 {
			t.Error("a certificate was presented")
		}
	}
}
