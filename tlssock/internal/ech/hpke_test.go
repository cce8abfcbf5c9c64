package ech

import (
	"bytes"
	stdhpke "crypto/hpke"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/cloudflare/circl/hpke"
)

// kems are those that both this package and the standard library have, and X448.
var kems = []hpke.KEM{
	hpke.KEM_P256_HKDF_SHA256, hpke.KEM_P384_HKDF_SHA384, hpke.KEM_P521_HKDF_SHA512, hpke.KEM_X25519_HKDF_SHA256, hpke.KEM_XWING, hpke.KEM_X448_HKDF_SHA512,
}

func testKey(t testing.TB, kem uint16, suites ...Suite) (*Key, *Recipient) {
	t.Helper()
	public, private, err := GenerateKey(kem, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := testConfig()
	c.KEM, c.PublicKey, c.Suites = kem, public, suites
	raw := marshal(t, c)
	key, err := NewKey(raw, private)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Choose([]*Config{key.Config})
	if err != nil {
		t.Fatal(err)
	}
	return key, r
}

func TestSealedIsOpenedInOrderAndOnlyAsItWasSealed(t *testing.T) {
	for _, kem := range kems {
		for _, suite := range append(DefaultSuites, Suite{2, 2}, Suite{3, 3}) {
			key, r := testKey(t, uint16(kem), suite)
			enc, sealer, err := r.NewSealer(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			opener, err := key.NewOpener(suite, enc)
			if err != nil {
				t.Fatal(err)
			}
			first, err1 := sealer.Seal([]byte("first"), []byte("aad"))
			second, err2 := sealer.Seal([]byte("second"), []byte("aad"))
			if err := errors.Join(err1, err2); err != nil || len(first) != len("first")+Overhead {
				t.Fatalf("%d bytes, %v", len(first), err)
			}
			for _, wrong := range []struct{ sealed, aad []byte }{{second, []byte("aad")}, {first, []byte("bad")}, {first[1:], []byte("aad")}, {nil, nil}} {
				if _, err := opener.Open(wrong.sealed, wrong.aad); !errors.Is(err, ErrDecrypt) {
					t.Errorf("%x %+v: %v", kem, suite, err)
				}
			}
			a, err1 := opener.Open(first, []byte("aad"))
			b, err2 := opener.Open(second, []byte("aad"))
			if string(a) != "first" || string(b) != "second" {
				t.Errorf("%x %+v: %q, %q: %v", kem, suite, a, b, errors.Join(err1, err2))
			}
		}
	}
}

// The standard library opens what we seal, and we what it seals, with every KEM that it has.
func TestSealedAsTheStandardLibrarySeals(t *testing.T) {
	for _, id := range kems {
		kem, err := stdhpke.NewKEM(uint16(id))
		if err != nil {
			if id != hpke.KEM_X448_HKDF_SHA512 {
				t.Errorf("%x: %v", id, err)
			}
			continue
		}
		for _, suite := range DefaultSuites {
			kdf, err1 := stdhpke.NewKDF(suite.KDF)
			aead, err2 := stdhpke.NewAEAD(suite.AEAD)
			key, r := testKey(t, uint16(id), suite)
			private, err3 := key.private.MarshalBinary()
			theirs, err4 := kem.NewPrivateKey(private)
			if err := errors.Join(err1, err2, err3, err4); err != nil {
				t.Fatalf("%x: %v", id, err)
			}
			if !bytes.Equal(theirs.PublicKey().Bytes(), key.PublicKey) {
				t.Fatalf("%x: another public key", id)
			}
			enc, sealer, err := r.NewSealer(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			sealed, err1 := sealer.Seal([]byte("hello"), []byte("aad"))
			recipient, err2 := stdhpke.NewRecipient(enc, theirs, kdf, aead, r.info())
			if err := errors.Join(err1, err2); err != nil {
				t.Fatalf("%x: %v", id, err)
			}
			if got, err := recipient.Open([]byte("aad"), sealed); err != nil || string(got) != "hello" {
				t.Errorf("%x %+v: they open %q, %v", id, suite, got, err)
			}
			enc, sender, err := stdhpke.NewSender(theirs.PublicKey(), kdf, aead, r.info())
			if err != nil {
				t.Fatal(err)
			}
			sealed, err1 = sender.Seal([]byte("aad"), []byte("hello"))
			opener, err2 := key.NewOpener(suite, enc)
			if err := errors.Join(err1, err2); err != nil {
				t.Fatalf("%x: %v", id, err)
			}
			if got, err := opener.Open(sealed, []byte("aad")); err != nil || string(got) != "hello" {
				t.Errorf("%x %+v: we open %q, %v", id, suite, got, err)
			}
		}
	}
}

func TestChooseTakesTheFirstThatCanBeUsed(t *testing.T) {
	_, good := testKey(t, X25519, Suite{0x1111, 0x2222}, Suite{SHA256, 0x2222}, Suite{0x1111, AES128GCM}, Suite{SHA256, AES128GCM})
	if good.Suite != (Suite{SHA256, AES128GCM}) {
		t.Errorf("chose %+v", good.Suite)
	}
	var bad []*Config
	for _, change := range []func(c *Config){
		func(c *Config) { c.KEM = 0x6666 }, func(c *Config) { c.KEM = uint16(hpke.KEM_X25519_KYBER768_DRAFT00) }, func(c *Config) { c.KEM = uint16(hpke.KEM_P256_HKDF_SHA256) },
		func(c *Config) { c.Suites = []Suite{{0x1111, 0x2222}} }, func(c *Config) { c.Mandatory = true },
		func(c *Config) { c.PublicKey = c.PublicKey[1:] }, func(c *Config) { c.PublicName = "under_score.example" },
	} {
		c := *good.Config
		change(&c)
		bad = append(bad, &c)
	}
	if r, err := Choose(append(bad, good.Config)); err != nil || r.Config != good.Config {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Choose(bad); !errors.Is(err, ErrUnusable) {
		t.Error(err)
	}
}

func TestKeysThatDoNotGoWithTheirConfig(t *testing.T) {
	key, _ := testKey(t, X25519, DefaultSuites...)
	_, other, err := GenerateKey(X25519, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	unknown := *key.Config
	unknown.KEM = 0x6666
	for _, c := range []struct {
		config, private []byte
		err             error
	}{{key.Raw, other, ErrKey}, {key.Raw, other[1:], ErrKey}, {key.Raw[1:], other, ErrConfigList}, {marshal(t, &unknown), other, ErrKey}} {
		if _, err := NewKey(c.config, c.private); !errors.Is(err, c.err) {
			t.Errorf("%v instead of %v", err, c.err)
		}
	}
	if _, _, err := GenerateKey(0x6666, rand.Reader); !errors.Is(err, ErrKey) {
		t.Error(err)
	}
	if _, _, err := GenerateKey(X25519, bytes.NewReader(nil)); err == nil {
		t.Error("a key without entropy")
	}
}

// A client's encapsulated key is whatever it sent.
func FuzzOpener(f *testing.F) {
	keys := make([]*Key, 0, len(kems))
	for _, kem := range kems {
		key, r := testKey(f, uint16(kem), DefaultSuites...)
		enc, sealer, err := r.NewSealer(rand.Reader)
		if err != nil {
			f.Fatal(err)
		}
		sealed, err := sealer.Seal([]byte("hello"), nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(len(keys)), uint16(1), uint16(1), enc, sealed)
		keys = append(keys, key)
	}
	f.Fuzz(func(t *testing.T, which byte, kdf, aead uint16, enc, sealed []byte) {
		opener, err := keys[int(which)%len(keys)].NewOpener(Suite{kdf, aead}, enc)
		if err == nil {
			_, err = opener.Open(sealed, nil)
		}
		if err != nil && !errors.Is(err, ErrDecrypt) {
			t.Fatal(fmt.Errorf("%T: %w", err, err))
		}
	})
}

// A key and a recipient belong to a configuration, which any number of goroutines share. The race detector judges this.
func TestKeysAndRecipientsAreShared(t *testing.T) {
	for _, kem := range kems {
		key, r := testKey(t, uint16(kem), DefaultSuites...)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				enc, sealer, err := r.NewSealer(rand.Reader)
				if err != nil {
					t.Error(err)
					return
				}
				sealed, err1 := sealer.Seal([]byte("hello"), nil)
				opener, err2 := key.NewOpener(r.Suite, enc)
				if err := errors.Join(err1, err2); err != nil {
					t.Error(err)
					return
				}
				if plain, err := opener.Open(sealed, nil); err != nil || string(plain) != "hello" {
					t.Errorf("%x: %q, %v", kem, plain, err)
				}
			})
		}
		all.Wait()
	}
}
