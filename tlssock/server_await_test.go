package tlssock

import (
	"errors"
	"testing"
)

// ServerHello goes before the signature is there, so that the client has something to do meanwhile; nothing after it
// does.
func TestServerHelloDoesNotWaitForTheSignature(t *testing.T) {
	p := newPair(t, later)
	p.handshake()
	if _, ok := p.client.state.(clientExpectEncryptedExtensions); !ok {
		t.Fatalf("client %T", p.client.state)
	}
	p.answerAll((*Pending).Sign)
	p.mustBeOpen()
}

func TestVerificationThatComesLater(t *testing.T) {
	for _, c := range []struct {
		role   Role
		answer error
		alert  Alert
	}{
		{RoleServer, nil, 0}, {RoleServer, errToken, AlertBadCertificate}, {RoleServer, ErrPending, AlertBadCertificate},
		{RoleClient, nil, 0}, {RoleClient, errToken, AlertBadCertificate}, {RoleClient, ErrPending, AlertBadCertificate},
	} {
		verify := func(ConnectionState) error { return ErrPending }
		p := newPair(t, func(cc, s *Config) {
			if c.role == RoleServer {
				s.VerifyConnection = verify
			} else {
				cc.VerifyConnection = verify
			}
		})
		p.handshake()
		e := map[Role]*Engine{RoleServer: p.server, RoleClient: p.client}[c.role]
		if e.HandshakeComplete() || e.Pending() == nil {
			t.Fatalf("%v does not wait", c.role)
		}
		kinds := p.answerAll(func(q *Pending) Answer {
			if len(q.ConnectionState.PeerCertificates) != 1 || !q.ConnectionState.PeerVerified || !q.ConnectionState.HandshakeComplete {
				t.Errorf("%v is asked about %+v", c.role, q.ConnectionState)
			}
			if _, err := q.ConnectionState.ExportKeyingMaterial("label", nil, 32); err != nil {
				t.Error(err)
			}
			return Answer{Err: c.answer}
		})
		if len(kinds) != 1 || kinds[0] != PendingVerification {
			t.Errorf("%v asks for %v", c.role, kinds)
		}
		if c.answer == nil {
			p.mustBeOpen()
			p.exchange("data")
			continue
		}
		p.wantAlert(e, c.alert)
		if !errors.Is(e.Err(), c.answer) {
			t.Error(e.Err())
		}
	}
}
