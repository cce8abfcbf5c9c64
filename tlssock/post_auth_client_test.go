package tlssock

import (
	"crypto/tls"
	"errors"
	"fmt"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// rawRequest is a CertificateRequest as a server would send it.
func rawRequest(t testing.TB, context string, has ...wire.ExtensionType) []byte {
	t.Helper()
	raw, err := (&wire.CertificateRequest{Context: []byte(context), Has: wire.SetOf(has...), SignatureAlgorithms: offeredSchemes(false)}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRequestsAfterTheHandshakeThatAClientRefuses(t *testing.T) {
	for _, c := range []struct {
		name     string
		requests [][]byte
		want     Alert
		is       error
	}{
		{"repeated context", [][]byte{rawRequest(t, "a", wire.ExtSignatureAlgorithms), rawRequest(t, "b", wire.ExtSignatureAlgorithms), rawRequest(t, "a", wire.ExtSignatureAlgorithms)}, AlertIllegalParameter, ErrRequestContext},
		{"empty context", [][]byte{rawRequest(t, "", wire.ExtSignatureAlgorithms)}, AlertIllegalParameter, ErrRequestContext},
		{"no signature_algorithms", [][]byte{rawRequest(t, "a")}, AlertMissingExtension, nil},
		{"cut", [][]byte{{byte(wire.TypeCertificateRequest), 0, 0, 1, 1}}, AlertDecodeError, wire.ErrSyntax},
	} {
		p := postPair(t)
		p.mustHandshake()
		p.server.state = &rogueSink{}
		for _, raw := range c.requests {
			p.server.queueRecords(wire.Handshake, raw)
		}
		p.run()
		t.Log(c.name)
		p.wantAlert(p.client, c.want)
		if c.is != nil && !errors.Is(p.client.Err(), c.is) {
			t.Error(p.client.Err())
		}
	}
}

func TestRequestsAfterTheHandshakeAreLimited(t *testing.T) {
	p := postPair(t, func(c, _ *Config) { c.Limits.CertificateRequests = 3 })
	p.mustHandshake()
	for range 3 {
		request := p.ask(tls.RequireAnyClientCert)
		p.run()
		p.wantAnswer(request, true)
		p.exchange("does not start the count again")
	}
	p.ask(tls.RequireAnyClientCert)
	p.run()
	p.wantAlert(p.client, AlertUnexpectedMessage)
	if !errors.Is(p.client.Err(), ErrTooManyRequests) {
		t.Error(p.client.Err())
	}
}

// Several requests while the first waits for its signature: data flows, keys are updated, and the answers come one
// after the other.
func TestAnswersThatComeLaterAfterTheHandshake(t *testing.T) {
	p := postPair(t, func(c, s *Config) { later(c, &Config{Certificates: []tls.Certificate{{}}}) })
	p.mustHandshake()
	var requests []uint32
	for range 3 {
		requests = append(requests, p.ask(tls.RequireAndVerifyClientCert))
		p.run()
		p.exchange("meanwhile")
	}
	if err := p.client.KeyUpdate(true); err != nil {
		t.Fatal(err)
	}
	p.run()
	if p.client.ConnectionState().LocalCertificate != nil {
		t.Error("the client says that it has shown what it has not")
	}
	kinds := p.answerAll(func(q *Pending) Answer { return q.Sign() })
	if fmt.Sprint(kinds) != "[signature signature signature]" {
		t.Error(kinds)
	}
	for _, r := range requests {
		p.wantAnswer(r, true)
	}
	if p.client.ConnectionState().LocalCertificate == nil {
		t.Error("the client does not say what it has shown")
	}
	p.exchange("goes on")
}

// What waits for an answer is bounded by its size, too.
func TestRequestsThatWaitAreBounded(t *testing.T) {
	p := postPair(t, func(c, s *Config) {
		later(c, &Config{Certificates: []tls.Certificate{{}}})
		c.Limits.HandshakeMessage = 1000
	})
	p.mustHandshake()
	p.server.state = &rogueSink{}
	for n := range 20 {
		p.server.queueRecords(wire.Handshake, rawRequest(t, fmt.Sprintf("%0200d", n), wire.ExtSignatureAlgorithms))
	}
	p.run()
	p.wantAlert(p.client, AlertUnexpectedMessage)
	if !errors.Is(p.client.Err(), ErrTooManyRequests) || p.client.Pending() != nil {
		t.Error(p.client.Err(), p.client.Pending())
	}
}

func TestClientCertificateOfACallbackAfterTheHandshake(t *testing.T) {
	own := makeID(t, "P-256", testClientName)
	for _, wait := range []bool{false, true} {
		for _, c := range []struct {
			name      string
			cert      *tls.Certificate
			err       error
			presented bool
			want      Alert
		}{
			{"one", &own.cert, nil, true, 0},
			{"none", &tls.Certificate{}, nil, false, 0},
			{"nothing", nil, nil, false, AlertInternalError},
			{"an error", nil, errToken, false, AlertInternalError},
		} {
			p := postPair(t, func(cc, s *Config) {
				s.Trust = own.pin()
				cc.Certificates = nil
				cc.GetClientCertificate = func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
					if len(info.SignatureSchemes) == 0 {
						t.Error("no schemes")
					}
					if wait {
						return nil, ErrPending
					}
					return c.cert, c.err
				}
			})
			p.mustHandshake()
			request := p.ask(tls.VerifyClientCertIfGiven)
			p.answerAll(func(*Pending) Answer { return Answer{Certificate: c.cert, Err: c.err} })
			t.Log(c.name, wait)
			if c.want != 0 {
				p.wantAlert(p.client, c.want)
				continue
			}
			p.wantAnswer(request, c.presented)
			p.exchange("goes on")
		}
	}
}

// A client that has said its last word does not answer any more, not even what it had begun to.
func TestRequestsAfterTheClientHasClosed(t *testing.T) {
	p := postPair(t)
	p.mustHandshake()
	p.ask(tls.RequireAnyClientCert)
	p.client.CloseWrite()
	p.run()
	p = postPair(t, func(c, s *Config) { later(c, &Config{Certificates: []tls.Certificate{{}}}) })
	p.mustHandshake()
	p.ask(tls.RequireAnyClientCert)
	p.ask(tls.RequireAnyClientCert)
	p.run()
	p.client.CloseWrite()
	p.answerAll(func(q *Pending) Answer { return q.Sign() })
	if p.client.Err() != nil || p.server.Err() != nil || !p.server.PeerClosed() {
		t.Fatal(p.client.Err(), p.server.Err())
	}
	if _, ok := p.server.ClientCertificateAnswer(); ok {
		t.Error("answered after close_notify")
	}
}

// A client that must not go on without a certificate does not after the handshake either.
func TestOwnCertificateRequiredAfterTheHandshake(t *testing.T) {
	p := postPair(t, func(c, s *Config) {
		c.RequireOwnCertificate = true
		s.SignatureSchemes = []tls.SignatureScheme{tls.ECDSAWithP384AndSHA384}
	})
	p.mustHandshake()
	p.ask(tls.RequestClientCert)
	p.run()
	p.wantAlert(p.client, AlertHandshakeFailure)
	if !errors.Is(p.client.Err(), ErrNoCommonScheme) {
		t.Error(p.client.Err())
	}
}
