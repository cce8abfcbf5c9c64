package x509lite

import (
	"math/bits"
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// KeyUsage is the set of a key's permitted uses (RFC 5280 §4.2.1.3). The bits are those of crypto/x509.
type KeyUsage uint16

// The key usages. TLS 1.3 needs DigitalSignature (RFC 8446 §4.4.2.2).
const (
	DigitalSignature KeyUsage = 1 << iota
	ContentCommitment
	KeyEncipherment
	DataEncipherment
	KeyAgreement
	CertSign
	CRLSign
	EncipherOnly
	DecipherOnly
)

const keyUsageBits = 9

var keyUsageNames = [keyUsageBits]string{"digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment",
	"keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}

// String lists the usages by RFC 5280's names, or says "none".
func (u KeyUsage) String() string { return listBits(uint16(u), keyUsageNames[:]) }

// ExtKeyUsage is the set of purposes a key may be used for (RFC 5280 §4.2.1.12).
type ExtKeyUsage uint16

// The purposes. ExtOther stands for all that have no name here.
const (
	ExtAny ExtKeyUsage = 1 << iota
	ExtServerAuth
	ExtClientAuth
	ExtCodeSigning
	ExtEmailProtection
	ExtTimeStamping
	ExtOCSPSigning
	ExtOther
)

var extKeyUsageNames = [...]string{"anyExtendedKeyUsage", "serverAuth", "clientAuth", "codeSigning", "emailProtection",
	"timeStamping", "OCSPSigning", "other"}

// extKeyUsageOIDs are in the order of the bits (RFC 5280 §4.2.1.12).
var extKeyUsageOIDs = [...]string{
	"\x55\x1d\x25\x00",
	"\x2b\x06\x01\x05\x05\x07\x03\x01",
	"\x2b\x06\x01\x05\x05\x07\x03\x02",
	"\x2b\x06\x01\x05\x05\x07\x03\x03",
	"\x2b\x06\x01\x05\x05\x07\x03\x04",
	"\x2b\x06\x01\x05\x05\x07\x03\x08",
	"\x2b\x06\x01\x05\x05\x07\x03\x09",
}

// String lists the purposes by RFC 5280's names, or says "none".
func (u ExtKeyUsage) String() string { return listBits(uint16(u), extKeyUsageNames[:]) }

func listBits(v uint16, names []string) string {
	if v == 0 {
		return "none"
	}
	var out []string
	for i := range 16 {
		switch {
		case v>>i&1 == 0:
		case i < len(names):
			out = append(out, names[i])
		default:
			out = append(out, "bit "+strconv.Itoa(i))
		}
	}
	return strings.Join(out, ", ")
}

// parseKeyUsage reads a KeyUsage: a named bit list, so without trailing zero bits (X.690 §11.2.2), with at least one
// bit set (RFC 5280 §4.2.1.3).
func parseKeyUsage(r *derReader, s cryptobyte.String) (u KeyUsage) {
	const field = "keyUsage"
	at := s
	b, unused := r.bitString(&s, asn1.BIT_STRING, field)
	r.end(s, field)
	if r.err != nil {
		return 0
	}
	if len(b) == 0 || b[len(b)-1]>>unused&1 == 0 && !(r.anchor && len(b) <= 2) {
		r.fail(at, field, "no bit set, or trailing zero bits")
		return 0
	}
	if len(b) > 2 || len(b) == 2 && b[1]&0x7f != 0 {
		r.fail(at, field, "more than %d bits", keyUsageBits)
		return 0
	}
	u = KeyUsage(bits.Reverse8(b[0]))
	if len(b) == 2 && b[1]&0x80 != 0 {
		u |= DecipherOnly
	}
	if u == 0 { // which says elsewhere that there is no such extension
		r.fail(at, field, "no bit set")
	}
	return u
}

// addKeyUsage writes a KeyUsage.
func addKeyUsage(b *cryptobyte.Builder, u KeyUsage) {
	octets := []byte{bits.Reverse8(uint8(u)), bits.Reverse8(uint8(u >> 8))}
	if octets[1] == 0 {
		octets = octets[:1]
	}
	unused := bits.TrailingZeros8(octets[len(octets)-1])
	b.AddASN1(asn1.BIT_STRING, func(b *cryptobyte.Builder) {
		b.AddUint8(uint8(unused))
		b.AddBytes(octets)
	})
}

// parseExtKeyUsage reads an ExtKeyUsageSyntax, which is not empty.
func parseExtKeyUsage(r *derReader, s cryptobyte.String) (u ExtKeyUsage) {
	const field = "extKeyUsage"
	at := s
	seq := r.read(&s, asn1.SEQUENCE, field)
	r.end(s, field)
	for !seq.Empty() {
		u |= purposeOf(r.oid(&seq, field))
	}
	if u == 0 {
		r.fail(at, field, "no purpose")
	}
	return u
}

func purposeOf(oid string) ExtKeyUsage {
	for i, o := range extKeyUsageOIDs {
		if o == oid {
			return 1 << i
		}
	}
	return ExtOther
}

// addExtKeyUsage writes an ExtKeyUsageSyntax.
func addExtKeyUsage(b *cryptobyte.Builder, u ExtKeyUsage) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for i, oid := range extKeyUsageOIDs {
			if u>>i&1 != 0 {
				addOID(b, oid)
			}
		}
	})
}
