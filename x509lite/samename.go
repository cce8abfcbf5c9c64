package x509lite

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// The string types of ASN.1 that cryptobyte has no name for.
const (
	tagVisibleString   = asn1.Tag(26)
	tagUniversalString = asn1.Tag(28)
	tagBMPString       = asn1.Tag(30)
)

// appendCanonicalName appends a Name, given in DER, in a form in which two names are equal bytes when RFC 5280 §7.1
// calls them equal: strings are UTF-8 whatever type they had, without regard to case, without white space at their ends
// and with one space for any within. Every RelativeDistinguishedName comes with its length before it, so that a name
// lies below another (§4.2.1.10) when its canonical form begins with the other's. Of the string preparation of RFC 4518
// the normalisation of Unicode is left out: names that differ in it are different here.
func appendCanonicalName(dst, raw []byte) []byte {
	r, s := newDERReader(raw)
	rdns := r.read(&s, asn1.SEQUENCE, "name")
	for !rdns.Empty() {
		start, n := len(dst), 0
		dst = append(dst, 0, 0, 0, 0)
		walkRDN(r, &rdns, "name", func(oid string, tag asn1.Tag, value []byte) {
			dst = appendCanonicalAttribute(dst, oid, tag, value)
			n++
		})
		if n > 1 {
			sortAttributes(dst[start+4:])
		}
		binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start-4))
	}
	return dst
}

// sortAttributes puts the attributes of a set in order: the one in which they stood was that of their encodings, which
// are gone.
func sortAttributes(set []byte) {
	var attrs [][]byte
	for rest := bytes.Clone(set); len(rest) > 0; {
		n := 4 + binary.BigEndian.Uint32(rest)
		attrs, rest = append(attrs, rest[:n]), rest[n:]
	}
	slices.SortFunc(attrs, bytes.Compare)
	copy(set, slices.Concat(attrs...))
}

// appendCanonicalAttribute appends one attribute, with its length before it.
func appendCanonicalAttribute(dst []byte, oid string, tag asn1.Tag, value cryptobyte.String) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = append(binary.BigEndian.AppendUint32(dst, uint32(len(oid))), oid...)
	switch tag {
	case asn1.UTF8String, asn1.PrintableString, asn1.IA5String, tagVisibleString:
		dst = appendFolded(append(dst, byte(asn1.UTF8String)), value, utf8.DecodeRune)
	case asn1.T61String: // in practice Latin-1
		dst = appendFolded(append(dst, byte(asn1.UTF8String)), value, func(b []byte) (rune, int) { return rune(b[0]), 1 })
	case tagBMPString:
		dst = appendFolded(append(dst, byte(asn1.UTF8String)), value, decodeBMP)
	case tagUniversalString:
		dst = appendFolded(append(dst, byte(asn1.UTF8String)), value, decodeUniversal)
	default:
		dst = append(append(dst, byte(tag)), value...)
	}
	binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start-4))
	return dst
}

// decodeBMP reads one character of a BMPString. What is cut or half a pair is the replacement character, as in UTF-8.
func decodeBMP(b []byte) (rune, int) {
	if len(b) < 2 {
		return utf8.RuneError, len(b)
	}
	r := rune(binary.BigEndian.Uint16(b))
	if utf16.IsSurrogate(r) {
		return utf8.RuneError, 2
	}
	return r, 2
}

// decodeUniversal reads one character of a UniversalString.
func decodeUniversal(b []byte) (rune, int) {
	if len(b) < 4 {
		return utf8.RuneError, len(b)
	}
	if v := binary.BigEndian.Uint32(b); v <= unicode.MaxRune && utf8.ValidRune(rune(v)) {
		return rune(v), 4
	}
	return utf8.RuneError, 4
}

// appendFolded appends text without regard to case and to the amount of white space (RFC 4518 §2.2, §2.6.1).
func appendFolded(dst, text []byte, decode func([]byte) (rune, int)) []byte {
	start, space := len(dst), false
	for len(text) > 0 {
		r, n := decode(text)
		text = text[n:]
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space && len(dst) > start {
			dst = append(dst, ' ')
		}
		space = false
		dst = utf8.AppendRune(dst, unicode.ToLower(unicode.ToUpper(r)))
	}
	return dst
}
