package x509lite

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
)

func TestEverySignatureAlgorithmReadsAsItIsWritten(t *testing.T) {
	for _, sp := range sigSpecs {
		var b cryptobyte.Builder
		addSignatureID(&b, &sp)
		id := parseAlgorithm(t, b.BytesOrPanic())
		if id.err != nil || id.alg != sp.alg || sp.family == familyPSS && id.salt != sp.hash.Size() {
			t.Errorf("%s: read as %v, salt %d, %v", sp.name, id.alg, id.salt, id.err)
		}
	}
}

// parseAlgorithm reads an AlgorithmIdentifier that is well-formed.
func parseAlgorithm(t *testing.T, der []byte) signatureID {
	t.Helper()
	r, s := newDERReader(der)
	id := parseSignatureID(r, r.read(&s, 0x30, "f"), "f")
	if r.err != nil {
		t.Fatalf("%x: %v", der, r.err)
	}
	return id
}

// The numbers are part of the surface.
func TestValuesOfTheEnumsAreStable(t *testing.T) {
	for want, a := range []SignatureAlgorithm{UnknownSignature, SHA256WithRSA, SHA384WithRSA, SHA512WithRSA, SHA256WithRSAPSS,
		SHA384WithRSAPSS, SHA512WithRSAPSS, ECDSAWithSHA256, ECDSAWithSHA384, ECDSAWithSHA512, Ed25519} {
		if int(a) != want {
			t.Errorf("%v is %d, was %d", a, a, want)
		}
	}
	for want, k := range []KeyType{UnknownKey, RSA, RSAPSS, ECDSAP256, ECDSAP384, Ed25519Key} {
		if int(k) != want {
			t.Errorf("%v is %d, was %d", k, k, want)
		}
	}
	if s := SignatureAlgorithm(99).String(); !strings.Contains(s, "99") {
		t.Error(s)
	}
	if s := KeyType(99).String(); !strings.Contains(s, "99") {
		t.Error(s)
	}
}

func TestUnknownAndWeakSignatureAlgorithmsHaveNames(t *testing.T) {
	for oid, want := range weakSignatures {
		id := parseAlgorithm(t, tlv(0x30, oidDER(oid), []byte{5, 0}))
		if id.alg != UnknownSignature || !errors.Is(id.err, ErrWeakSignature) || !strings.Contains(id.err.Error(), want) {
			t.Errorf("%s: %v", want, id.err)
		}
	}
	id := parseAlgorithm(t, tlv(0x30, oidDER(oidTest)))
	if !errors.Is(id.err, ErrUnsupportedSignature) || !strings.Contains(id.err.Error(), "1.2.3.4") {
		t.Error(id.err)
	}
}

func TestDigest(t *testing.T) {
	msg := []byte("abc")
	d256, d384, d512 := sha256.Sum256(msg), sha512.Sum384(msg), sha512.Sum512(msg)
	for h, want := range map[crypto.Hash][]byte{crypto.SHA256: d256[:], crypto.SHA384: d384[:], crypto.SHA512: d512[:], 0: nil} {
		if buf, n := digest(h, msg); !bytes.Equal(buf[:n], want) {
			t.Errorf("%v: %x", h, buf[:n])
		}
	}
}
