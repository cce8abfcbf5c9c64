package x509lite

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"testing"
)

func TestPublicKeyInfoOfEveryKindOfKey(t *testing.T) {
	for _, typ := range []KeyType{RSA, ECDSAP256, ECDSAP384, ECDSAP521, Ed25519Key, Ed448Key, MLDSA44Key, MLDSA65Key, MLDSA87Key} {
		key, err := GenerateKey(typ, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		info, err := NewPublicKeyInfo(key)
		if err != nil {
			t.Fatal(err)
		}
		want, err := x509.MarshalPKIXPublicKey(key.Public())
		if typ >= Ed448Key { // which crypto/x509 need not know
			want, err = info.RawSPKI, nil
		}
		if err != nil || !bytes.Equal(info.RawSPKI, want) || info.KeyType != typ || info.KeyError() != nil {
			t.Errorf("%s: %x, crypto/x509 has %x", info.KeyType, info.RawSPKI, want)
		}
		if pub, ok := info.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !pub.Equal(key.Public()) {
			t.Errorf("%s: another key", typ)
		}
		// The key pinned by its hash is accepted, by whatever name it was asked for, and nobody else's is.
		other := mustSelfSigned(t, SelfSignedOptions{CommonName: "x"})
		got, err := PinSPKI(info.SPKIHash()).VerifyRawPublicKey(want, VerifyOptions{Name: "a.example"})
		if err != nil || !bytes.Equal(got.RawSPKI, want) {
			t.Errorf("%s: %v", typ, err)
		}
		if _, err := PinSPKI(other.Leaf.SPKIHash()).VerifyRawPublicKey(want, VerifyOptions{}); !errors.Is(err, ErrNotPinned) {
			t.Errorf("%s, not pinned: %v", typ, err)
		}
	}
}

func TestRawPublicKeyIsRefused(t *testing.T) {
	id := mustSelfSigned(t, SelfSignedOptions{CommonName: "x"})
	spki := id.Leaf.RawSPKI
	weak := fixtureCert(t, "rsa512")
	small := fixtureCert(t, "rsa2048-sha256")
	for _, c := range []struct {
		name  string
		trust *Trust
		spki  []byte
		min   int
		check Check
		err   error
	}{
		{"nobody trusted", nil, spki, 0, CheckPin, ErrNotPinned},
		{"unusable trust", Pin(nil), spki, 0, CheckTrust, ErrBadTrust},
		{"none", PinSPKI(id.Leaf.SPKIHash()), nil, 0, CheckChain, ErrNoCertificate},
		{"certificate instead", PinSPKI(id.Leaf.SPKIHash()), id.Leaf.Raw, 0, CheckParse, ErrMalformed},
		{"too large", PinSPKI(id.Leaf.SPKIHash()), make([]byte, MaxPublicKeySize+1), 0, CheckParse, ErrTooLarge},
		{"certificate pinned, not its key", Pin(id.Leaf), spki, 0, CheckPin, ErrNotPinned},
		{"weak", PinSPKI(weak.SPKIHash()), weak.RawSPKI, 0, CheckKey, ErrWeakKey},
		{"below the caller's bound", PinSPKI(small.SPKIHash()), small.RawSPKI, 3072, CheckKey, ErrWeakKey},
	} {
		info, err := c.trust.VerifyRawPublicKey(c.spki, VerifyOptions{MinRSABits: c.min})
		var v *VerifyError
		if info != nil || !errors.Is(err, c.err) || !errors.As(err, &v) || v.Check != c.check {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := PinSPKI(small.SPKIHash()).VerifyRawPublicKey(small.RawSPKI, VerifyOptions{}); err != nil {
		t.Error(err)
	}
}

func TestPublicKeyInfoCutAndFlippedEverywhere(t *testing.T) {
	spki := mustSelfSigned(t, SelfSignedOptions{KeyType: ECDSAP256}).Leaf.RawSPKI
	for i := range spki {
		if _, err := ParsePublicKeyInfo(spki[:i]); !errors.Is(err, ErrMalformed) {
			t.Errorf("cut at %d: %v", i, err)
		}
		bad := bytes.Clone(spki)
		bad[i] ^= 0x41
		if info, err := ParsePublicKeyInfo(bad); err == nil && (info.KeyError() == nil || !bytes.Equal(info.RawSPKI, bad)) {
			t.Errorf("byte %d flipped: a %s", i, info.KeyType)
		}
	}
	if _, err := ParsePublicKeyInfo(append(bytes.Clone(spki), 0)); !errors.Is(err, ErrMalformed) {
		t.Errorf("a byte too many: %v", err)
	}
	if _, err := NewPublicKeyInfo(nil); !errors.Is(err, ErrUnsupportedKey) {
		t.Errorf("no key: %v", err)
	}
}

func FuzzParsePublicKeyInfo(f *testing.F) {
	for _, name := range []string{"rsa2048-sha256", "p256-sha256", "rsapss2048", "rsa512"} {
		f.Add(fixtureCert(f, name).RawSPKI)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		info, err := ParsePublicKeyInfo(der)
		if err != nil {
			if !errors.Is(err, ErrMalformed) || err.Error() == "" {
				t.Errorf("%v", err)
			}
			return
		}
		if !bytes.Equal(info.RawSPKI, der) || (info.PublicKey == nil) != (info.KeyError() != nil) {
			t.Errorf("%+v", info)
		}
	})
}
