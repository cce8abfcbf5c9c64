package x509lite

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// accepts reports whether t accepts the certificate as a server's.
func accepts(t *Trust, c *Certificate) error {
	leaf, err := t.Verify([][]byte{c.Raw}, VerifyOptions{Now: testNow})
	if err == nil && leaf == nil {
		return errors.New("accepted without a certificate")
	}
	return err
}

func TestPinAcceptsTheCertificateAndNothingElse(t *testing.T) {
	id := mustSelfSigned(t, SelfSignedOptions{CommonName: "x"})
	renewed := mustSelfSigned(t, SelfSignedOptions{CommonName: "x", Key: id.Key})
	stranger := mustSelfSigned(t, SelfSignedOptions{CommonName: "x"})
	trust := Pin(id.Leaf)
	if err := trust.Err(); err != nil {
		t.Fatal(err)
	}
	if err := accepts(trust, id.Leaf); err != nil {
		t.Error(err)
	}
	if leaf, _ := trust.Verify(id.Chain, VerifyOptions{Now: testNow}); leaf != id.Leaf {
		t.Error("the pinned certificate did not come back as it was pinned")
	}
	for name, c := range map[string]*Certificate{"renewed": renewed.Leaf, "stranger": stranger.Leaf, "other kind": fixtureCert(t, "p256-sha256")} {
		if err := accepts(trust, c); !errors.Is(err, ErrNotPinned) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPinSPKIAcceptsTheKeyInAnyCertificateOfItsOwn(t *testing.T) {
	id := mustSelfSigned(t, SelfSignedOptions{CommonName: "x"})
	renewed := mustSelfSigned(t, SelfSignedOptions{CommonName: "y", Key: id.Key})
	stranger := mustSelfSigned(t, SelfSignedOptions{CommonName: "x"})
	trust := PinSPKI(id.Leaf.SPKIHash())
	for _, c := range []*Certificate{id.Leaf, renewed.Leaf} {
		if err := accepts(trust, c); err != nil {
			t.Error(err)
		}
	}
	if err := accepts(trust, stranger.Leaf); !errors.Is(err, ErrNotPinned) {
		t.Error(err)
	}
	// The key's certificate by another issuer, and the key's certificate tampered with: no self-signature.
	if err := accepts(PinSPKI(fixtureCert(t, "issued").SPKIHash()), fixtureCert(t, "issued")); !errors.Is(err, ErrSelfSignature) {
		t.Error(err)
	}
	if err := accepts(trust, &Certificate{Raw: tamper(id.Leaf.Raw)}); !errors.Is(err, ErrSelfSignature) {
		t.Error(err)
	}
}

func TestPinReportsWhatCanNeverBeAccepted(t *testing.T) {
	good := fixtureCert(t, "p256-sha256")
	tampered, err := Parse(tamper(good.Raw))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		cert *Certificate
		want error
	}{
		{"tampered", tampered, ErrSelfSignature},
		{"signed by another", fixtureCert(t, "issued"), ErrSelfSignature},
		{"weak signature", fixtureCert(t, "rsa2048-sha1"), ErrWeakSignature},
		{"unsupported key", fixtureCert(t, "secp256k1"), ErrUnsupportedKey},
		{"weak key", fixtureCert(t, "rsa512"), ErrWeakKey},
		{"nil", nil, nil},
		{"never parsed", new(Certificate), ErrSelfSignature},
	} {
		trust := Pin(good, c.cert)
		err := trust.Err()
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), "pin 2 of 2") {
			t.Errorf("%s: Err is %v", c.name, err)
		}
		if err := accepts(trust, good); !errors.Is(err, ErrBadTrust) || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: Verify says %v", c.name, err)
		}
		if err := accepts(AnyOf(Pin(good), trust), good); !errors.Is(err, ErrBadTrust) {
			t.Errorf("%s: AnyOf with it says %v", c.name, err)
		}
	}
}

func TestTrustInNobody(t *testing.T) {
	c := fixtureCert(t, "ed25519")
	for name, trust := range map[string]*Trust{"nil": nil, "zero": {}, "Pin()": Pin(), "PinSPKI()": PinSPKI(), "AnyOf()": AnyOf()} {
		if err := accepts(trust, c); !errors.Is(err, ErrNotPinned) {
			t.Errorf("%s: %v", name, err)
		}
		if trust.Len() != 0 || (trust == nil) != (trust.Err() != nil) {
			t.Errorf("%s: Len %d, Err %v", name, trust.Len(), trust.Err())
		}
	}
}

func TestAnyOfTrustsWhomAnyOfThemTrusts(t *testing.T) {
	a, b, c := fixtureCert(t, "ed25519"), fixtureCert(t, "p256-sha256"), fixtureCert(t, "p384-sha384")
	sum := AnyOf(Pin(a), PinSPKI(b.SPKIHash()), AnyOf(Pin(c)))
	if sum.Err() != nil || sum.Len() != 3 {
		t.Fatalf("Len %d, %v", sum.Len(), sum.Err())
	}
	for _, cert := range []*Certificate{a, b, c} {
		if err := accepts(sum, cert); err != nil {
			t.Error(err)
		}
	}
	if err := accepts(sum, fixtureCert(t, "rsa2048-sha256")); !errors.Is(err, ErrNotPinned) {
		t.Error(err)
	}
	if err := AnyOf(Pin(a), nil).Err(); err == nil || !strings.Contains(err.Error(), "2 of 2") {
		t.Error(err)
	}
}

// manyPins is a certificate pinned among n.
func manyPins(tb testing.TB, n int) (*Trust, *Certificate) {
	tb.Helper()
	key, err := GenerateKey(Ed25519Key, 0, nil)
	if err != nil {
		tb.Fatal(err)
	}
	certs := make([]*Certificate, n)
	for i := range certs {
		certs[i] = mustSelfSigned(tb, SelfSignedOptions{Key: key, Names: []string{"device.example"}}).Leaf
	}
	trust := Pin(certs...)
	if trust.Err() != nil || trust.Len() != n {
		tb.Fatalf("%d pinned, %v", trust.Len(), trust.Err())
	}
	return trust, certs[n/2]
}

func TestManyPinsAreFoundWithoutAllocation(t *testing.T) {
	trust, c := manyPins(t, 1000)
	var hashes [][32]byte
	for i := range 10000 {
		var h [32]byte
		binary.BigEndian.PutUint32(h[:], uint32(i))
		hashes = append(hashes, h)
	}
	trust = AnyOf(trust, PinSPKI(hashes...))
	if trust.Len() != 11000 {
		t.Fatal(trust.Len())
	}
	chain := [][]byte{c.Raw}
	if n := testing.AllocsPerRun(100, func() {
		if leaf, err := trust.Verify(chain, VerifyOptions{Now: testNow, Name: "device.example"}); err != nil || leaf != c {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, c := range []struct {
		name string
		pins int
	}{{"1 pin", 1}, {"10000 pins", 10000}} {
		b.Run(c.name, func(b *testing.B) {
			trust, cert := manyPins(b, c.pins)
			chain := [][]byte{cert.Raw}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := trust.Verify(chain, VerifyOptions{Now: testNow, Name: "device.example"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("key pinned, P-256", func(b *testing.B) {
		cert := fixtureCert(b, "p256-sha256")
		trust, chain := PinSPKI(cert.SPKIHash()), [][]byte{cert.Raw}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := trust.Verify(chain, VerifyOptions{Now: testNow}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"ed25519", "p256-sha256", "rsa2048-sha256"} {
		b.Run(name, func(b *testing.B) {
			der := fixtureCert(b, name).Raw
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(der); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
