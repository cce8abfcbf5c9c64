package x509lite

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

const oidOrganization = "\x55\x04\x0a"

// rdn writes a RelativeDistinguishedName of attributes, each a type, a tag and a value.
func rdn(attrs ...[]byte) []byte { return tlv(0x31, attrs...) }

func attribute(oid string, tag byte, value string) []byte {
	return tlv(0x30, oidDER(oid), tlv(tag, []byte(value)))
}

func dn(rdns ...[]byte) []byte { return tlv(0x30, rdns...) }

func TestNamesThatAreTheSame(t *testing.T) {
	const utf8String, printable, t61, bmp, universal = 0x0c, 0x13, 0x14, 0x1e, 0x1c
	cn := func(tag byte, v string) []byte { return dn(rdn(attribute(oidCommonName, tag, v))) }
	org := attribute(oidOrganization, utf8String, "Org")
	for _, c := range []struct {
		name string
		a, b []byte
		same bool
	}{
		{"string types", cn(utf8String, "Root CA"), cn(printable, "Root CA"), true},
		{"case", cn(utf8String, "Root CA"), cn(utf8String, "rOOT ca"), true},
		{"case beyond ASCII", cn(utf8String, "ÄÖ"), cn(utf8String, "äö"), true},
		{"white space", cn(utf8String, "  Root \t CA "), cn(utf8String, "Root CA"), true},
		{"space within", cn(utf8String, "RootCA"), cn(utf8String, "Root CA"), false},
		{"Latin-1", cn(utf8String, "Ä"), cn(t61, "\xc4"), true},
		{"BMPString", cn(utf8String, "ÄR"), cn(bmp, "\x00\xc4\x00r"), true},
		{"UniversalString", cn(utf8String, "Ä"), cn(universal, "\x00\x00\x00\xc4"), true},
		{"other text", cn(utf8String, "Root CA"), cn(utf8String, "Root CB"), false},
		{"other attribute", cn(utf8String, "x"), dn(rdn(attribute(oidOrganization, utf8String, "x"))), false},
		{"no string", cn(2, "\x01"), cn(2, "\x01"), true},
		{"no string, another type", cn(2, "\x01"), cn(4, "\x01"), false},
		{"set in another order of encodings", dn(rdn(attribute(oidCommonName, utf8String, "a"), org)), dn(rdn(attribute(oidCommonName, printable, "A"), org)), true},
		{"set and sequence", dn(rdn(attribute(oidCommonName, utf8String, "a"), org)), dn(rdn(attribute(oidCommonName, utf8String, "a")), rdn(org)), false},
		{"shorter", dn(rdn(org)), dn(rdn(org), rdn(org)), false},
		{"empty", dn(), dn(), true},
	} {
		a, b := appendCanonicalName(nil, c.a), appendCanonicalName([]byte("x"), c.b)[1:]
		if bytes.Equal(a, b) != c.same {
			t.Errorf("%s: %x and %x", c.name, a, b)
		}
	}
}

func TestANameBelowAnotherBeginsWithIt(t *testing.T) {
	org, unit := rdn(attribute(oidOrganization, 0x0c, "Org")), rdn(attribute(oidCommonName, 0x0c, "Unit"))
	longer := rdn(attribute(oidOrganization, 0x0c, "Organisation"))
	base := appendCanonicalName(nil, dn(org))
	for _, c := range []struct {
		name  string
		der   []byte
		below bool
	}{{"itself", dn(org), true}, {"below", dn(org, unit), true}, {"longer text", dn(longer), false}, {"above", dn(), false}, {"elsewhere", dn(unit, org), false}} {
		if got := bytes.HasPrefix(appendCanonicalName(nil, c.der), base); got != c.below {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func FuzzCanonicalName(f *testing.F) {
	f.Add(dn(rdn(attribute(oidCommonName, 0x1e, "\xd8\x00\x00"))))
	f.Add(dn(rdn(attribute(oidCommonName, 0x1c, "\x00\x11\x00\x00\x00"))))
	f.Add(dn(rdn(attribute(oidCommonName, 0x0c, " a  b "), attribute(oidOrganization, 0x14, "\xff"))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, s := newDERReader(raw)
		name := r.read(&s, 0x30, "name")
		parseName(r, name, "name")
		if r.end(s, "name"); r.err != nil {
			return
		}
		if a := appendCanonicalName(nil, raw); !bytes.Equal(a, appendCanonicalName(nil, raw)) || (len(a) == 0) != (len(name) == 0) {
			t.Fatalf("%x gives %x", raw, a)
		}
	})
}

func FuzzFoldedText(f *testing.F) {
	f.Add("  A  b ")
	f.Add("İIıi")
	f.Fuzz(func(t *testing.T, text string) {
		once := appendFolded(nil, []byte(text), utf8.DecodeRune)
		if twice := appendFolded(nil, once, utf8.DecodeRune); !bytes.Equal(once, twice) {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}
