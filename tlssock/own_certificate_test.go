package tlssock

import (
	"crypto"
	"crypto/tls"
	"errors"
	"io"
	"testing"
)

var errToken = errors.New("token removed")

// brokenSigner is a key that does not sign, or signs badly.
type brokenSigner struct {
	crypto.Signer
	sign func(sig []byte) ([]byte, error)
}

func (b brokenSigner) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	sig, err := b.Signer.Sign(rand, digest, opts)
	if err != nil {
		return nil, err
	}
	return b.sign(sig)
}

func TestSignersThatFail(t *testing.T) {
	for _, role := range []Role{RoleClient, RoleServer} {
		for _, c := range []struct {
			name string
			sign func(sig []byte) ([]byte, error)
			own  Alert
			peer Alert
		}{
			{"error", func([]byte) ([]byte, error) { return nil, errToken }, AlertInternalError, 0},
			{"too long", func([]byte) ([]byte, error) { return make([]byte, 1<<16), nil }, AlertInternalError, 0},
			{"empty", func([]byte) ([]byte, error) { return nil, nil }, 0, AlertDecryptError},
			{"wrong", func(sig []byte) ([]byte, error) { sig[0] ^= 1; return sig, nil }, 0, AlertDecryptError},
		} {
			id := makeID(t, "P-256", map[Role]string{RoleClient: testClientName, RoleServer: testServerName}[role])
			cert := tls.Certificate{Certificate: id.cert.Certificate, PrivateKey: brokenSigner{keyOnce["P-256"](), c.sign}}
			p := newPair(t, func(cc, s *Config) {
				if role == RoleClient {
					cc.Certificates, s.Trust = []tls.Certificate{cert}, id.pin()
				} else {
					s.Certificates, cc.Trust = []tls.Certificate{cert}, id.pin()
				}
			})
			p.handshake()
			own, peer := p.client, p.server
			if role == RoleServer {
				own, peer = peer, own
			}
			t.Log(role, c.name)
			if c.own != 0 {
				p.wantAlert(own, c.own)
			} else {
				p.wantAlert(peer, c.peer)
			}
			if c.name == "error" && !errors.Is(own.Err(), errToken) {
				t.Error(own.Err())
			}
		}
	}
}
