package x509lite

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
)

// defaultRSABits is the size of an RSA key when none is asked for.
const defaultRSABits = 2048

// GenerateKey makes a private key of the given kind; UnknownKey, the zero value, is ECDSAP256. rsaBits is the size of
// an RSA or RSAPSS key (MinRSABits to MaxRSABits; 0: 2048). random nil is crypto/rand; RSA always uses that.
func GenerateKey(typ KeyType, rsaBits int, random io.Reader) (crypto.Signer, error) {
	if random == nil {
		random = rand.Reader
	}
	switch typ {
	case UnknownKey, ECDSAP256:
		return generateECDSA(elliptic.P256(), random)
	case ECDSAP384:
		return generateECDSA(elliptic.P384(), random)
	case ECDSAP521:
		return generateECDSA(elliptic.P521(), random)
	case Ed448Key, MLDSA44Key, MLDSA65Key, MLDSA87Key:
		return circlKeyByType(typ).generate(func(seed []byte) error {
			if _, err := io.ReadFull(random, seed); err != nil {
				return fmt.Errorf("entropy: %w", err)
			}
			return nil
		})
	case Ed25519Key:
		var seed [ed25519.SeedSize]byte
		if _, err := io.ReadFull(random, seed[:]); err != nil {
			return nil, fmt.Errorf("entropy: %w", err)
		}
		return ed25519.NewKeyFromSeed(seed[:]), nil
	case RSA, RSAPSS:
		if rsaBits == 0 {
			rsaBits = defaultRSABits
		}
		if rsaBits < MinRSABits || rsaBits > MaxRSABits {
			return nil, optionError("RSA of %d bits", rsaBits)
		}
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return nil, optionError("%s", typ)
}

// generateECDSA draws candidates until one is a private key (FIPS 186-5 §A.2.2). crypto/ecdsa would do the same, but
// takes no entropy from its caller. On these curves one candidate in 2³² fails; a Rand that gives none in many is
// broken.
func generateECDSA(curve elliptic.Curve, random io.Reader) (crypto.Signer, error) {
	const tries = 16
	buf := make([]byte, (curve.Params().BitSize+7)/8)
	for range tries {
		if _, err := io.ReadFull(random, buf); err != nil {
			return nil, fmt.Errorf("entropy: %w", err)
		}
		buf[0] &= 0xff >> (-curve.Params().BitSize & 7) // P-521's first byte has one bit
		if key, err := ecdsa.ParseRawPrivateKey(curve, buf); err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("entropy: no private key among %d candidates", tries)
}
