package cmdtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
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
	return write(t, id)
}

// write writes an identity to files.
func write(t testing.TB, id *x509lite.Identity) *Identity {
	t.Helper()
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

// Certified makes an authority, another below it that certifies an identity for those names, and gives the identity,
// with its chain, and a file with the authority on top.
func Certified(t testing.TB, names ...string) (id *Identity, roots string) {
	t.Helper()
	root := newCertificate(t, "root", nil, nil)
	between := newCertificate(t, "between", root, nil)
	leaf := newCertificate(t, names[0], between, names)
	loaded, err := x509lite.NewIdentity(leaf.key, leaf.parsed, between.parsed)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	roots = filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, x509lite.CertificatePEM(root.parsed.Raw), 0o600); err != nil {
		t.Fatal(err)
	}
	return write(t, loaded), roots
}

// A certificate is one of Certified's, in the forms that making the next takes.
type certificate struct {
	parsed *x509lite.Certificate
	std    *x509.Certificate
	key    *ecdsa.PrivateKey
}

// newCertificate makes one by the issuer, nil: itself. Without names it is an authority's.
func newCertificate(t testing.TB, subject string, issuer *certificate, names []string) *certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: subject}, IsCA: names == nil,
		BasicConstraintsValid: true, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.std, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	c := &certificate{key: key}
	if c.std, err = x509.ParseCertificate(der); err == nil {
		c.parsed, err = x509lite.Parse(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
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
