package x509lite

import (
	"fmt"
	"strconv"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Object identifiers are held as the contents octets that DER has for them, in a string: they compare as they stand.

// maxOIDText is the longest object identifier, in octets, that is spelled out in full: it goes into messages.
const maxOIDText = 64

// interned has the object identifiers that certificates are made of, so that reading one allocates nothing.
var interned = func() map[string]string {
	all := []string{oidRSAEncryption, oidMGF1, oidECPublicKey, oidP256, oidP384, oidP521, oidSHA256, oidSHA384, oidSHA512,
		oidSubjectKeyID, oidAuthorityKeyID, oidKeyUsage, oidSubjectAltName, oidBasicConstraints, oidExtKeyUsage}
	all = append(all, extKeyUsageOIDs[:]...)
	for i := range sigSpecs {
		all = append(all, sigSpecs[i].oid)
	}
	for arc := range attributeNames {
		all = append(all, oidAttribute+string(rune(arc)))
	}
	m := make(map[string]string, len(all))
	for _, oid := range all {
		m[oid] = oid
	}
	return m
}()

// oid returns the contents of an OBJECT IDENTIFIER (X.690 §8.19).
func (r *derReader) oid(s *cryptobyte.String, field string) string {
	c := r.read(s, asn1.OBJECT_IDENTIFIER, field)
	if r.err != nil {
		return ""
	}
	if oid, ok := interned[string(c)]; ok {
		return oid
	}
	first := true // of a subidentifier
	for _, b := range c {
		if first && b == 0x80 {
			r.fail(c, field, "object identifier not minimal")
		}
		first = b&0x80 == 0
	}
	if len(c) == 0 || !first {
		r.fail(c, field, "object identifier ends early")
	}
	return string(c)
}

// addOID writes an OBJECT IDENTIFIER from its contents octets.
func addOID(b *cryptobyte.Builder, oid string) {
	b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes([]byte(oid)) })
}

// oidString gives the dotted form of an OBJECT IDENTIFIER's contents, for messages.
func oidString(oid string) string {
	if len(oid) > maxOIDText {
		return fmt.Sprintf("%x...", oid[:maxOIDText/2])
	}
	var out []byte
	v, n := uint64(0), 0
	for i := 0; i < len(oid); i++ {
		if v >= 1<<57 { // an arc that no registry has; shown as it is
			return fmt.Sprintf("%x", oid)
		}
		v = v<<7 | uint64(oid[i]&0x7f)
		if oid[i]&0x80 != 0 {
			continue
		}
		if n == 0 { // X.690 §8.19.4: the first two arcs share a subidentifier
			root := min(v/40, 2)
			out = strconv.AppendUint(out, root, 10)
			v -= root * 40
		}
		out = append(out, '.')
		out = strconv.AppendUint(out, v, 10)
		v, n = 0, n+1
	}
	return string(out)
}
