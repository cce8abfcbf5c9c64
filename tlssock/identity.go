package tlssock

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// identity is one of our certificates or raw public keys, ready to be presented.
type identity struct {
	signer     crypto.Signer
	typ        CertificateType
	leaf       *x509lite.Certificate // nil: a raw public key
	key        *x509lite.PublicKeyInfo
	delegated  *delegation // nil: it is no delegated credential
	staples    staples
	message    [allStaples + 1]ownMessage // by what of staples is in them
	schemes    []*scheme                  // what its key can sign with, in our order of preference
	signatures [][]tls.SignatureScheme    // what the signatures of the chain can go by, each
	issuers    [][]byte                   // DER names of the issuers of the chain's certificates
}

func (p *prepared) fillIdentities(certs []tls.Certificate) error {
	for i := range certs {
		id, err := newIdentity(&certs[i])
		if err != nil {
			return fmt.Errorf("certificate %d: %w", i, err)
		}
		if err := p.compressMessages(&id); err != nil {
			return fmt.Errorf("certificate %d: %w", i, err)
		}
		p.identities = append(p.identities, id)
	}
	return nil
}

func newIdentity(cert *tls.Certificate) (id identity, err error) {
	signer, ok := cert.PrivateKey.(crypto.Signer)
	if !ok {
		return id, fmt.Errorf("private key of type %T is no crypto.Signer", cert.PrivateKey)
	}
	id.signer = signer
	if len(cert.Certificate) == 0 {
		err = id.setRawKey()
	} else {
		err = id.setChain(cert)
	}
	if err != nil {
		return id, err
	}
	for _, s := range schemesFor(id.key) {
		if cert.SupportedSignatureAlgorithms == nil || slices.Contains(cert.SupportedSignatureAlgorithms, tls.SignatureScheme(s.id)) {
			id.schemes = append(id.schemes, s)
		}
	}
	if len(id.schemes) == 0 && cert.SupportedSignatureAlgorithms == nil { // otherwise somebody wants it so
		return id, errors.New("no signature scheme left for its key")
	}
	return id, nil
}

// setRawKey makes id the signer's public key (RFC 7250 §3).
func (id *identity) setRawKey() (err error) {
	id.typ = CertificateTypeRawPublicKey
	if id.key, err = x509lite.NewPublicKeyInfo(id.signer); err != nil {
		return err
	}
	id.message[0].plain, err = encodeChain([][]byte{id.key.RawSPKI}, wire.EntryExtensions{})
	return err
}

// setChain makes id a chain of certificates, the leaf of which must be for the signer's key.
func (id *identity) setChain(cert *tls.Certificate) error {
	if err := id.parseChain(cert.Certificate); err != nil {
		return err
	}
	if err := id.checkSigner(); err != nil {
		return err
	}
	return id.staple(cert)
}

// parseChain reads the certificates; the leaf's key is the identity's.
func (id *identity) parseChain(chain [][]byte) error {
	for i, der := range chain {
		c, err := x509lite.Parse(der)
		if err != nil {
			return fmt.Errorf("certificate %d of the chain: %w", i, err)
		}
		if i == 0 {
			id.leaf, id.key = c, &c.PublicKeyInfo
		}
		id.issuers = append(id.issuers, c.RawIssuer)
		id.noteSignature(c)
	}
	return nil
}

// checkSigner makes sure that the signer has the identity's key.
func (id *identity) checkSigner() error {
	if err := id.key.KeyError(); err != nil {
		return err
	}
	if id.signer == nil {
		return x509lite.ErrNoPrivateKey
	}
	pub, ok := id.signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !pub.Equal(id.key.PublicKey) {
		return x509lite.ErrKeyMismatch
	}
	return nil
}

// print tells identities from each other.
func (id *identity) print() []byte {
	shown := id.key.RawSPKI
	if id.leaf != nil {
		shown = id.leaf.Raw
	}
	sum := sha256.Sum256(shown)
	return sum[:]
}

// fits gives the scheme to sign with for a peer that accepts the listed ones, in its order of preference; nil if there
// is none.
func (id *identity) fits(peer wire.Uint16s) *scheme {
	for i := range peer.Len() {
		for _, s := range id.schemes {
			if s.id == peer.At(i) {
				return s
			}
		}
	}
	return nil
}

// issuedBy reports whether one of the authorities issued a certificate of the chain (RFC 8446 §4.2.4). No authorities:
// any will do. Nobody issues a raw public key.
func (id *identity) issuedBy(authorities wire.Names) bool {
	if authorities.Empty() || id.leaf == nil {
		return true
	}
	for name := range authorities.All() {
		for _, issuer := range id.issuers {
			if bytes.Equal(name, issuer) {
				return true
			}
		}
	}
	return false
}
