package x509lite

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

// A holder is a certificate of a test's world, with its key. crypto/x509 makes it, so that nothing of ours vouches for
// itself.
type holder struct {
	*Certificate
	std *x509.Certificate
	key crypto.Signer
}

var lastSerial int64

// issued gives a certificate for name by an issuer, nil: itself, that change may spoil. It is valid at testNow and has
// no extension but those that crypto/x509 makes of the template.
func issued(tb testing.TB, name string, issuer *holder, change func(*x509.Certificate)) *holder {
	tb.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return issuedFor(tb, name, key, issuer, change)
}

// issuedFor is issued for a key that is there.
func issuedFor(tb testing.TB, name string, key crypto.Signer, issuer *holder, change func(*x509.Certificate)) *holder {
	tb.Helper()
	lastSerial++
	t := &x509.Certificate{
		SerialNumber: big.NewInt(lastSerial), Subject: pkix.Name{CommonName: name},
		NotBefore: testNow.Add(-time.Hour), NotAfter: testNow.Add(time.Hour),
	}
	if change != nil {
		change(t)
	}
	parent, signer := t, key
	if issuer != nil {
		parent, signer = issuer.std, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), signer)
	if err != nil {
		tb.Fatal(err)
	}
	h := &holder{key: key}
	if h.Certificate, err = Parse(der); err != nil {
		tb.Fatal(err)
	}
	if h.std, err = x509.ParseCertificate(der); err != nil {
		tb.Fatal(err)
	}
	return h
}

// authority makes a template one of an authority.
func authority(t *x509.Certificate) { t.BasicConstraintsValid, t.IsCA, t.MaxPathLen = true, true, -1 }

// changes makes one change of several.
func changes(all ...func(*x509.Certificate)) func(*x509.Certificate) {
	return func(t *x509.Certificate) {
		for _, c := range all {
			c(t)
		}
	}
}

// pathLength is a pathLenConstraint.
func pathLength(n int) func(*x509.Certificate) {
	return func(t *x509.Certificate) { t.MaxPathLen, t.MaxPathLenZero = n, n == 0 }
}

// forName is a leaf's DNS name.
func forName(names ...string) func(*x509.Certificate) {
	return func(t *x509.Certificate) { t.DNSNames = names }
}

// wire is what a peer sends.
func wire(certs ...*holder) (chain [][]byte) {
	for _, c := range certs {
		chain = append(chain, c.Raw)
	}
	return chain
}

// rootsOf are Roots of them.
func rootsOf(certs ...*holder) *Roots {
	var all []*Certificate
	for _, c := range certs {
		all = append(all, c.Certificate)
	}
	return NewRoots(all...)
}
