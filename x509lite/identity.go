package x509lite

import (
	"crypto"
	"fmt"
)

// An Identity is what an end shows of itself: a certificate, those that go with it, and the private key.
type Identity struct {
	Chain [][]byte     // DER, leaf first, as it goes on the wire
	Leaf  *Certificate // Chain[0], parsed
	Key   crypto.Signer
}

// LoadIdentity is Loader{}.Identity.
func LoadIdentity(cert, key []byte) (*Identity, error) { return Loader{}.Identity(cert, key) }

// Identity reads a certificate, or several of which the leaf comes first, and its private key, each in PEM or DER. Both
// may be in the same PEM. When the key is not the leaf's the error is ErrKeyMismatch; otherwise the errors are those of
// LoadCertificates and PrivateKey. Dates and signatures are not looked at.
func (l Loader) Identity(cert, key []byte) (*Identity, error) {
	certs, err := LoadCertificates(cert)
	if err != nil {
		return nil, err
	}
	signer, err := l.PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return NewIdentity(signer, certs...)
}

// NewIdentity puts a private key, of whatever kind, and its certificates together, leaf first. When the key is not the
// leaf's the error is ErrKeyMismatch.
func NewIdentity(key crypto.Signer, certs ...*Certificate) (*Identity, error) {
	if key == nil {
		return nil, fmt.Errorf("x509lite: %w", ErrNoPrivateKey)
	}
	if len(certs) == 0 {
		return nil, fmt.Errorf("x509lite: %w", ErrNoCertificate)
	}
	id := &Identity{Leaf: certs[0], Key: key}
	for i, c := range certs {
		if c == nil {
			return nil, fmt.Errorf("x509lite: %w: certificate %d is nil", ErrNoCertificate, i+1)
		}
		id.Chain = append(id.Chain, c.Raw)
	}
	if id.Leaf.keyErr != nil {
		return nil, fmt.Errorf("x509lite: certificate %q: %w", id.Leaf.Subject(), id.Leaf.keyErr)
	}
	if !fits(key, id.Leaf) {
		return nil, mismatch(key, certs)
	}
	return id, nil
}

// fits reports whether key is the certificate's private key.
func fits(key crypto.Signer, c *Certificate) bool {
	pub, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	k := describeSigner(key, false)
	return ok && k.err == nil && pub.Equal(k.key)
}

// mismatch says whose the key is when it is not the leaf's.
func mismatch(key crypto.Signer, certs []*Certificate) error {
	for i, c := range certs[1:] {
		if fits(key, c) {
			return fmt.Errorf("x509lite: %w %q: it is that of certificate %d, %q, which must come first",
				ErrKeyMismatch, certs[0].Subject(), i+2, c.Subject())
		}
	}
	return fmt.Errorf("x509lite: %w %q (%s)", ErrKeyMismatch, certs[0].Subject(), certs[0].KeyType)
}

// CertificatePEM writes the chain as PEM.
func (id *Identity) CertificatePEM() []byte { return CertificatePEM(id.Chain...) }

// PrivateKeyPEM writes the key as PKCS #8 in PEM.
func (id *Identity) PrivateKeyPEM() ([]byte, error) { return PrivateKeyPEM(id.Key) }
