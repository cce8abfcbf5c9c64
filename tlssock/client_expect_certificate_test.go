package tlssock

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

func TestServerCertificateMessageDefects(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	der := id.cert.Certificate[0]
	entry := entryOf(t, der)
	many := wire.Entries{}
	for range DefaultCertificateChain + 1 {
		many = append(many, entry...)
	}
	withExt := append(append(wire.Entries{}, entry[:len(entry)-2]...), 0, 4, 0, 10, 0, 0)
	twice := append(append(wire.Entries{}, entry[:len(entry)-2]...), 0, 8, 0, 5, 0, 0, 0, 5, 0, 0)
	for _, c := range []struct {
		name string
		msg  wire.Certificate
		want Alert
	}{
		{"none", wire.Certificate{}, AlertDecodeError},
		{"context", wire.Certificate{Context: []byte("c"), Entries: entry}, AlertIllegalParameter},
		{"extension nobody asked for", wire.Certificate{Entries: withExt}, AlertUnsupportedExtension},
		{"extension twice", wire.Certificate{Entries: twice}, AlertDecodeError},
		{"too many", wire.Certificate{Entries: many}, AlertBadCertificate},
		{"empty certificate", wire.Certificate{Entries: entryOf(t, nil)}, AlertDecodeError},
		{"cut", wire.Certificate{Entries: entry[:len(entry)-1]}, AlertDecodeError},
		{"garbage", wire.Certificate{Entries: entryOf(t, []byte("garbage"))}, AlertDecodeError},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, func(c, s *Config) { c.Trust, s.Certificates = id.pin(), []tls.Certificate{id.cert} })
			p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificate, func() ([]byte, error) { return c.msg.Append(nil) })
			p.handshake()
			p.wantAlert(p.client, c.want)
		})
	}
}

// serverIs gives a change of a pair that makes the server's certificate id; the client goes on trusting trust.
func serverIs(id testID, trust *x509lite.Trust) func(c, s *Config) {
	return func(c, s *Config) { s.Certificates, c.Trust = []tls.Certificate{id.cert}, trust }
}

// badCertificates are the ways in which a certificate does not pass, with the alert and the reason.
func badCertificates(t *testing.T, name string, purpose x509.ExtKeyUsage) []struct {
	name  string
	id    testID
	trust *x509lite.Trust
	alert Alert
	err   error
} {
	make := func(change func(c *x509.Certificate)) testID { return makeID(t, "P-256", name, change) }
	expired := make(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = epoch.Add(-2*time.Hour), epoch.Add(-time.Hour) })
	early := make(func(c *x509.Certificate) { c.NotBefore = epoch.Add(time.Minute) })
	usage := make(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })
	extUsage := make(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{purpose} })
	other := makeID(t, "P-256-other", name)
	mine := makeID(t, "P-256", name)
	return []struct {
		name  string
		id    testID
		trust *x509lite.Trust
		alert Alert
		err   error
	}{
		{"wrong pin", mine, other.pin(), AlertUnknownCA, x509lite.ErrNotPinned},
		{"same name, other key", other, mine.pin(), AlertUnknownCA, x509lite.ErrNotPinned},
		{"nobody trusted", mine, x509lite.Pin(), AlertUnknownCA, x509lite.ErrNotPinned},
		{"expired", expired, expired.pin(), AlertCertificateExpired, x509lite.ErrExpired},
		{"expired, key pinned", expired, x509lite.PinSPKI(expired.leaf.SPKIHash()), AlertCertificateExpired, x509lite.ErrExpired},
		{"not yet valid", early, early.pin(), AlertCertificateExpired, x509lite.ErrNotYetValid},
		{"key usage", usage, usage.pin(), AlertUnsupportedCertificate, x509lite.ErrKeyUsage},
		{"extended key usage", extUsage, extUsage.pin(), AlertUnsupportedCertificate, x509lite.ErrExtKeyUsage},
	}
}

func TestServerCertificateThatDoesNotPass(t *testing.T) {
	bad := badCertificates(t, testServerName, x509.ExtKeyUsageClientAuth)
	wrongName := makeID(t, "P-256", "someone-else.example")
	bad = append(bad, struct {
		name  string
		id    testID
		trust *x509lite.Trust
		alert Alert
		err   error
	}{"wrong name", wrongName, wrongName.pin(), AlertBadCertificate, x509lite.ErrNameMismatch})
	for _, c := range bad {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, serverIs(c.id, c.trust))
			p.handshake()
			p.wantAlert(p.client, c.alert)
			var v *x509lite.VerifyError
			if !errors.Is(p.client.Err(), c.err) || !errors.As(p.client.Err(), &v) {
				t.Errorf("%v is no %v", p.client.Err(), c.err)
			}
			if p.client.ConnectionState().PeerVerified {
				t.Error("the peer counts as verified")
			}
			// and with every check off it is nobody's business, but for a key that may not sign
			p = newPair(t, serverIs(c.id, nil), func(c, _ *Config) { c.InsecureSkipVerify = true })
			if c.err == x509lite.ErrKeyUsage {
				p.handshake()
				p.wantAlert(p.client, c.alert)
				return
			}
			p.mustHandshake()
			if cs := p.client.ConnectionState(); cs.PeerVerified || len(cs.PeerCertificates) != 1 {
				t.Error("the peer counts as verified, although nothing was")
			}
		})
	}
}
