package tlssock

import (
	"crypto"
	"errors"
	"fmt"
	"time"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// A DelegatedCredential lets a server prove who it is by a key that its certificate's key has signed for a few days
// (RFC 9345), so that the certificate's key need not be where the server is.
type DelegatedCredential struct {
	// Certificate is the chain, leaf first. The leaf must have the extension DelegationUsage, or no client takes the
	// credential.
	Certificate [][]byte
	// Credential is the DelegatedCredential of RFC 9345 §4, as it was issued. Its signature is for the client to check.
	Credential []byte
	// PrivateKey is the key that stands in it: ECDSA or Ed25519, or RSA if it is for PSS only.
	PrivateKey crypto.Signer
}

// delegation is what sets an identity with a delegated credential apart.
type delegation struct {
	credential []byte
	signedWith uint16    // by the certificate's key
	expires    time.Time // the first moment at which it is no longer valid
}

func (p *prepared) fillDelegated(credentials []DelegatedCredential) error {
	for i := range credentials {
		id, err := newDelegatedIdentity(&credentials[i])
		if err == nil {
			err = p.compressMessages(&id)
		}
		if err != nil {
			return fmt.Errorf("delegated credential %d: %w", i, err)
		}
		p.identities = append(p.identities, id)
	}
	return nil
}

// newDelegatedIdentity makes a credential ready to be presented.
func newDelegatedIdentity(c *DelegatedCredential) (id identity, err error) {
	var dc wire.DelegatedCredential
	if err := dc.Parse(c.Credential); err != nil {
		return id, err
	}
	if len(c.Certificate) == 0 {
		return id, x509lite.ErrNoCertificate
	}
	if err := id.parseChain(c.Certificate); err != nil {
		return id, err
	}
	id.signer, id.delegated = c.PrivateKey, &delegation{
		credential: c.Credential, signedWith: dc.Algorithm, expires: id.leaf.NotBefore.Add(time.Duration(dc.ValidTime) * time.Second),
	}
	if id.key, err = x509lite.ParsePublicKeyInfo(dc.SPKI); err != nil {
		return id, err
	}
	if err := id.checkSigner(); err != nil {
		return id, err
	}
	s := schemeByID(dc.VerifyAlgorithm)
	if s == nil || !s.suits(id.key) || id.key.KeyType == x509lite.RSA { // RFC 9345 §4: rsaEncryption is not allowed
		return id, errDelegatedScheme
	}
	id.schemes = []*scheme{s}
	id.message[0].plain, err = encodeChain(c.Certificate, wire.EntryExtensions{
		Has: wire.SetOf(wire.ExtDelegatedCredential), Delegated: c.Credential,
	})
	return id, err
}

// maxDelegation is how long a credential may still be valid for a client to take it (RFC 9345 §4.1.3).
const maxDelegation = 7 * 24 * time.Hour

var errDelegatedScheme = errors.New("its signature algorithm is not one for its key")

// schemeFor gives the scheme that one of a server's identities signs with for a client, nil if the client does not take
// it. A delegated credential must be asked for by its own scheme, and signed by one that the client takes (RFC 9345
// §4.1.1).
func (id *identity) schemeFor(msg *wire.ClientHello, now time.Time) *scheme {
	d := id.delegated
	if d == nil {
		return id.fits(msg.SignatureAlgorithms)
	}
	left := d.expires.Sub(now)
	if left <= 0 || left > maxDelegation || !msg.SignatureAlgorithms.Contains(d.signedWith) {
		return nil
	}
	return id.fits(msg.DelegatedCredential)
}
