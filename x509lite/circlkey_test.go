package x509lite

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/ed448"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
)

var newKinds = []KeyType{ECDSAP521, Ed448Key, MLDSA44Key, MLDSA65Key, MLDSA87Key}

func TestIdentitiesOfEveryKindAreMadeStoredAndVerified(t *testing.T) {
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for _, kind := range newKinds {
		id, err := SelfSigned(SelfSignedOptions{Now: now, Names: []string{"device"}, KeyType: kind})
		if err != nil {
			t.Fatalf("%v: %v", kind, err)
		}
		if id.Leaf.KeyType != kind || id.Leaf.KeyError() != nil {
			t.Errorf("%v: a certificate for %v, %v", kind, id.Leaf.KeyType, id.Leaf.KeyError())
		}
		if err := id.Leaf.CheckSelfSignature(); err != nil {
			t.Errorf("%v: %v", kind, err)
		}
		if _, err := Pin(id.Leaf).Verify(id.Chain, VerifyOptions{Now: now, Role: RoleServer, Name: "device"}); err != nil {
			t.Errorf("%v: %v", kind, err)
		}
		bad := bytes.Clone(id.Chain[0])
		bad[len(bad)-1] ^= 1
		if c, err := Parse(bad); err != nil || c.CheckSelfSignature() == nil {
			t.Errorf("%v: a signature that was changed verifies, %v", kind, err)
		}
		der, err := MarshalPrivateKey(id.Key)
		if err != nil {
			t.Fatalf("%v: %v", kind, err)
		}
		key, err := LoadPrivateKey(der)
		if err != nil || !key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(id.Key.Public()) {
			t.Errorf("%v: another key came back, %v", kind, err)
		}
		for n := range der {
			if len(der) > 200 && n > 60 && n%97 != 0 {
				continue
			}
			if _, err := LoadPrivateKey(der[:n]); err == nil {
				t.Errorf("%v: %d of %d bytes load", kind, n, len(der))
			}
		}
	}
}

// RFC 8032 §7.4: the test with a message of one octet.
func TestEd448OfRFC8032(t *testing.T) {
	unhex := func(s string) []byte { b, _ := hex.DecodeString(s); return b }
	key := ed448.NewKeyFromSeed(unhex("c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e"))
	want := unhex("26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cb" +
		"cee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00")
	sig, err := key.Sign(rand.Reader, []byte{3}, crypto.Hash(0))
	if err != nil || !bytes.Equal(sig, want) || !VerifyCircl(key.Public(), []byte{3}, want) || VerifyCircl(key.Public(), []byte{4}, want) {
		t.Errorf("%x, %v", sig, err)
	}
}

func TestPrivateKeysOfMLDSALoadInEachOfTheirForms(t *testing.T) {
	seed := bytes.Repeat([]byte{7}, mldsa65.SeedSize)
	public, private := mldsa65.Scheme().DeriveKey(seed)
	expanded, _ := private.MarshalBinary()
	der := func(tag byte, parts ...[]byte) []byte {
		body := bytes.Join(parts, nil)
		if n := len(body); n < 128 {
			return append([]byte{tag, byte(n)}, body...)
		}
		return append([]byte{tag, 0x82, byte(len(body) >> 8), byte(len(body))}, body...)
	}
	pkcs8 := func(inner []byte) []byte {
		return der(0x30, []byte{2, 1, 0}, der(0x30, der(6, []byte(oidMLDSA65))), der(4, inner))
	}
	for name, form := range map[string][]byte{
		"seed": der(0x80, seed), "expanded": der(4, expanded), "both": der(0x30, der(4, seed), der(4, expanded)),
	} {
		key, err := LoadPrivateKey(pkcs8(form))
		if err != nil || !key.Public().(sign.PublicKey).Equal(public) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := bytes.Clone(expanded)
	other[0] ^= 1
	for name, form := range map[string][]byte{
		"short seed": der(0x80, seed[1:]), "short expanded key": der(4, expanded[1:]), "not together": der(0x30, der(4, seed), der(4, other)), "none": nil,
		"empty": der(0x30),
	} {
		if _, err := LoadPrivateKey(pkcs8(form)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysOfCirclThatAreNoneAreErrors(t *testing.T) {
	for _, key := range []crypto.Signer{(*mldsa65.PrivateKey)(nil), ed448.PrivateKey{1, 2, 3}} {
		if k := describeSigner(key, false); !errors.Is(k.err, ErrUnsupportedKey) {
			t.Errorf("%T: %v", key, k.err)
		}
	}
	if VerifyCircl(nil, nil, nil) || VerifyCircl(ed448.PublicKey(make([]byte, 57)), nil, make([]byte, 5)) {
		t.Error("verified")
	}
	for _, kind := range newKinds[1:] {
		if _, err := GenerateKey(kind, 0, bytes.NewReader(nil)); err == nil {
			t.Errorf("%v: a key without entropy", kind)
		}
	}
}
