package x509lite

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// The extensions that have a name here, as the contents octets of their object identifiers (RFC 5280 §4.2.1).
const (
	oidSubjectKeyID        = "\x55\x1d\x0e"
	oidAuthorityKeyID      = "\x55\x1d\x23"
	oidKeyUsage            = "\x55\x1d\x0f"
	oidSubjectAltName      = "\x55\x1d\x11"
	oidBasicConstraints    = "\x55\x1d\x13"
	oidCertificatePolicies = "\x55\x1d\x20"
	oidPolicyMappings      = "\x55\x1d\x21"
	oidPolicyConstraints   = "\x55\x1d\x24"
	oidInhibitAnyPolicy    = "\x55\x1d\x36"
	oidNameConstraints     = "\x55\x1d\x1e"
	oidExtKeyUsage         = "\x55\x1d\x25"
)

// GeneralName's tags (RFC 5280 §4.2.1.6).
const (
	tagOtherName     = asn1.Tag(0 | 0xa0)
	tagEmail         = asn1.Tag(1 | 0x80)
	tagDNSName       = asn1.Tag(2 | 0x80)
	tagX400Address   = asn1.Tag(3 | 0xa0)
	tagDirectoryName = asn1.Tag(4 | 0xa0)
	tagEDIPartyName  = asn1.Tag(5 | 0xa0)
	tagURI           = asn1.Tag(6 | 0x80)
	tagIPAddress     = asn1.Tag(7 | 0x80)
	tagRegisteredID  = asn1.Tag(8 | 0x80)
)

// AuthorityKeyIdentifier's tags (RFC 5280 §4.2.1.1).
const (
	tagKeyID     = asn1.Tag(0 | 0x80)
	tagKeyIssuer = asn1.Tag(1 | 0xa0)
	tagKeySerial = asn1.Tag(2 | 0x80)
)

// parseExtensions reads the contents of Extensions: not empty, none twice (RFC 5280 §4.2).
func (c *Certificate) parseExtensions(r *derReader, list cryptobyte.String) {
	if list.Empty() {
		r.fail(list, "extensions", "empty")
	}
	seen := make([]string, 0, 8)
	for !list.Empty() && r.err == nil {
		at := list
		if len(seen) == MaxExtensions {
			r.tooLarge(at, "extensions", "more than %d", MaxExtensions)
			return
		}
		ext := r.read(&list, asn1.SEQUENCE, "extension")
		oid := r.oid(&ext, "extnID")
		critical := r.booleanDefaultFalse(&ext, "critical")
		value := r.read(&ext, asn1.OCTET_STRING, "extnValue")
		r.end(ext, "extension")
		for _, s := range seen {
			if s == oid {
				r.fail(at, "extension", "%s appears twice", oidString(oid))
			}
		}
		if r.err != nil {
			return
		}
		seen = append(seen, oid)
		c.parseExtension(r, oid, critical, value)
	}
}

// parseExtension reads one extension's value.
func (c *Certificate) parseExtension(r *derReader, oid string, critical bool, value cryptobyte.String) {
	switch oid {
	case oidKeyUsage:
		c.KeyUsage = parseKeyUsage(r, value)
	case oidExtKeyUsage:
		c.ExtKeyUsage = parseExtKeyUsage(r, value)
	case oidBasicConstraints:
		c.parseBasicConstraints(r, value)
	case oidSubjectAltName:
		c.parseAltNames(r, value)
	case oidSubjectKeyID:
		c.SubjectKeyID = slices.Clip(r.read(&value, asn1.OCTET_STRING, "subjectKeyIdentifier"))
		r.end(value, "subjectKeyIdentifier")
	case oidAuthorityKeyID:
		c.parseAuthorityKeyID(r, value)
	case oidNameConstraints:
		c.parseNameConstraints(r, value)
	case oidCertificatePolicies:
		c.parsePolicies(r, value)
	case oidPolicyMappings:
		c.parsePolicyMappings(r, value)
	case oidPolicyConstraints:
		c.parsePolicyConstraints(r, value)
	case oidInhibitAnyPolicy:
		c.parseInhibitAny(r, value)
	default:
		if critical {
			c.UnknownCritical = append(c.UnknownCritical, oidString(oid))
		}
	}
}

// parseBasicConstraints reads BasicConstraints (RFC 5280 §4.2.1.9).
func (c *Certificate) parseBasicConstraints(r *derReader, s cryptobyte.String) {
	const field = "basicConstraints"
	seq := r.read(&s, asn1.SEQUENCE, field)
	r.end(s, field)
	c.BasicConstraints = true
	c.IsCA = r.booleanDefaultFalse(&seq, "cA")
	if !seq.Empty() {
		at := seq
		c.MaxPathLen = r.number(&seq, math.MaxInt32, "pathLenConstraint")
		if !c.IsCA {
			r.fail(at, "pathLenConstraint", "on a certificate that is not an authority's")
		}
	}
	r.end(seq, field)
}

// parseAuthorityKeyID reads AuthorityKeyIdentifier (RFC 5280 §4.2.1.1) and keeps the keyIdentifier. The issuer's name
// and serial number, which may stand there too, only help to find it.
func (c *Certificate) parseAuthorityKeyID(r *derReader, s cryptobyte.String) {
	const field = "authorityKeyIdentifier"
	seq := r.read(&s, asn1.SEQUENCE, field)
	r.end(s, field)
	if id, present := r.optional(&seq, tagKeyID, field); present {
		c.AuthorityKeyID = slices.Clip(id)
	}
	_, issuer := r.optional(&seq, tagKeyIssuer, field)
	_, serial := r.optional(&seq, tagKeySerial, field)
	if issuer != serial {
		r.fail(seq, field, "issuer and serial number do not come together")
	}
	r.end(seq, field)
}

// parseAltNames reads GeneralNames and keeps the DNS names and IP addresses (RFC 5280 §4.2.1.6).
func (c *Certificate) parseAltNames(r *derReader, s cryptobyte.String) {
	const field = "subjectAltName"
	names := r.list(s, field)
	c.altNames = names
	for n := 0; !names.Empty() && r.err == nil; n++ {
		if n == MaxAltNames {
			r.tooLarge(names, field, "more than %d names", MaxAltNames)
			return
		}
		c.parseAltName(r, &names, field)
	}
}

// parseAltName reads one GeneralName.
func (c *Certificate) parseAltName(r *derReader, names *cryptobyte.String, field string) {
	at := *names
	tag, _, v := r.any(names, field)
	if r.err != nil {
		return
	}
	switch tag {
	case tagEmail, tagDNSName, tagURI:
		if !isIA5(v) {
			r.fail(at, field, "name is empty or not IA5")
		} else if tag == tagDNSName {
			c.DNSNames = append(c.DNSNames, string(v))
		}
	case tagIPAddress:
		a, ok := netip.AddrFromSlice(v)
		if !ok {
			r.fail(at, field, "IP address of %d bytes", len(v))
		}
		c.IPAddresses = append(c.IPAddresses, a)
	case tagDirectoryName:
		parseDirectoryName(r, v, field)
	case tagOtherName, tagX400Address, tagEDIPartyName, tagRegisteredID:
	default:
		r.fail(at, field, "tag %#02x is not a name's", uint8(tag))
	}
}

// isIA5 reports whether b can be an IA5String with something in it.
func isIA5(b []byte) bool {
	for _, x := range b {
		if x >= 0x80 {
			return false
		}
	}
	return len(b) > 0
}

// addExtension writes one extension.
func addExtension(b *cryptobyte.Builder, oid string, critical bool, value func(*cryptobyte.Builder)) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addOID(b, oid)
		if critical {
			b.AddASN1Boolean(true)
		}
		b.AddASN1(asn1.OCTET_STRING, value)
	})
}

// addAltNames writes GeneralNames.
func addAltNames(b *cryptobyte.Builder, dns []string, ips []netip.Addr) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, d := range dns {
			b.AddASN1(tagDNSName, func(b *cryptobyte.Builder) { b.AddBytes([]byte(d)) })
		}
		for _, ip := range ips {
			b.AddASN1(tagIPAddress, func(b *cryptobyte.Builder) { b.AddBytes(ip.AsSlice()) })
		}
	})
}

// mostListed is how many names or extensions an error message has, and mostShown how much of each, in characters.
const mostListed, mostShown = 8, 80

// altNameList spells the names for an error message.
func (c *Certificate) altNameList() string {
	var all []string
	for _, d := range c.DNSNames[:min(len(c.DNSNames), mostListed)] {
		all = append(all, fmt.Sprintf("%.*q", mostShown, d))
	}
	for _, ip := range c.IPAddresses[:min(len(c.IPAddresses), mostListed)] {
		all = append(all, ip.String())
	}
	if len(all) == 0 {
		return "no DNS name and no IP address"
	}
	return someOf(all, len(c.DNSNames)+len(c.IPAddresses))
}

// someOf lists the first of list, which has total elements or begins with some of them.
func someOf(list []string, total int) string {
	list = list[:min(len(list), mostListed)]
	text := strings.Join(list, ", ")
	if total > len(list) {
		text += fmt.Sprintf(", and %d more", total-len(list))
	}
	return text
}
