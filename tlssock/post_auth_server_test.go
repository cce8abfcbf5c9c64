package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"testing"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

func TestRequestsThatCantBeMade(t *testing.T) {
	p := postPair(t, func(_, s *Config) { s.Trust = nil })
	want := func(e *Engine, policy tls.ClientAuthType, is error) {
		t.Helper()
		if n, err := e.RequestClientCertificate(policy); !errors.Is(err, is) || n != 0 {
			t.Errorf("%v: %d, %v; want %v", policy, n, err, is)
		}
	}
	want(p.server, tls.RequestClientCert, ErrHandshakeIncomplete)
	p.mustHandshake()
	want(p.client, tls.RequestClientCert, ErrNoPostHandshakeAuth)
	want(p.server, tls.NoClientCert, ErrConfig)
	want(p.server, 99, ErrConfig)
	want(p.server, tls.RequireAndVerifyClientCert, ErrConfig)
	for range DefaultCertificateAnswers {
		p.ask(tls.RequestClientCert)
	}
	want(p.server, tls.RequestClientCert, ErrTooManyAnswers)
	p.run()
	want(p.server, tls.RequestClientCert, ErrTooManyAnswers) // nobody has taken them
	for n := range DefaultCertificateAnswers {
		p.wantAnswer(uint32(n+1), true)
	}
	if n := p.ask(tls.RequestClientCert); n != DefaultCertificateAnswers+1 {
		t.Error("number", n)
	}
	p.client.CloseWrite()
	p.run()
	want(p.server, tls.RequestClientCert, io.EOF)
	p.server.CloseWrite()
	want(p.server, tls.RequestClientCert, ErrWriteClosed)
	p.server.Free()
	want(p.server, tls.RequestClientCert, ErrFreed)
}

// What the policy makes of a client that shows nothing, or what is not trusted.
func TestPolicyOfARequest(t *testing.T) {
	other := makeID(t, "P-256-other", testClientName)
	for _, c := range []struct {
		policy    tls.ClientAuthType
		empty     Alert // to no certificate
		untrusted Alert
	}{
		{tls.RequestClientCert, 0, 0},
		{tls.RequireAnyClientCert, AlertCertificateRequired, 0},
		{tls.VerifyClientCertIfGiven, 0, AlertUnknownCA},
		{tls.RequireAndVerifyClientCert, AlertCertificateRequired, AlertUnknownCA},
	} {
		t.Log(c.policy)
		p := postPair(t, func(c, _ *Config) { c.Certificates = nil })
		p.mustHandshake()
		request := p.ask(c.policy)
		p.run()
		if c.empty != 0 {
			p.wantAlert(p.server, c.empty)
			if !errors.Is(p.server.Err(), ErrNoClientCertificate) {
				t.Error(p.server.Err())
			}
		} else {
			a := p.wantAnswer(request, false)
			if a.ConnectionState.PeerVerified || a.ConnectionState.PeerCertificates != nil {
				t.Errorf("%+v", a.ConnectionState)
			}
			p.exchange("of nobody")
		}
		p = postPair(t, func(_, s *Config) { s.Trust = other.pin() })
		p.mustHandshake()
		request = p.ask(c.policy)
		p.run()
		if c.untrusted != 0 {
			p.wantAlert(p.server, c.untrusted)
			if !errors.Is(p.server.Err(), x509lite.ErrNotPinned) {
				t.Error(p.server.Err())
			}
			continue
		}
		if a := p.wantAnswer(request, true); a.ConnectionState.PeerVerified || len(a.ConnectionState.PeerCertificates) != 1 {
			t.Errorf("%+v", a.ConnectionState)
		}
	}
}

// A client that was known and then declines is who it was.
func TestDecliningTakesNothingAway(t *testing.T) {
	p := postPair(t, func(c, s *Config) {
		s.ClientAuth = tls.RequireAndVerifyClientCert
		own, asked := c.Certificates[0], 0
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if asked++; asked > 1 {
				return &tls.Certificate{}, nil
			}
			return &own, nil
		}
	})
	p.mustHandshake()
	request := p.ask(tls.VerifyClientCertIfGiven)
	p.run()
	if a := p.wantAnswer(request, false); !a.ConnectionState.PeerVerified || len(a.ConnectionState.PeerCertificates) != 1 {
		t.Errorf("%+v", a.ConnectionState)
	}
}

// captured is a client that keeps requests and answers none by itself.
type captured struct{ requests [][]byte }

func (c *captured) handle(m message) (state, error) {
	c.requests = append(c.requests, bytes.Clone(m.raw))
	return c, nil
}

// answerTo gives the messages by which the client answers a request that was captured.
func (p *pair) answerTo(raw []byte) [][]byte {
	p.t.Helper()
	e := p.client
	var msg wire.CertificateRequest
	if err := msg.Parse(raw[wire.HeaderLen:]); err != nil {
		p.t.Fatal(err)
	}
	h := e.env.lendClient()
	kept := e.authenticate(&h.handshake)
	defer e.endPostAuth(true)
	h.context = msg.Context
	err := h.transcript.SetState(h.suite.Hash, kept.transcript)
	if err == nil {
		err = h.transcript.Add(raw)
	}
	if err == nil {
		err = h.chooseIdentity(&msg)
	}
	if err == nil {
		_, err = h.emitCertificate()
	}
	if err == nil {
		err = h.emitFinished(e.out.Secret())
	}
	if err != nil {
		p.t.Fatal(err)
	}
	var list [][]byte
	for rest := bytes.Clone(h.flight); len(rest) > 0; {
		_, one, after, _ := wire.Next(rest)
		list, rest = append(list, one), after
	}
	return list
}

// Answers in every order that a client may not give them in, and such that are not what they should be.
func TestAnswersAfterTheHandshakeThatAServerRefuses(t *testing.T) {
	update := []byte{byte(wire.TypeKeyUpdate), 0, 0, 1, 0}
	flip := func(b []byte) []byte { b = bytes.Clone(b); b[len(b)-1] ^= 1; return b }
	for _, c := range []struct {
		name string
		send func(a, b [][]byte) [][]byte // of the answers to two requests; nil: a record of data
		want Alert
	}{
		{"twice", func(a, _ [][]byte) [][]byte { return append(a, a...) }, AlertIllegalParameter},
		{"context of nothing", func(a, _ [][]byte) [][]byte { a[0][5] ^= 1; return a }, AlertIllegalParameter},
		{"no CertificateVerify", func(a, _ [][]byte) [][]byte { return [][]byte{a[0], a[2]} }, AlertUnexpectedMessage},
		{"no Certificate", func(a, _ [][]byte) [][]byte { return a[1:] }, AlertUnexpectedMessage},
		{"Finished alone", func(a, _ [][]byte) [][]byte { return a[2:] }, AlertUnexpectedMessage},
		{"CertificateVerify twice", func(a, _ [][]byte) [][]byte { return [][]byte{a[0], a[1], a[1]} }, AlertUnexpectedMessage},
		{"KeyUpdate within", func(a, _ [][]byte) [][]byte { return [][]byte{a[0], update} }, AlertUnexpectedMessage},
		{"KeyUpdate before Finished", func(a, _ [][]byte) [][]byte { return [][]byte{a[0], a[1], update} }, AlertUnexpectedMessage},
		{"data within", func(a, _ [][]byte) [][]byte { return [][]byte{a[0], nil, a[1], a[2]} }, AlertUnexpectedMessage},
		{"data before Finished", func(a, _ [][]byte) [][]byte { return [][]byte{a[0], a[1], nil, a[2]} }, AlertUnexpectedMessage},
		{"another within", func(a, b [][]byte) [][]byte { return [][]byte{a[0], b[0]} }, AlertUnexpectedMessage},
		{"signature of another", func(a, b [][]byte) [][]byte { return [][]byte{a[0], b[1]} }, AlertDecryptError},
		{"Finished of another", func(a, b [][]byte) [][]byte { return [][]byte{a[0], a[1], b[2]} }, AlertDecryptError},
		{"wrong signature", func(a, _ [][]byte) [][]byte { return [][]byte{a[0], flip(a[1])} }, AlertDecryptError},
		{"wrong Finished", func(a, _ [][]byte) [][]byte { return [][]byte{a[0], a[1], flip(a[2])} }, AlertDecryptError},
		{"the other first", func(a, b [][]byte) [][]byte { return append(b, a...) }, 0},
	} {
		p := postPair(t)
		p.mustHandshake()
		client := &captured{}
		p.client.state = client
		first, second := p.ask(tls.RequireAndVerifyClientCert), p.ask(tls.RequireAndVerifyClientCert)
		p.run()
		if len(client.requests) != 2 || bytes.Equal(client.requests[0], client.requests[1]) {
			t.Fatal("two requests that are the same")
		}
		for _, msg := range c.send(p.answerTo(client.requests[0]), p.answerTo(client.requests[1])) {
			if msg != nil {
				p.client.queueRecords(wire.Handshake, msg)
				continue
			}
			p.collect()
			if p.server.Err() != nil {
				t.Fatal(p.server.Err())
			}
			buf := make([]byte, 100)
			n, err := p.client.Seal(buf, []byte("data"))
			if err != nil {
				t.Fatal(err)
			}
			p.toServer = append(p.toServer, buf[:n]...)
		}
		p.run()
		t.Log(c.name)
		if c.want == 0 {
			p.wantAnswer(second, true)
			p.wantAnswer(first, true)
			continue
		}
		p.wantAlert(p.server, c.want)
		if len(p.serverGot) > 0 {
			t.Errorf("data %q was taken", p.serverGot)
		}
	}
}

// Nobody asked: no Certificate may come, from one who can be asked or not.
func TestAnswersThatNobodyAskedFor(t *testing.T) {
	for _, can := range []bool{false, true} {
		p := postPair(t, func(c, _ *Config) { c.PostHandshakeAuth = can })
		p.mustHandshake()
		p.client.queueRecords(wire.Handshake, noCertificate)
		p.run()
		p.wantAlert(p.server, AlertUnexpectedMessage)
	}
}

// VerifyConnection is asked about who has answered, sees it, and can take its time: what the client sends then waits
// for its word.
func TestVerifyConnectionAfterTheHandshake(t *testing.T) {
	for _, wait := range []bool{false, true} {
		for _, verdict := range []error{nil, errToken} {
			asked := 0
			p := postPair(t, func(_, s *Config) {
				s.VerifyConnection = func(cs ConnectionState) error {
					if asked++; asked == 1 {
						return nil // the handshake's
					}
					if !cs.PeerVerified || len(cs.PeerCertificates) != 1 {
						t.Errorf("%+v", cs)
					}
					if wait {
						return ErrPending
					}
					return verdict
				}
			})
			p.mustHandshake()
			request := p.ask(tls.RequireAndVerifyClientCert)
			p.run()
			if wait {
				q := p.server.Pending()
				if q == nil || q.Kind != PendingVerification || len(q.ConnectionState.PeerCertificates) != 1 {
					t.Fatalf("%+v", q)
				}
				if p.server.ConnectionState().PeerVerified {
					t.Error("known before the verdict")
				}
				p.write(p.client, []byte("data"))
				if len(p.serverGot) > 0 {
					t.Error("data before the verdict")
				}
				p.server.Deliver(q, Answer{Err: verdict})
				p.run()
			}
			if verdict != nil {
				p.wantAlert(p.server, AlertBadCertificate)
				continue
			}
			p.wantAnswer(request, true)
			p.exchange("goes on")
			if asked != 2 {
				t.Errorf("asked %d times", asked)
			}
		}
	}
}

// The client's answer, with every byte flipped, and cut at every byte: nothing of it is accepted.
func TestEveryByteOfAnAnswerCounts(t *testing.T) {
	for at, size := 0, 1; at < size; at++ {
		for _, cut := range []bool{false, true} {
			p := postPair(t)
			p.mustHandshake()
			client := &captured{}
			p.client.state = client
			p.ask(tls.RequireAndVerifyClientCert)
			p.run()
			answer := bytes.Join(p.answerTo(client.requests[0]), nil)
			if size = len(answer); cut {
				answer = answer[:at]
			} else {
				answer[at] ^= 0x11
			}
			p.client.queueRecords(wire.Handshake, answer)
			p.run()
			if _, ok := p.server.ClientCertificateAnswer(); ok || p.server.ConnectionState().PeerVerified {
				t.Fatalf("byte %d, cut %v: accepted", at, cut)
			}
			if p.server.Err() == nil {
				_ = p.server.ReceiveEOF()
			}
			if a := alertOf(p.server.Err()); a == nil && !errors.Is(p.server.Err(), ErrTruncated) || a != nil && a.FromPeer {
				t.Fatalf("byte %d, cut %v: %v", at, cut, p.server.Err())
			}
		}
	}
}

// A client passes over what it does not know in a request (RFC 8701 §4.1).
func TestRequestWithGREASE(t *testing.T) {
	p := postPair(t, func(_, s *Config) { s.GREASE = true })
	p.mustHandshake()
	request := p.ask(tls.RequireAndVerifyClientCert)
	p.run()
	p.wantAnswer(request, true)
}

// The form in which a client can show who it is later is settled anew when it resumes, whatever that of its session is
// (RFC 7250 §4.2, RFC 8446 §4.6.2).
func TestRawKeysAfterAResumedHandshake(t *testing.T) {
	certificate := makeID(t, "P-384", testClientName)
	raw := tls.Certificate{PrivateKey: keyOnce["P-256"]()}
	for name, own := range map[string][]tls.Certificate{"raw key": {raw}, "certificate": {certificate.cert}, "both": {certificate.cert, raw}} {
		for _, auth := range []tls.ClientAuthType{tls.NoClientCert, tls.RequireAnyClientCert} {
			p := newResumingPair(t, func(c, s *Config) {
				c.Certificates = own
				s.PeerCertificateTypes = []CertificateType{CertificateTypeRawPublicKey, CertificateTypeX509}
				s.ClientAuth, s.InsecureSkipVerify = auth, true
				c.PostHandshakeAuth, s.PostHandshakeAuth = true, true
			})
			for n := range 3 {
				p.restart()
				p.mustHandshake()
				if _, err := p.server.RequestClientCertificate(tls.RequireAnyClientCert); err != nil {
					t.Fatal(err)
				}
				p.run()
				p.mustBeOpen()
				a, ok := p.server.ClientCertificateAnswer()
				if cs := a.ConnectionState; !ok || !a.Presented || cs.DidResume != (n > 0) || (cs.PeerRawPublicKey != nil) != (name != "certificate") {
					t.Errorf("%s, %v, connection %d: %v, %+v", name, auth, n, ok, cs)
				}
			}
		}
	}
}
