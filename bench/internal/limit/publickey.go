package limit

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/measure"

	"github.com/cloudflare/circl/dh/x25519"
	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
)

// Figures of a handshake, in order.
const (
	handshakeTime    = iota // µs
	handshakeMallocs        // allocations of both ends
)

var errPublicKey = errors.New("limit: a public-key operation failed")

// Handshake is the public-key operations of a handshake in which both ends authenticate: both halves of the key
// agreement, by circl, and at each end one signature made and one verified, by the standard library.
func Handshake(k identity.Kind, group tls.CurveID) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		ids, err := identity.NewPair(k)
		if err != nil {
			return err
		}
		agree := agreement(group)
		return repeat(e, r, func() error { return errors.Join(agree(), signAndVerify(ids.Client), signAndVerify(ids.Server)) })
	}
}

// Resumption is the key agreement alone: a session that is resumed shows who both ends are.
func Resumption(group tls.CurveID) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error { return repeat(e, r, agreement(group)) }
}

func agreement(group tls.CurveID) func() error {
	if group == tls.X25519MLKEM768 {
		return hybridAgree
	}
	return x25519Agree
}

// repeat does once as often as there are handshakes, and reads what one takes.
func repeat(e measure.Effort, r *measure.Readings, once func() error) error {
	elapsed, mallocs, err := measure.Timed(once, func() error {
		for range e.Handshakes {
			if err := once(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.Add(handshakeTime, measure.Micros(elapsed, e.Handshakes))
	r.Add(handshakeMallocs, measure.PerOp(mallocs, float64(e.Handshakes)))
	return nil
}

// x25519Agree makes two keys and a shared secret at either end.
func x25519Agree() error {
	var secretA, secretB, publicA, publicB, sharedA, sharedB x25519.Key
	rand.Read(secretA[:])
	rand.Read(secretB[:])
	x25519.KeyGen(&publicA, &secretA)
	x25519.KeyGen(&publicB, &secretB)
	if !x25519.Shared(&sharedA, &secretA, &publicB) || !x25519.Shared(&sharedB, &secretB, &publicA) || sharedA != sharedB {
		return fmt.Errorf("%w: X25519", errPublicKey)
	}
	return nil
}

// hybridAgree is x25519Agree and an ML-KEM-768 key, which goes to the other end as bytes, encapsulation and
// decapsulation.
func hybridAgree() error {
	var seed [mlkem768.KeySeedSize]byte
	rand.Read(seed[:])
	public, private := mlkem768.NewKeyFromSeed(seed[:])
	var share [mlkem768.PublicKeySize]byte
	public.Pack(share[:])
	var received mlkem768.PublicKey
	if err := received.Unpack(share[:]); err != nil {
		return fmt.Errorf("%w: ML-KEM-768: %w", errPublicKey, err)
	}
	var ciphertext [mlkem768.CiphertextSize]byte
	var sharedA, sharedB [mlkem768.SharedKeySize]byte
	received.EncapsulateTo(ciphertext[:], sharedA[:], nil)
	private.DecapsulateTo(sharedB[:], ciphertext[:])
	leaveAVX()
	if sharedA != sharedB {
		return fmt.Errorf("%w: ML-KEM-768", errPublicKey)
	}
	return x25519Agree()
}

// scratch is what leaveAVX clears. Its length is a variable, for the compiler would clear a length that it knows
// without a call.
var scratch = make([]byte, 512)

// leaveAVX makes up for circl's ML-KEM, which on amd64 ends without VZEROUPPER: until somebody executes one, every SSE
// instruction pays for the upper halves, and SHA-256 runs a hundred times slower. The runtime's clear ends with one.
func leaveAVX() { clear(scratch) }

func signAndVerify(c tls.Certificate) error {
	message := make([]byte, 130) // a CertificateVerify with SHA-256 (RFC 8446 §4.4.3)
	switch key := c.PrivateKey.(type) {
	case ed25519.PrivateKey:
		sig, err := key.Sign(rand.Reader, message, crypto.Hash(0))
		if err != nil || !ed25519.Verify(c.Leaf.PublicKey.(ed25519.PublicKey), message, sig) {
			return fmt.Errorf("%w: Ed25519", errPublicKey)
		}
	case *ecdsa.PrivateKey:
		digest := sha256.Sum256(message)
		sig, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
		if err != nil || !ecdsa.VerifyASN1(c.Leaf.PublicKey.(*ecdsa.PublicKey), digest[:], sig) {
			return fmt.Errorf("%w: P-256", errPublicKey)
		}
	case *rsa.PrivateKey:
		digest := sha256.Sum256(message)
		opts := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
		sig, err := key.Sign(rand.Reader, digest[:], opts)
		if err != nil || rsa.VerifyPSS(c.Leaf.PublicKey.(*rsa.PublicKey), crypto.SHA256, digest[:], sig, opts) != nil {
			return fmt.Errorf("%w: RSA-2048", errPublicKey)
		}
	default:
		return fmt.Errorf("%w: no such key", errPublicKey)
	}
	return nil
}
