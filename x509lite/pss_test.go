package x509lite

import (
	"errors"
	"testing"
)

// pss writes RSASSA-PSS-params from its fields.
func pss(fields ...[]byte) []byte { return tlv(0x30, fields...) }

func hashDER(oid string, null bool) []byte {
	if null {
		return tlv(0x30, oidDER(oid), []byte{5, 0})
	}
	return tlv(0x30, oidDER(oid))
}

func TestPSSParameters(t *testing.T) {
	const oidSHA1 = "\x2b\x0e\x03\x02\x1a"
	hash := func(oid string) []byte { return tlv(0xa0, hashDER(oid, true)) }
	mgf := func(oid string) []byte { return tlv(0xa1, tlv(0x30, oidDER(oidMGF1), hashDER(oid, true))) }
	salt := func(n byte) []byte { return tlv(0xa2, tlv(2, []byte{n})) }
	for _, c := range []struct {
		name   string
		params []byte
		alg    SignatureAlgorithm
		salt   int
		err    error
	}{
		{"SHA-256", pss(hash(oidSHA256), mgf(oidSHA256), salt(32)), SHA256WithRSAPSS, 32, nil},
		{"SHA-384", pss(hash(oidSHA384), mgf(oidSHA384), salt(48)), SHA384WithRSAPSS, 48, nil},
		{"SHA-512", pss(hash(oidSHA512), mgf(oidSHA512), salt(64)), SHA512WithRSAPSS, 64, nil},
		{"default salt", pss(hash(oidSHA256), mgf(oidSHA256)), SHA256WithRSAPSS, 20, nil},
		{"no NULL", pss(tlv(0xa0, hashDER(oidSHA256, false)), mgf(oidSHA256), salt(32)), SHA256WithRSAPSS, 32, nil},
		{"all defaults", pss(), 0, 0, ErrWeakSignature},
		{"SHA-1 in MGF1", pss(hash(oidSHA256), salt(32)), 0, 0, ErrWeakSignature},
		{"SHA-1 as hash", pss(mgf(oidSHA256), salt(32)), 0, 0, ErrWeakSignature},
		{"SHA-1 by name", pss(hash(oidSHA1), mgf(oidSHA1), salt(32)), 0, 0, ErrUnsupportedSignature},
		{"two hashes", pss(hash(oidSHA256), mgf(oidSHA512), salt(32)), 0, 0, ErrUnsupportedSignature},
		{"no MGF1", pss(hash(oidSHA256), tlv(0xa1, tlv(0x30, oidDER(oidTest))), salt(32)), 0, 0, ErrUnsupportedSignature},
		{"no salt", pss(hash(oidSHA256), mgf(oidSHA256), salt(0)), 0, 0, ErrUnsupportedSignature},
	} {
		id := parseAlgorithm(t, tlv(0x30, oidDER(oidRSASSAPSS), c.params))
		if id.alg != c.alg || id.salt != c.salt && c.err == nil || !errors.Is(id.err, c.err) {
			t.Errorf("%s: %v, salt %d, %v", c.name, id.alg, id.salt, id.err)
		}
	}
	for name, params := range map[string][]byte{
		"no parameters":             nil,
		"NULL":                      {5, 0},
		"default salt spelled out":  pss(hash(oidSHA256), mgf(oidSHA256), salt(20)),
		"default trailer spelled":   pss(hash(oidSHA256), mgf(oidSHA256), salt(32), tlv(0xa3, tlv(2, []byte{1}))),
		"wrong order":               pss(mgf(oidSHA256), hash(oidSHA256), salt(32)),
		"negative salt":             pss(hash(oidSHA256), mgf(oidSHA256), salt(0xff)),
		"huge salt":                 pss(hash(oidSHA256), mgf(oidSHA256), tlv(0xa2, tlv(2, []byte{0x7f, 0xff}))),
		"two salts":                 pss(hash(oidSHA256), tlv(0xa2, tlv(2, []byte{32}), tlv(2, []byte{32}))),
		"hash with parameters":      pss(tlv(0xa0, tlv(0x30, oidDER(oidSHA256), tlv(2, []byte{1}))), mgf(oidSHA256), salt(32)),
		"bytes after the sequence":  append(pss(hash(oidSHA256), mgf(oidSHA256), salt(32)), 5, 0),
		"MGF1 without a hash":       pss(hash(oidSHA256), tlv(0xa1, tlv(0x30, oidDER(oidMGF1))), salt(32)),
		"MGF1 with something after": pss(hash(oidSHA256), tlv(0xa1, tlv(0x30, oidDER(oidMGF1), hashDER(oidSHA256, true), []byte{5, 0})), salt(32)),
	} {
		r, s := newDERReader(tlv(0x30, oidDER(oidRSASSAPSS), params))
		if id := parseSignatureID(r, r.read(&s, 0x30, "f"), "f"); r.err == nil {
			t.Errorf("%s: accepted as %v", name, id)
		}
	}
}
