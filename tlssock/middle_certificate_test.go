package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// presenting makes one end of a pair present these certificates, whatever they are, and sign as it should: what it says
// about itself is consistent, and only the certificates are wrong.
func presenting(t *testing.T, p *pair, role Role, chain ...[]byte) (judge *Engine) {
	t.Helper()
	p.restart()
	var list wire.Entries
	for _, der := range chain {
		list = append(list, entryOf(t, der)...)
	}
	edit := replace(t, wire.TypeCertificate, func() ([]byte, error) { return (&wire.Certificate{Entries: list}).Append(nil) })
	if role == RoleServer {
		p.beRogueServer(serverScript...).edit = edit
		p.handshake()
		return p.client
	}
	p.beRogueClient(clientScript...).edit = edit
	p.run()
	return p.server
}

// wantCertificateRefused makes sure that an end has said by an alert that a certificate does not do, and knows why.
func wantCertificateRefused(t *testing.T, e *Engine, what string, at int) {
	t.Helper()
	a := alertOf(e.Err())
	if a == nil || a.FromPeer || e.HandshakeComplete() || e.ConnectionState().PeerVerified {
		t.Fatalf("%v, %s at %d: %v, complete %v, %T", e.role, what, at, e.Err(), e.HandshakeComplete(), e.state)
	}
	var v *x509lite.VerifyError
	if !errors.As(a, &v) && !errors.Is(a, wire.ErrSyntax) && !errors.Is(a, x509lite.ErrMalformed) && !errors.Is(a, x509lite.ErrNoCertificate) &&
		!errors.Is(a, x509lite.ErrTooLarge) {
		t.Fatalf("%v, %s at %d: %v says nothing about a certificate", e.role, what, at, a)
	}
}

// Each certificate of a chain flipped in every byte and cut at every byte, in a message that is otherwise as it should
// be, for both roles, by a path to a root and by a pin; and certificates repeated, left out and in another order.
func TestEveryByteOfACertificateFlippedAndCut(t *testing.T) {
	in := newInstallation(t, "Ed25519")
	byPath := newPair(t, in.certified, func(c, s *Config) {
		c.Certificates, s.Certificates = []tls.Certificate{in.client.cert}, []tls.Certificate{in.server.cert}
	})
	for _, role := range []Role{RoleClient, RoleServer} {
		chain := in.client.cert.Certificate
		if role == RoleServer {
			chain = in.server.cert.Certificate
		}
		if e := presenting(t, byPath, role, chain...); e.Err() != nil {
			t.Fatalf("%v: as it is: %v", role, e.Err())
		}
		flipAndCut(t, byPath, role, chain)
		lists := map[string][][]byte{
			"leaf alone": chain[:1], "nothing in it": {{}, chain[1]}, "repeated too often": repeated(chain[0], DefaultCertificateChain+1),
		}
		if role == RoleServer { // these have the same key, and a client goes by no name
			lists["authority alone"], lists["reordered"], lists["leaf of the client"] = chain[1:], [][]byte{chain[1], chain[0]}, in.client.cert.Certificate
		}
		for what, list := range lists {
			wantCertificateRefused(t, presenting(t, byPath, role, list...), what, 0)
		}
	}
	byPin := newPair(t)
	flipAndCut(t, byPin, RoleServer, byPin.serverCfg.Certificates[0].Certificate)
	flipAndCut(t, byPin, RoleClient, byPin.clientCfg.Certificates[0].Certificate)
}

func repeated(der []byte, n int) (list [][]byte) {
	for range n {
		list = append(list, der)
	}
	return list
}

func flipAndCut(t *testing.T, p *pair, role Role, chain [][]byte) {
	t.Helper()
	for n := range chain {
		for at := range chain[n] {
			for what, bad := range map[string][]byte{"flipped": bytes.Clone(chain[n]), "cut": chain[n][:at:at]} {
				if what == "flipped" {
					bad[at] ^= 0x55
				}
				list := append([][]byte{}, chain...)
				list[n] = bad
				wantCertificateRefused(t, presenting(t, p, role, list...), what, at)
			}
		}
	}
}
