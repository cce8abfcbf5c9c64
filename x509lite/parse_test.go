package x509lite

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestHandMadeCertificateIsAccepted(t *testing.T) {
	der := newHandMade().der()
	c, err := Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CheckSelfSignature(); err != nil {
		t.Fatal(err)
	}
	if _, err := Pin(c).Verify([][]byte{der}, VerifyOptions{Now: testNow}); err != nil {
		t.Fatal(err)
	}
	der[0] = 0
	if c.Raw[0] != 0x30 {
		t.Error("Parse kept its argument")
	}
}

// Each row breaks one rule and nothing else: the signature is intact.
func TestParseRefusesWhatIsNotDERorNotACertificate(t *testing.T) {
	set := func(field func(*handMade) *[]byte, v []byte) func(*handMade) {
		return func(h *handMade) { *field(h) = v }
	}
	version := func(h *handMade) *[]byte { return &h.version }
	serial := func(h *handMade) *[]byte { return &h.serial }
	validity := func(h *handMade) *[]byte { return &h.validity }
	exts := func(h *handMade) *[]byte { return &h.exts }
	utc := tlv(0x17, []byte("250101000000Z"))
	ext := extDER(oidTest, false, []byte{5, 0})
	for _, c := range []struct {
		name  string
		spoil func(*handMade)
		field string
	}{
		{"trailing bytes", func(h *handMade) { h.trail = []byte{0} }, "certificate"},
		{"a second certificate", func(h *handMade) { h.trail = newHandMade().der() }, "certificate"},
		{"element after the signature", func(h *handMade) { h.trailCert = []byte{5, 0} }, "certificate"},
		{"element after the extensions", func(h *handMade) { h.trailTBS = []byte{5, 0} }, "tbsCertificate"},
		{"version 1 spelled out", set(version, tlv(0xa0, tlv(2, []byte{0}))), "version"},
		{"version 4", set(version, tlv(0xa0, tlv(2, []byte{3}))), "version"},
		{"version of two octets", set(version, tlv(0xa0, tlv(2, []byte{1, 0}))), "version"},
		{"version not minimal", set(version, tlv(0xa0, tlv(2, []byte{0, 2}))), "version"},
		{"something after the version", set(version, tlv(0xa0, tlv(2, []byte{2}), []byte{5, 0})), "version"},
		{"extensions in version 1", set(version, nil), "extensions"},
		{"extensions in version 2", set(version, tlv(0xa0, tlv(2, []byte{1}))), "extensions"},
		{"unique identifier in version 1", func(h *handMade) { h.version, h.exts, h.uid = nil, nil, []byte{0x81, 2, 0, 1} }, "uniqueIdentifier"},
		{"unique identifiers in the wrong order", func(h *handMade) { h.uid = []byte{0x82, 2, 0, 1, 0x81, 2, 0, 1} }, "tbsCertificate"},
		{"unique identifier with unused bits set", func(h *handMade) { h.uid = []byte{0x81, 2, 1, 1} }, "uniqueIdentifier"},
		{"negative serial", set(serial, tlv(2, []byte{0x80})), "serialNumber"},
		{"serial not minimal", set(serial, tlv(2, []byte{0, 1})), "serialNumber"},
		{"empty serial", set(serial, tlv(2)), "serialNumber"},
		{"serial of 21 bytes", set(serial, tlv(2, bytes.Repeat([]byte{1}, 21))), "serialNumber"},
		{"serial in long-form length", set(serial, []byte{2, 0x81, 1, 1}), "serialNumber"},
		{"serial with a wrong tag", set(serial, tlv(4, []byte{1})), "serialNumber"},
		{"missing serial", set(serial, nil), "serialNumber"},
		{"two algorithms", func(h *handMade) { h.outerAlg = tlv(0x30, oidDER(sigSpecs[6].oid)) }, "signatureAlgorithm"},
		{"Ed25519 with parameters", func(h *handMade) { h.alg = tlv(0x30, oidDER(oidEd25519), []byte{5, 0}) }, "parameters"},
		{"signature not of whole octets", func(h *handMade) { h.unusedBits = 1 }, "signatureValue"},
		{"name with an empty set", func(h *handMade) { h.issuer = tlv(0x30, tlv(0x31)); h.subject = h.issuer }, "issuer"},
		{"name that is a set", func(h *handMade) { h.subject = tlv(0x31) }, "subject"},
		{"validity without an end", set(validity, tlv(0x30, utc)), "notAfter"},
		{"validity of three dates", set(validity, tlv(0x30, utc, utc, utc)), "validity"},
		{"validity with a fraction", set(validity, tlv(0x30, utc, tlv(0x18, []byte("20500101000000.0Z")))), "notAfter"},
		{"no extensions in the list", set(exts, tlv(0xa3, tlv(0x30))), "extensions"},
		{"empty extensions", set(exts, tlv(0xa3)), "extensions"},
		{"two lists of extensions", set(exts, tlv(0xa3, tlv(0x30, ext), tlv(0x30, ext))), "extensions"},
		{"extension twice", set(exts, tlv(0xa3, tlv(0x30, ext, ext))), "extension"},
		{"critical false spelled out", set(exts, tlv(0xa3, tlv(0x30, tlv(0x30, oidDER(oidTest), []byte{1, 1, 0}, tlv(4))))), "critical"},
		{"critical 01", set(exts, tlv(0xa3, tlv(0x30, tlv(0x30, oidDER(oidTest), []byte{1, 1, 1}, tlv(4))))), "critical"},
		{"extension without a value", set(exts, tlv(0xa3, tlv(0x30, tlv(0x30, oidDER(oidTest))))), "extnValue"},
		{"extension with two values", set(exts, tlv(0xa3, tlv(0x30, tlv(0x30, oidDER(oidTest), tlv(4), tlv(4))))), "extension"},
		{"extension without a name", set(exts, tlv(0xa3, tlv(0x30, tlv(0x30, tlv(4))))), "extnID"},
	} {
		h := newHandMade()
		c.spoil(h)
		cert, err := Parse(h.der())
		var pe *ParseError
		if cert != nil || !errors.Is(err, ErrMalformed) || !errors.As(err, &pe) {
			t.Errorf("%s: got %v, %v", c.name, cert, err)
		} else if pe.Field != c.field {
			t.Errorf("%s: blamed on %q, want %q: %v", c.name, pe.Field, c.field, err)
		}
	}
}

func TestParseAcceptsWhatIsRareButRight(t *testing.T) {
	for name, change := range map[string]func(*handMade){
		"version 1":                func(h *handMade) { h.version, h.exts = nil, nil },
		"version 2":                func(h *handMade) { h.version, h.exts = tlv(0xa0, tlv(2, []byte{1})), nil },
		"version 3, no extensions": func(h *handMade) { h.exts = nil },
		"unique identifiers":       func(h *handMade) { h.uid = []byte{0x81, 2, 0, 1, 0x82, 2, 4, 0xf0} },
		"serial zero":              func(h *handMade) { h.serial = tlv(2, []byte{0}) },
		"serial of 20 bytes":       func(h *handMade) { h.serial = tlv(2, []byte{0}, bytes.Repeat([]byte{0xff}, 20)) },
		"no name at all":           func(h *handMade) { h.issuer, h.subject = tlv(0x30), tlv(0x30) },
	} {
		h := newHandMade()
		change(h)
		c, err := Parse(h.der())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if err := c.CheckSelfSignature(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One certificate of each kind of key, for the tests that go through every byte.
var everyKind = []string{"rsa2048-sha256", "rsa2048-pss-sha256", "rsapss2048-sha384", "p256-sha256", "p384-sha384", "ed25519", "names", "v1"}

func TestTruncatedAtEveryByteIsMalformed(t *testing.T) {
	for _, name := range everyKind {
		der := fixtureCert(t, name).Raw
		for n := range der {
			if c, err := Parse(der[:n]); c != nil || !errors.Is(err, ErrMalformed) {
				t.Fatalf("%s cut to %d of %d bytes: %v", name, n, len(der), err)
			}
		}
	}
}

// A changed certificate may parse, but never as one that its own key has signed.
func TestFlippedInEveryBitHasNoSelfSignature(t *testing.T) {
	for _, name := range everyKind {
		orig := fixtureCert(t, name)
		bits := []byte{1, 2, 4, 8, 16, 32, 64, 128}
		if orig.KeyType == ECDSAP384 { // its arithmetic is slow
			bits = []byte{1, 128}
		}
		pinned := Pin(orig)
		for i := range orig.Raw {
			for _, bit := range bits {
				der := slices.Clone(orig.Raw)
				der[i] ^= bit
				if _, err := pinned.Verify([][]byte{der}, VerifyOptions{Now: testNow}); err == nil {
					t.Fatalf("%s with byte %d ^ %#x passes for the pinned certificate", name, i, bit)
				}
				c, err := Parse(der)
				if err != nil {
					if !errors.Is(err, ErrMalformed) {
						t.Fatalf("%s with byte %d ^ %#x: %v", name, i, bit, err)
					}
					continue
				}
				if err := c.CheckSelfSignature(); !errors.Is(err, ErrSelfSignature) {
					t.Fatalf("%s with byte %d ^ %#x: self-signature %v", name, i, bit, err)
				}
			}
		}
	}
}

func TestParseIsBounded(t *testing.T) {
	pad := func(n int) []byte { return extDER(oidTest, false, make([]byte, n)) }
	h := newHandMade()
	h.setExts(pad(MaxCertificateSize - 400))
	base := len(h.der())
	h.setExts(pad(MaxCertificateSize - 400 + MaxCertificateSize - base))
	if der := h.der(); len(der) != MaxCertificateSize {
		t.Fatalf("the largest certificate has %d bytes", len(der))
	} else if _, err := Parse(der); err != nil {
		t.Errorf("certificate of MaxCertificateSize: %v", err)
	}
	h.setExts(pad(MaxCertificateSize - 399 + MaxCertificateSize - base))
	if _, err := Parse(h.der()); !errors.Is(err, ErrTooLarge) || !errors.Is(err, ErrMalformed) {
		t.Errorf("certificate above MaxCertificateSize: %v", err)
	}

	h = newHandMade()
	h.serial = tlv(2, bytes.Repeat([]byte{1}, MaxSerialSize+1))
	if _, err := Parse(h.der()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("serial above MaxSerialSize: %v", err)
	}

	var exts [][]byte
	for i := range MaxExtensions {
		exts = append(exts, extDER("\x2a\x03"+string(rune(i)), false, nil))
	}
	h = newHandMade()
	if h.setExts(exts...); true {
		if _, err := Parse(h.der()); err != nil {
			t.Errorf("MaxExtensions extensions: %v", err)
		}
	}
	h.setExts(append(exts, extDER("\x2a\x04", false, nil))...)
	if _, err := Parse(h.der()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("one extension above MaxExtensions: %v", err)
	}

	h = newHandMade()
	names := bytes.Repeat(tlv(0x82, []byte("a")), MaxAltNames)
	h.setExts(extDER(oidSubjectAltName, false, tlv(0x30, names)))
	if c, err := Parse(h.der()); err != nil || len(c.DNSNames) != MaxAltNames {
		t.Errorf("MaxAltNames names: %v", err)
	}
	h.setExts(extDER(oidSubjectAltName, false, tlv(0x30, names, tlv(0x82, []byte("a")))))
	if _, err := Parse(h.der()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("one name above MaxAltNames: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range fixtures(f, "*.crt.pem") {
		certs, err := LoadCertificates(fixture(f, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(certs[0].Raw)
	}
	f.Add(newHandMade().der())
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := Parse(der)
		if err != nil {
			if !errors.Is(err, ErrMalformed) || err.Error() == "" {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		if !bytes.Equal(c.Raw, der) {
			t.Fatal("Raw is not what was parsed")
		}
		if (c.PublicKey == nil) != (c.KeyError() != nil) || (c.PublicKey == nil) != (c.KeyBits == 0 || c.KeyError() != nil) {
			t.Fatalf("key %v, %d bits, error %v", c.PublicKey, c.KeyBits, c.KeyError())
		}
		if s := c.Subject() + c.Issuer(); strings.ContainsFunc(s, unicode.IsControl) {
			t.Fatalf("control characters in %q", s)
		}
		c.MatchName("a.example")
		trust := Pin(c)
		self := c.CheckSelfSignature()
		if (trust.Err() == nil) != (self == nil) {
			t.Fatalf("pinned: %v, though its self-signature is: %v", trust.Err(), self)
		}
		if leaf, err := trust.Verify([][]byte{der}, VerifyOptions{Now: c.NotBefore, Name: "a.example"}); (leaf == nil) == (err == nil) {
			t.Fatalf("Verify: %v, %v", leaf, err)
		}
	})
}
