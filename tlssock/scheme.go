package tlssock

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"errors"
	"fmt"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// scheme is a SignatureScheme that may stand in CertificateVerify (RFC 8446 §4.2.3).
type scheme struct {
	id   uint16
	key  x509lite.KeyType
	hash crypto.Hash       // 0: the message itself is signed
	opts crypto.SignerOpts // what the signer is told
	pss  *rsa.PSSOptions   // RSA only
	rare bool              // taken of a peer only when Config.SignatureSchemes has it
}

func pssScheme(id tls.SignatureScheme, key x509lite.KeyType, hash crypto.Hash) scheme {
	// RFC 8446 §4.2.3: the salt is as long as the digest.
	opts := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
	return scheme{id: uint16(id), key: key, hash: hash, opts: opts, pss: opts}
}

func plainScheme(id tls.SignatureScheme, key x509lite.KeyType, hash crypto.Hash) scheme {
	return scheme{id: uint16(id), key: key, hash: hash, opts: hash}
}

func rareScheme(id tls.SignatureScheme, key x509lite.KeyType, hash crypto.Hash) scheme {
	s := plainScheme(id, key, hash)
	s.rare = true
	return s
}

// Code points that crypto/tls does not name: of RFC 8446 §4.2.3, and of draft-ietf-tls-mldsa §3.
const (
	signEd448   tls.SignatureScheme = 0x0808
	signMLDSA44 tls.SignatureScheme = 0x0904
	signMLDSA65 tls.SignatureScheme = 0x0905
	signMLDSA87 tls.SignatureScheme = 0x0906

	pssPSSWithSHA256 tls.SignatureScheme = 0x0809
	pssPSSWithSHA384 tls.SignatureScheme = 0x080a
	pssPSSWithSHA512 tls.SignatureScheme = 0x080b
)

// schemes are those that we sign with and verify, in our order of preference.
var schemes = [...]scheme{
	plainScheme(tls.Ed25519, x509lite.Ed25519Key, 0),
	plainScheme(tls.ECDSAWithP256AndSHA256, x509lite.ECDSAP256, crypto.SHA256),
	plainScheme(tls.ECDSAWithP384AndSHA384, x509lite.ECDSAP384, crypto.SHA384),
	pssScheme(tls.PSSWithSHA256, x509lite.RSA, crypto.SHA256),
	pssScheme(tls.PSSWithSHA384, x509lite.RSA, crypto.SHA384),
	pssScheme(tls.PSSWithSHA512, x509lite.RSA, crypto.SHA512),
	pssScheme(pssPSSWithSHA256, x509lite.RSAPSS, crypto.SHA256),
	pssScheme(pssPSSWithSHA384, x509lite.RSAPSS, crypto.SHA384),
	pssScheme(pssPSSWithSHA512, x509lite.RSAPSS, crypto.SHA512),
	rareScheme(tls.ECDSAWithP521AndSHA512, x509lite.ECDSAP521, crypto.SHA512),
	rareScheme(signEd448, x509lite.Ed448Key, 0),
	rareScheme(signMLDSA44, x509lite.MLDSA44Key, 0),
	rareScheme(signMLDSA65, x509lite.MLDSA65Key, 0),
	rareScheme(signMLDSA87, x509lite.MLDSA87Key, 0),
}

// certificateSchemes are offered for signatures in certificates and accepted nowhere else (RFC 8446 §4.2.3).
var certificateSchemes = [...]tls.SignatureScheme{tls.PKCS1WithSHA256, tls.PKCS1WithSHA384, tls.PKCS1WithSHA512}

// offeredSchemes is the content of our signature_algorithms, and of signature_algorithms_cert where all that x509lite
// verifies is meant.
func offeredSchemes(all bool) wire.Uint16s {
	var ids []uint16
	for i := range schemes {
		if all || !schemes[i].rare {
			ids = append(ids, schemes[i].id)
		}
	}
	for _, id := range certificateSchemes {
		ids = append(ids, uint16(id))
	}
	return wire.MakeUint16s(ids...)
}

// fillSchemes settles by which schemes a peer may sign, in the handshake and in certificates. nil: all of them.
func (p *prepared) fillSchemes(ids []tls.SignatureScheme) error {
	if ids == nil {
		p.schemeList = offeredSchemes(false)
		return nil
	}
	for _, id := range ids {
		if schemeByID(uint16(id)) == nil {
			return fmt.Errorf("signature scheme %v is not supported", id)
		}
	}
	if len(ids) == 0 {
		return errors.New("no signature scheme")
	}
	p.schemeList, p.certList = wire.MakeUint16s(ids...), offeredSchemes(true)
	return nil
}

// schemeByID gives the scheme for a code point that may stand in CertificateVerify, nil for any other.
func schemeByID(id uint16) *scheme {
	for i := range schemes {
		if schemes[i].id == id {
			return &schemes[i]
		}
	}
	return nil
}

// schemesFor gives what a key can sign with.
func schemesFor(k *x509lite.PublicKeyInfo) (out []*scheme) {
	for i := range schemes {
		if schemes[i].suits(k) {
			out = append(out, &schemes[i])
		}
	}
	return out
}

// suits reports whether s is a scheme for the key.
func (s *scheme) suits(k *x509lite.PublicKeyInfo) bool {
	if s.key != k.KeyType {
		return false
	}
	if s.pss == nil {
		return true
	}
	// RFC 8017 §9.1.1: the encoded message holds digest, salt and two more bytes.
	return (k.PSSHash == 0 || k.PSSHash == s.hash) && k.KeyBits >= 8*(2*s.hash.Size()+2)
}

// verify checks a signature over input, which is content, or its digest if the scheme has a hash.
func (s *scheme) verify(key crypto.PublicKey, input, signature []byte) bool {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, input, signature)
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, input, signature)
	case *rsa.PublicKey:
		return s.pss != nil && rsa.VerifyPSS(key, s.hash, input, signature, s.pss) == nil
	}
	return x509lite.VerifyCircl(key, input, signature)
}
