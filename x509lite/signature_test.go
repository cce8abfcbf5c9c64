package x509lite

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestSelfSignaturesOfEveryKind(t *testing.T) {
	for _, name := range []string{"rsa2048-sha256", "rsa2048-sha384", "rsa2048-sha512", "rsa2048-pss-sha256", "rsa2048-pss-sha384",
		"rsa2048-pss-sha512", "rsa2048-pss-longest-salt", "rsapss2048", "rsapss2048-sha384", "rsa1024", "p256-sha256", "p256-sha384",
		"p256-sha512", "p384-sha256", "p384-sha384", "p384-sha512", "ed25519", "v1", "names"} {
		c := fixtureCert(t, name)
		if err := c.CheckSelfSignature(); err != nil {
			t.Errorf("%s (%s by %s): %v", name, c.SignatureAlgorithm, c.KeyType, err)
		}
		for _, i := range []int{0, len(c.Signature) / 2, len(c.Signature) - 1} {
			bad := *c
			bad.Signature = slices.Clone(c.Signature)
			bad.Signature[i] ^= 1
			if err := bad.CheckSelfSignature(); !errors.Is(err, ErrSelfSignature) {
				t.Errorf("%s with byte %d of its signature flipped: %v", name, i, err)
			}
		}
		for _, sig := range [][]byte{nil, c.Signature[:len(c.Signature)-1], append(slices.Clone(c.Signature), 0)} {
			bad := *c
			bad.Signature = sig
			if err := bad.CheckSelfSignature(); !errors.Is(err, ErrSelfSignature) {
				t.Errorf("%s with a signature of %d bytes: %v", name, len(sig), err)
			}
		}
	}
}

func TestWhySelfSignaturesAreRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		cause error
		text  string
	}{
		{"rsa2048-sha1", ErrWeakSignature, "SHA1-RSA"},
		{"rsa2048-md5", ErrWeakSignature, "MD5-RSA"},
		{"p256-sha1", ErrWeakSignature, "ECDSA-SHA1"},
		{"rsa2048-pss-sha1", ErrWeakSignature, "RSAPSS with SHA-1"},
		{"rsa2048-pss-mixed", ErrUnsupportedSignature, "RSAPSS"},
		{"rsa2048-pss-no-salt", ErrUnsupportedSignature, "without a salt"},
		{"secp256k1", ErrUnsupportedKey, "1.3.132.0.10"},
		{"rsa512", ErrWeakKey, "512 bits"},
		{"issued", nil, `issued by "O=smoltls tests, CN=pathlen"`},
	} {
		err := fixtureCert(t, c.name).CheckSelfSignature()
		var ve *VerifyError
		if !errors.Is(err, ErrSelfSignature) || !errors.As(err, &ve) || ve.Check != CheckSelfSignature || ve.Cert == nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.cause != nil && !errors.Is(err, c.cause) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v does not say %v, %q", c.name, err, c.cause, c.text)
		}
	}
}

// The same name is not the same key.
func TestCertificateOfTheSameNameBySomeoneElse(t *testing.T) {
	one, other := mustSelfSigned(t, SelfSignedOptions{CommonName: "x"}), mustSelfSigned(t, SelfSignedOptions{CommonName: "x"})
	forged := *one.Leaf
	forged.Signature = other.Leaf.Signature
	if err := forged.CheckSelfSignature(); !errors.Is(err, ErrSelfSignature) || !strings.Contains(err.Error(), "not the key's") {
		t.Error(err)
	}
}

func TestSignatureAlgorithmMustSuitTheKey(t *testing.T) {
	algs := map[KeyType][]SignatureAlgorithm{
		RSA:        {SHA256WithRSA, SHA384WithRSA, SHA512WithRSA, SHA256WithRSAPSS, SHA384WithRSAPSS, SHA512WithRSAPSS},
		RSAPSS:     {SHA256WithRSAPSS, SHA384WithRSAPSS, SHA512WithRSAPSS},
		ECDSAP256:  {ECDSAWithSHA256, ECDSAWithSHA384, ECDSAWithSHA512},
		ECDSAP384:  {ECDSAWithSHA256, ECDSAWithSHA384, ECDSAWithSHA512},
		Ed25519Key: {Ed25519},
	}
	for name, kind := range map[string]KeyType{"rsa2048-sha256": RSA, "rsapss2048": RSAPSS, "p256-sha256": ECDSAP256,
		"p384-sha384": ECDSAP384, "ed25519": Ed25519Key} {
		orig := fixtureCert(t, name)
		for _, sp := range sigSpecs {
			c := *orig
			c.SignatureAlgorithm = sp.alg
			if sp.family == familyPSS {
				c.sigSalt = sp.hash.Size()
			}
			err := c.CheckSelfSignature()
			if sp.alg == orig.SignatureAlgorithm {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			suits := !strings.Contains(err.Error(), " by an ")
			if want := slices.Contains(algs[kind], sp.alg); suits != want {
				t.Errorf("%s with %s: %v", kind, sp.name, err)
			}
		}
	}
	unknown := *fixtureCert(t, "ed25519")
	unknown.SignatureAlgorithm = 77
	if err := unknown.CheckSelfSignature(); !errors.Is(err, ErrUnsupportedSignature) {
		t.Error(err)
	}
}

func TestEd25519SelfSignatureAllocatesNothing(t *testing.T) {
	c := fixtureCert(t, "ed25519")
	if n := testing.AllocsPerRun(20, func() {
		if c.CheckSelfSignature() != nil {
			t.Fatal("refused")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
