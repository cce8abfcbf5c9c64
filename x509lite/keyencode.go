package x509lite

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/pem"
	"fmt"

	"github.com/cloudflare/circl/sign"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// MarshalPrivateKey writes a private key as PKCS #8 in DER (RFC 5208 §5), which [LoadPrivateKey] reads. A key that does
// not show its secret, such as a hardware module's, is ErrUnsupportedKey.
func MarshalPrivateKey(key crypto.Signer) ([]byte, error) {
	if key == nil {
		return nil, fmt.Errorf("x509lite: %w", ErrNoPrivateKey)
	}
	k := describeSigner(key, false)
	if k.err != nil {
		return nil, fmt.Errorf("x509lite: private key: %w", k.err)
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { addKeyID(b, k.typ) })
		b.AddASN1(asn1.OCTET_STRING, func(b *cryptobyte.Builder) { addPrivateKey(b, key, &k) })
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("x509lite: private key: %w", err)
	}
	return der, nil
}

// addPrivateKey writes the contents of PKCS #8's privateKey.
func addPrivateKey(b *cryptobyte.Builder, key crypto.Signer, k *publicKey) {
	switch key := key.(type) {
	case ed25519.PrivateKey: // RFC 8410 §7
		b.AddASN1OctetString(key.Seed())
	case *ecdsa.PrivateKey:
		addECPrivateKey(b, key, k)
	case *rsa.PrivateKey:
		addRSAPrivateKey(b, key)
	case sign.PrivateKey:
		addCirclPrivate(b, key)
	default:
		b.SetError(algorithmError{ErrUnsupportedKey, fmt.Sprintf("%T", key)})
	}
}

// addECPrivateKey writes ECPrivateKey (RFC 5915 §3); the curve is named around it.
func addECPrivateKey(b *cryptobyte.Builder, key *ecdsa.PrivateKey, k *publicKey) {
	scalar, err := key.Bytes()
	if err != nil {
		b.SetError(err)
		return
	}
	point, err := k.octets()
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1OctetString(scalar)
		b.AddASN1(tagIssuerUID|0x20, func(b *cryptobyte.Builder) { b.AddASN1BitString(point) })
	})
}

// addRSAPrivateKey writes RSAPrivateKey (RFC 8017 §A.1.2).
func addRSAPrivateKey(b *cryptobyte.Builder, key *rsa.PrivateKey) {
	if len(key.Primes) != 2 || key.D == nil || key.Primes[0] == nil || key.Primes[1] == nil {
		b.SetError(algorithmError{ErrUnsupportedKey, "RSA that has not two primes"})
		return
	}
	if key.Precomputed.Dp == nil || key.Precomputed.Dq == nil || key.Precomputed.Qinv == nil {
		own := rsa.PrivateKey{PublicKey: key.PublicKey, D: key.D, Primes: key.Primes} // the caller's key is not written to
		own.Precompute()
		key = &own
	}
	if err := key.Validate(); err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		b.AddASN1BigInt(key.N)
		b.AddASN1Int64(int64(key.E))
		b.AddASN1BigInt(key.D)
		b.AddASN1BigInt(key.Primes[0])
		b.AddASN1BigInt(key.Primes[1])
		b.AddASN1BigInt(key.Precomputed.Dp)
		b.AddASN1BigInt(key.Precomputed.Dq)
		b.AddASN1BigInt(key.Precomputed.Qinv)
	})
}

// PrivateKeyPEM is MarshalPrivateKey in PEM.
func PrivateKeyPEM(key crypto.Signer) ([]byte, error) {
	der, err := MarshalPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemPrivateKey, Bytes: der}), nil
}
