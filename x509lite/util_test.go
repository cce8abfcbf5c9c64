package x509lite

import (
	"crypto"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
)

// testNow lies within the validity of every certificate that tests make, and after the beginning of those in testdata.
var testNow = time.Date(2100, 3, 4, 5, 6, 7, 0, time.UTC)

const fixtureDir = "../testdata/x509"

// fixture reads a file of testdata/x509.
func fixture(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join(fixtureDir, name))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// fixtureCert is the first certificate of NAME.crt.pem.
func fixtureCert(tb testing.TB, name string) *Certificate {
	tb.Helper()
	certs, err := LoadCertificates(fixture(tb, name+".crt.pem"))
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return certs[0]
}

// fixtures lists the files of testdata/x509 that match a pattern.
func fixtures(tb testing.TB, pattern string) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(fixtureDir, pattern))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no files match %s: %v", pattern, err)
	}
	for i, f := range files {
		files[i] = filepath.Base(f)
	}
	return files
}

// mustSelfSigned makes an identity, by default with Ed25519, which is quick.
func mustSelfSigned(tb testing.TB, o SelfSignedOptions) *Identity {
	tb.Helper()
	if o.Now.IsZero() {
		o.Now = testNow
	}
	if o.KeyType == UnknownKey && o.Key == nil {
		o.KeyType = Ed25519Key
	}
	id, err := SelfSigned(o)
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

// tamper returns a copy with one bit of the signature flipped: still well-formed, no longer signed.
func tamper(der []byte) []byte {
	bad := slices.Clone(der)
	bad[len(bad)-1] ^= 1
	return bad
}

// tlv writes one element with a DER header around its contents.
func tlv(tag byte, contents ...[]byte) []byte {
	var body []byte
	for _, c := range contents {
		body = append(body, c...)
	}
	out := []byte{tag}
	switch n := len(body); {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, body...)
}

func oidDER(oid string) []byte { return tlv(0x06, []byte(oid)) }

// extDER writes an Extension.
func extDER(oid string, critical bool, value []byte) []byte {
	if critical {
		return tlv(0x30, oidDER(oid), []byte{1, 1, 0xff}, tlv(0x04, value))
	}
	return tlv(0x30, oidDER(oid), tlv(0x04, value))
}

// oidTest is 1.2.3.4, which nobody knows.
const oidTest = "\x2a\x03\x04"

// testKey is the key that signs handMade certificates.
var testKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

// A handMade certificate is put together from parts, each of them DER that a test may spoil. Its signature is right
// whatever the parts are, so that only what is tested stands between it and being accepted.
type handMade struct {
	version, serial, alg, issuer, validity, subject, spki, uid, exts []byte
	outerAlg                                                         []byte // nil: alg
	trailTBS, trailCert, trail                                       []byte
	unusedBits                                                       byte
}

// newHandMade is a certificate that is right.
func newHandMade() *handMade {
	var b cryptobyte.Builder
	k := describePublicKey(testKey.Public(), false)
	addSPKI(&b, &k)
	var name cryptobyte.Builder
	addName(&name, "hand-made")
	return &handMade{
		version:  tlv(0xa0, tlv(0x02, []byte{2})),
		serial:   tlv(0x02, []byte{1}),
		alg:      tlv(0x30, oidDER(oidEd25519)),
		issuer:   name.BytesOrPanic(),
		validity: tlv(0x30, tlv(0x17, []byte("250101000000Z")), tlv(0x18, []byte("21250101000000Z"))),
		subject:  name.BytesOrPanic(),
		spki:     b.BytesOrPanic(),
		exts:     tlv(0xa3, tlv(0x30, extDER(oidTest, false, []byte{5, 0}))),
	}
}

// setExts replaces the extensions.
func (h *handMade) setExts(exts ...[]byte) { h.exts = tlv(0xa3, tlv(0x30, exts...)) }

// der signs the parts and puts them together.
func (h *handMade) der() []byte {
	tbs := tlv(0x30, h.version, h.serial, h.alg, h.issuer, h.validity, h.subject, h.spki, h.uid, h.exts, h.trailTBS)
	sig, err := testKey.Sign(nil, tbs, crypto.Hash(0))
	if err != nil {
		panic(err)
	}
	outer := h.outerAlg
	if outer == nil {
		outer = h.alg
	}
	cert := tlv(0x30, tbs, outer, tlv(0x03, []byte{h.unusedBits}, sig), h.trailCert)
	return append(cert, h.trail...)
}
