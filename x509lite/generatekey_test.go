package x509lite

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// seeded is a stream of bytes that is the same every time.
func seeded(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func TestGenerateKeyOfEveryKind(t *testing.T) {
	for _, c := range []struct {
		typ  KeyType
		bits int
		want KeyType
	}{{UnknownKey, 256, ECDSAP256}, {ECDSAP256, 256, ECDSAP256}, {ECDSAP384, 384, ECDSAP384}, {Ed25519Key, 256, Ed25519Key}, {RSA, 2048, RSA}, {RSAPSS, 2048, RSAPSS}} {
		key, err := GenerateKey(c.typ, 0, nil)
		if err != nil {
			t.Errorf("%v: %v", c.typ, err)
			continue
		}
		if k := describeSigner(key, c.typ == RSAPSS); k.typ != c.want || k.bits != c.bits {
			t.Errorf("%v: made %v of %d bits", c.typ, k.typ, k.bits)
		}
	}
	key, err := GenerateKey(RSA, 1024, nil)
	if k, ok := key.(*rsa.PrivateKey); !ok || k.N.BitLen() != 1024 {
		t.Errorf("RSA of 1024 bits: %v", err)
	}
}

func TestGenerateKeyRefuses(t *testing.T) {
	for _, bits := range []int{-1, 1, MinRSABits - 1, MaxRSABits + 1} {
		if _, err := GenerateKey(RSA, bits, nil); !errors.Is(err, ErrOptions) {
			t.Errorf("RSA of %d bits: %v", bits, err)
		}
	}
	if _, err := GenerateKey(77, 0, nil); !errors.Is(err, ErrOptions) {
		t.Error(err)
	}
}

func TestGenerateKeyDrawsFromItsEntropy(t *testing.T) {
	for _, typ := range []KeyType{ECDSAP256, ECDSAP384, Ed25519Key} {
		a, errA := GenerateKey(typ, 0, seeded(1))
		b, errB := GenerateKey(typ, 0, seeded(1))
		c, errC := GenerateKey(typ, 0, seeded(2))
		if err := errors.Join(errA, errB, errC); err != nil {
			t.Fatal(err)
		}
		if !keyEqual(a, b) || keyEqual(a, c) {
			t.Errorf("%v: the key does not follow the entropy", typ)
		}
		if _, err := GenerateKey(typ, 0, bytes.NewReader([]byte("short"))); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%v with too little entropy: %v", typ, err)
		}
	}
}

// repeat is an endless stream of one byte: entropy that is broken.
type repeat byte

func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}

func TestCandidatesOutsideTheCurvesOrderAreDrawnAgain(t *testing.T) {
	tooLarge := bytes.Repeat([]byte{0xff}, 32)
	good := append(make([]byte, 31), 9)
	key, err := GenerateKey(ECDSAP256, 0, bytes.NewReader(append(tooLarge, good...)))
	if err != nil {
		t.Fatal(err)
	}
	if scalar, _ := key.(*ecdsa.PrivateKey).Bytes(); !bytes.Equal(scalar, good) {
		t.Errorf("drew %x", scalar)
	}
	for _, r := range []repeat{0, 0xff} {
		if _, err := GenerateKey(ECDSAP256, 0, r); err == nil {
			t.Errorf("entropy of %#x only gave a key", byte(r))
		}
	}
	if _, ok := testKey.Public().(ed25519.PublicKey); !ok {
		t.Error("Ed25519 has another public key")
	}
}
