package x509lite

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// trees writes GeneralSubtrees under a tag.
func trees(tag byte, bases ...[]byte) []byte {
	var all [][]byte
	for _, b := range bases {
		all = append(all, tlv(0x30, b))
	}
	return tlv(tag, all...)
}

func permitted(bases ...[]byte) []byte { return trees(0xa0, bases...) }
func excluded(bases ...[]byte) []byte  { return trees(0xa1, bases...) }

func dnsName(s string) []byte   { return tlv(0x82, []byte(s)) }
func mailbox(s string) []byte   { return tlv(0x81, []byte(s)) }
func uri(s string) []byte       { return tlv(0x86, []byte(s)) }
func ipBytes(b ...byte) []byte  { return tlv(0x87, b) }
func directory(n []byte) []byte { return tlv(0xa4, n) }

func TestNameConstraintsAreRead(t *testing.T) {
	c, err := parseWith(extDER(oidNameConstraints, true, tlv(0x30, permitted(dnsName("a.example"), mailbox("b.example"), dnsName("c.example")), excluded(ipBytes(10, 0, 0, 0, 255, 0, 0, 0)))))
	if err != nil || c.constraints == nil || c.UnknownCritical != nil {
		t.Fatal(c, err)
	}
	var got []string
	c.constraints.permitted.each(func(_ asn1.Tag, base cryptobyte.String) bool { got = append(got, string(base)); return true })
	if !slices.Equal(got, []string{"a.example", "b.example", "c.example"}) {
		t.Errorf("permitted: %q", got)
	}
	c.constraints.permitted.each(func(_ asn1.Tag, base cryptobyte.String) bool { got = append(got, string(base)); return false })
	if len(got) != 4 {
		t.Errorf("asked to stop after one: %q", got[3:])
	}
	if nc := c.constraints; nc.permitted.forms != formOf(tagDNSName)|formOf(tagEmail) || nc.excluded.forms != formOf(tagIPAddress) || nc.unclear != 0 {
		t.Errorf("%+v", nc)
	}
}

func TestNameConstraintsThatAreMalformed(t *testing.T) {
	for name, value := range map[string][]byte{
		"nothing":           nil,
		"empty":             tlv(0x30),
		"not a sequence":    tlv(0x31, permitted(dnsName("x"))),
		"no subtree":        tlv(0x30, tlv(0xa0)),
		"empty subtree":     tlv(0x30, tlv(0xa0, tlv(0x30))),
		"excluded first":    tlv(0x30, excluded(dnsName("x")), permitted(dnsName("x"))),
		"twice":             tlv(0x30, permitted(dnsName("x")), permitted(dnsName("x"))),
		"third":             tlv(0x30, trees(0xa2, dnsName("x"))),
		"after all":         append(tlv(0x30, permitted(dnsName("x"))), 5, 0),
		"tag of no name":    tlv(0x30, permitted(tlv(0x89, []byte("x")))),
		"universal tag":     tlv(0x30, permitted(tlv(0x16, []byte("x")))),
		"constructed DNS":   tlv(0x30, permitted(tlv(0xa2, []byte("x")))),
		"primitive name":    tlv(0x30, permitted(tlv(0x84, dn()))),
		"directory of none": tlv(0x30, permitted(tlv(0xa4))),
		"directory of text": tlv(0x30, permitted(directory(tlv(0x0c, []byte("x"))))),
		"two in one":        tlv(0x30, permitted(directory(slices.Concat(dn(), dn())))),
	} {
		if _, err := parseWith(extDER(oidNameConstraints, true, value)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNameConstraintsThatAreNotUnderstood(t *testing.T) {
	for name, c := range map[string]struct {
		base []byte
		want formSet
	}{
		"DNS wildcard":         {dnsName("*.example"), formOf(tagDNSName)},
		"DNS with a blank":     {dnsName("a b"), formOf(tagDNSName)},
		"DNS":                  {dnsName("a.example"), 0},
		"every DNS name":       {dnsName(""), 0},
		"mailbox without host": {mailbox("a@"), formOf(tagEmail)},
		"every mailbox":        {mailbox(""), formOf(tagEmail)},
		"URI":                  {uri("https://a.example"), formOf(tagURI)},
		"address, no mask":     {ipBytes(10, 0, 0, 1), formOf(tagIPAddress)},
		"mask with a gap":      {ipBytes(10, 0, 0, 0, 255, 0, 255, 0), formOf(tagIPAddress)},
		"minimum":              {slices.Concat(dnsName("a.example"), tlv(0x80, []byte{0})), formOf(tagDNSName)},
		"maximum":              {slices.Concat(dnsName("a.example"), tlv(0x81, []byte{1})), formOf(tagDNSName)},
		"registered ID":        {tlv(0x88, []byte(oidTest)), formOf(tagRegisteredID)},
		"other name":           {tlv(0xa0, oidDER(oidTest)), formOf(tagOtherName)},
	} {
		cert, err := parseWith(extDER(oidNameConstraints, true, tlv(0x30, permitted(c.base))))
		if err != nil || cert.constraints.unclear != c.want {
			t.Errorf("%s: %v, %v", name, cert, err)
		}
	}
}

func TestNumberOfNameConstraintsIsBounded(t *testing.T) {
	bases := slices.Repeat([][]byte{dnsName("x")}, MaxNameConstraints)
	if _, err := parseWith(extDER(oidNameConstraints, true, tlv(0x30, permitted(bases...), excluded(bases...)))); err != nil {
		t.Error(err)
	}
	if _, err := parseWith(extDER(oidNameConstraints, true, tlv(0x30, permitted(append(bases, bases[0])...)))); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func FuzzNameConstraints(f *testing.F) {
	f.Add(tlv(0x30, permitted(dnsName("a.example"), mailbox("a@b.example"), uri(".example")), excluded(ipBytes(make([]byte, 32)...), directory(dn()))), dnsName("*.a.example"))
	f.Add(tlv(0x30, excluded(tlv(0x30, tlv(0x82)))), uri("https://u@[::1]:1/%"))
	f.Add(tlv(0x30, excluded(mailbox(`"a\"b"@c`))), mailbox(`"a\"b"@c`))
	f.Fuzz(func(t *testing.T, constraints, name []byte) {
		c, err := parseWith(extDER(oidNameConstraints, true, constraints))
		if err != nil {
			return
		}
		s := search{path: []pathMember{{named: named{cert: c}}}}
		s.most.steps = 1000
		n := constrained{cert: c}
		der := cryptobyte.String(name)
		if !der.ReadAnyASN1((*cryptobyte.String)(&n.value), &n.tag) || n.tag == tagDirectoryName && !isName(n.value) {
			return
		}
		if s.permitsName(c.constraints, &n) && n.excluded {
			t.Fatal("excluded and permitted")
		}
		if text := n.text(c); text == "" || strings.ContainsAny(text, "\x00\n") {
			t.Fatalf("%q", text)
		}
	})
}

// isName reports whether parsing would have taken it.
func isName(der []byte) bool {
	r, s := newDERReader(der)
	parseDirectoryName(r, s, "name")
	return r.err == nil
}
