package tlssock

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

func TestClientAuthPolicies(t *testing.T) {
	stranger := makeID(t, "P-256", "stranger.example")
	for auth := tls.NoClientCert; auth <= tls.RequireAndVerifyClientCert; auth++ {
		for _, c := range []string{"none", "ours", "stranger"} {
			p := newPair(t, func(cc, s *Config) {
				s.ClientAuth = auth
				switch c {
				case "none":
					cc.Certificates = nil
				case "stranger":
					cc.Certificates = []tls.Certificate{stranger.cert}
				}
			})
			p.handshake()
			required := auth == tls.RequireAnyClientCert || auth == tls.RequireAndVerifyClientCert
			verified := auth >= tls.VerifyClientCertIfGiven
			switch {
			case c == "none" && required:
				p.wantAlert(p.server, AlertCertificateRequired)
				if !errors.Is(p.server.Err(), ErrNoClientCertificate) {
					t.Error(p.server.Err())
				}
			case c == "stranger" && verified:
				p.wantAlert(p.server, AlertUnknownCA)
			default:
				p.mustBeOpen()
				ss := p.server.ConnectionState()
				seen := c != "none" && auth != tls.NoClientCert
				if (len(ss.PeerCertificates) == 1) != seen || ss.PeerVerified != (seen && verified) {
					t.Errorf("%v, %s: %+v", auth, c, ss)
				}
				if (ss.PeerSignatureScheme != 0) != seen {
					t.Errorf("%v, %s: signed with %v", auth, c, ss.PeerSignatureScheme)
				}
			}
		}
	}
}

// any self-signed certificate passes in SaiTLS, without pin, name or dates
func TestClientCertificateThatDoesNotPass(t *testing.T) {
	for _, c := range badCertificates(t, testClientName, x509.ExtKeyUsageServerAuth) {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, func(cc, s *Config) { cc.Certificates, s.Trust = []tls.Certificate{c.id.cert}, c.trust })
			p.handshake()
			p.wantAlert(p.server, c.alert)
			if !errors.Is(p.server.Err(), c.err) {
				t.Errorf("%v is no %v", p.server.Err(), c.err)
			}
		})
	}
}

func TestClientCertificateMessageDefects(t *testing.T) {
	id := makeID(t, "Ed25519", testClientName)
	entry := entryOf(t, id.cert.Certificate[0])
	for _, c := range []struct {
		name string
		msg  wire.Certificate
		want Alert
	}{
		{"none", wire.Certificate{}, AlertCertificateRequired},
		{"context", wire.Certificate{Context: []byte("c"), Entries: entry}, AlertIllegalParameter},
		{"garbage", wire.Certificate{Entries: entryOf(t, []byte("garbage"))}, AlertDecodeError},
		{"cut", wire.Certificate{Entries: entry[:len(entry)-1]}, AlertDecodeError},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, func(cc, s *Config) {
				cc.Certificates, s.Trust = []tls.Certificate{id.cert}, x509lite.PinSPKI(id.leaf.SPKIHash())
			})
			p.beRogueClient(clientScript...).edit = replace(t, wire.TypeCertificate, func() ([]byte, error) { return c.msg.Append(nil) })
			p.run()
			p.wantAlert(p.server, c.want)
		})
	}
}
