package x509lite

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// maxSubjectText is the longest that Subject gives, in bytes: it goes into logs.
const maxSubjectText = 256

// attributeNames are the short names of RFC 4514 §3, by the last arc of 2.5.4.
var attributeNames = map[byte]string{3: "CN", 6: "C", 7: "L", 8: "ST", 9: "STREET", 10: "O", 11: "OU", 5: "serialNumber"}

const (
	oidAttribute  = "\x55\x04" // 2.5.4
	oidCommonName = "\x55\x04\x03"
)

// parseName reads the contents of a Name (RFC 5280 §4.1.2.4). What the attributes say is not judged: names in the
// subject are no one's identity here.
func parseName(r *derReader, rdns cryptobyte.String, field string) {
	for !rdns.Empty() {
		walkRDN(r, &rdns, field, func(string, asn1.Tag, []byte) {})
	}
}

// walkRDN reads one RelativeDistinguishedName: a SET OF that is not empty and whose elements ascend (X.690 §11.6).
func walkRDN(r *derReader, rdns *cryptobyte.String, field string, visit func(oid string, tag asn1.Tag, value []byte)) {
	set := r.read(rdns, asn1.SET, field)
	if r.err == nil && set.Empty() {
		r.fail(set, field, "empty set")
	}
	var last cryptobyte.String
	for !set.Empty() {
		at := set
		whole, attr := r.element(&set, asn1.SEQUENCE, field)
		oid := r.oid(&attr, field)
		tag, _, value := r.any(&attr, field)
		r.end(attr, field)
		if r.err == nil && tag == asn1.UTF8String && !utf8.Valid(value) {
			r.fail(at, field, "UTF8String that is not UTF-8")
		}
		if r.err == nil && bytes.Compare(last, whole) > 0 {
			r.fail(at, field, "set not in ascending order")
		}
		if r.err != nil {
			return
		}
		last = whole
		visit(oid, tag, value)
	}
}

// nameText spells a Name in the order it is encoded in: "O=Example, CN=device-7". Control characters and what is not
// text are escaped; it is for people, never for comparison.
func nameText(raw []byte) string {
	r, s := newDERReader(raw)
	rdns := r.read(&s, asn1.SEQUENCE, "name")
	var b strings.Builder
	for !rdns.Empty() && b.Len() <= maxSubjectText {
		sep := ", "
		walkRDN(r, &rdns, "name", func(oid string, tag asn1.Tag, value []byte) {
			if b.Len() > 0 {
				b.WriteString(sep)
			}
			sep = "+" // RFC 4514 §2.2
			b.WriteString(attributeText(oid, tag, value))
		})
	}
	if out := b.String(); len(out) > maxSubjectText {
		return strings.ToValidUTF8(out[:maxSubjectText], "") + "..."
	}
	return b.String()
}

func attributeText(oid string, tag asn1.Tag, value []byte) string {
	key := oidString(oid)
	if len(oid) == 3 && strings.HasPrefix(oid, oidAttribute) {
		if name, ok := attributeNames[oid[2]]; ok {
			key = name
		}
	}
	switch tag {
	case asn1.UTF8String, asn1.PrintableString, asn1.IA5String, asn1.T61String:
		quoted := strconv.Quote(string(value))
		if text := quoted[1 : len(quoted)-1]; !strings.ContainsAny(text, `,+"\`) {
			return key + "=" + text
		}
		return key + "=" + quoted
	}
	return key + "=#" + hex.EncodeToString(value)
}

// addName writes a Name of one common name.
func addName(b *cryptobyte.Builder, commonName string) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addOID(b, oidCommonName)
				b.AddASN1(asn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(commonName)) })
			})
		})
	})
}
