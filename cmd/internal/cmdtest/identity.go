package cmdtest

import (
	"crypto/tls"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"smoltls/x509lite"
)

// Identity is an identity with its files.
type Identity struct {
	*x509lite.Identity
	Cert, Key string // PEM
}

// TLS gives the identity in the form that TLS takes.
func (id *Identity) TLS() tls.Certificate {
	return tls.Certificate{Certificate: id.Chain, PrivateKey: id.Identity.Key}
}

// NewIdentity makes a self-signed identity as o says and writes it to files. Without a time in o it is valid now.
func NewIdentity(t testing.TB, o x509lite.SelfSignedOptions) *Identity {
	t.Helper()
	if o.NotAfter.IsZero() {
		o.Now = time.Now()
	}
	id, err := x509lite.SelfSigned(o)
	if err != nil {
		t.Fatal(err)
	}
	pem, err := id.PrivateKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	f := &Identity{Identity: id, Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem")}
	if err := errors.Join(os.WriteFile(f.Cert, id.CertificatePEM(), 0o600), os.WriteFile(f.Key, pem, 0o600)); err != nil {
		t.Fatal(err)
	}
	return f
}

// Named is NewIdentity for a name, with everything else as it comes.
func Named(t testing.TB, name string) *Identity {
	t.Helper()
	return NewIdentity(t, x509lite.SelfSignedOptions{Names: []string{name}})
}

// Expired is Named, and was valid until yesterday.
func Expired(t testing.TB, name string) *Identity {
	t.Helper()
	const day = 24 * time.Hour
	now := time.Now()
	return NewIdentity(t, x509lite.SelfSignedOptions{Names: []string{name}, NotBefore: now.Add(-9 * day), NotAfter: now.Add(-day)})
}
