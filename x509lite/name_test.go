package x509lite

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// attr writes a RelativeDistinguishedName's attribute.
func attr(arc byte, tag byte, value string) []byte {
	return tlv(0x30, oidDER(oidAttribute+string(arc)), tlv(tag, []byte(value)))
}

func TestSubjectIsTextForPeople(t *testing.T) {
	const cn, utf8String, printable, bmp = 3, 0x0c, 0x13, 0x1e
	for _, c := range []struct {
		name string
		der  []byte
		want string
	}{
		{"empty", tlv(0x30), ""},
		{"one", tlv(0x30, tlv(0x31, attr(cn, printable, "device-7"))), "CN=device-7"},
		{"two", tlv(0x30, tlv(0x31, attr(10, utf8String, "Example")), tlv(0x31, attr(cn, utf8String, "x"))), "O=Example, CN=x"},
		{"two in one set", tlv(0x30, tlv(0x31, attr(cn, utf8String, "x"), attr(11, utf8String, "u"))), "CN=x+OU=u"},
		{"comma", tlv(0x30, tlv(0x31, attr(cn, utf8String, "a, CN=b"))), `CN="a, CN=b"`},
		{"control characters", tlv(0x30, tlv(0x31, attr(cn, utf8String, "\x1b[2Ja\n"))), `CN="\x1b[2Ja\n"`},
		{"beyond ASCII", tlv(0x30, tlv(0x31, attr(cn, utf8String, "機器"))), "CN=機器"},
		{"unknown attribute", tlv(0x30, tlv(0x31, attr(99, utf8String, "x"))), "2.5.4.99=x"},
		{"not text", tlv(0x30, tlv(0x31, attr(cn, bmp, "\x00a"))), "CN=#0061"},
	} {
		if got := nameText(c.der); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := fixtureCert(t, "utf8").Subject(); got != "O=smøltls, CN=機器" {
		t.Error(got)
	}
	if got := fixtureCert(t, "multi-rdn").Subject(); got != "O=smoltls tests, OU=unit+CN=multi-rdn" {
		t.Error(got)
	}
	if got := fixtureCert(t, "issued").Issuer(); got != "O=smoltls tests, CN=pathlen" {
		t.Error(got)
	}
	long := nameText(tlv(0x30, tlv(0x31, attr(cn, utf8String, strings.Repeat("ä", 5000)))))
	if len(long) > maxSubjectText+3 || !utf8.ValidString(long) {
		t.Errorf("%d bytes of subject", len(long))
	}
}

func TestNamesAreDER(t *testing.T) {
	const cn, utf8String = 3, 0x0c
	good := attr(cn, utf8String, "x")
	for name, der := range map[string][]byte{
		"empty set":              tlv(0x30, tlv(0x31)),
		"sequence for a set":     tlv(0x30, tlv(0x30, good)),
		"set not ascending":      tlv(0x30, tlv(0x31, attr(11, utf8String, "u"), good)),
		"attribute of one part":  tlv(0x30, tlv(0x31, tlv(0x30, oidDER("\x55\x04\x03")))),
		"attribute of three":     tlv(0x30, tlv(0x31, tlv(0x30, oidDER("\x55\x04\x03"), tlv(0x0c), tlv(0x0c)))),
		"attribute without type": tlv(0x30, tlv(0x31, tlv(0x30, tlv(0x0c), tlv(0x0c)))),
		"not UTF-8":              tlv(0x30, tlv(0x31, attr(cn, utf8String, "\xff"))),
		"cut":                    tlv(0x30, tlv(0x31, []byte{0x30, 5})),
	} {
		h := newHandMade()
		h.subject, h.issuer = der, der
		if _, err := Parse(h.der()); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
