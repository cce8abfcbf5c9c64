package tlssock

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// identity is one of our certificates, ready to be presented.
type identity struct {
	signer  crypto.Signer
	leaf    *x509lite.Certificate
	message []byte    // the whole Certificate message, its context empty
	schemes []*scheme // what its key can sign with, in our order of preference
	issuers [][]byte  // DER names of the issuers of the chain's certificates
}

func (p *prepared) fillIdentities(certs []tls.Certificate) error {
	for i := range certs {
		id, err := newIdentity(&certs[i])
		if err != nil {
			return fmt.Errorf("certificate %d: %w", i, err)
		}
		p.identities = append(p.identities, id)
	}
	return nil
}

func newIdentity(cert *tls.Certificate) (id identity, err error) {
	if len(cert.Certificate) == 0 {
		return id, x509lite.ErrNoCertificate
	}
	if id.leaf, err = x509lite.Parse(cert.Certificate[0]); err != nil {
		return id, err
	}
	if err := id.leaf.KeyError(); err != nil {
		return id, err
	}
	signer, ok := cert.PrivateKey.(crypto.Signer)
	if !ok {
		return id, fmt.Errorf("private key of type %T is no crypto.Signer", cert.PrivateKey)
	}
	pub, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !pub.Equal(id.leaf.PublicKey) {
		return id, x509lite.ErrKeyMismatch
	}
	id.signer = signer
	for _, s := range schemesFor(&id.leaf.PublicKeyInfo) {
		if cert.SupportedSignatureAlgorithms == nil || slices.Contains(cert.SupportedSignatureAlgorithms, tls.SignatureScheme(s.id)) {
			id.schemes = append(id.schemes, s)
		}
	}
	if len(id.schemes) == 0 {
		return id, errors.New("no signature scheme left for its key")
	}
	return id, id.encode(cert.Certificate)
}

// encode makes the Certificate message and collects the issuers.
func (id *identity) encode(chain [][]byte) (err error) {
	var msg wire.Certificate
	for i, der := range chain {
		if len(der) == 0 {
			return fmt.Errorf("certificate %d of the chain is empty", i)
		}
		if msg.Entries, err = wire.AppendEntry(msg.Entries, der, wire.EntryExtensions{}); err != nil {
			return fmt.Errorf("certificate %d of the chain: %w", i, err)
		}
		c := id.leaf
		if i > 0 {
			if c, err = x509lite.Parse(der); err != nil {
				return fmt.Errorf("certificate %d of the chain: %w", i, err)
			}
		}
		id.issuers = append(id.issuers, c.RawIssuer)
	}
	id.message, err = msg.Append(nil)
	return err
}

// fits gives the scheme to sign with for a peer that accepts the listed ones, in its order of preference; nil if there is none.
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

// issuedBy reports whether one of the authorities issued a certificate of the chain (RFC 8446 §4.2.4). No authorities: any will do.
func (id *identity) issuedBy(authorities wire.Names) bool {
	if authorities.Empty() {
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
