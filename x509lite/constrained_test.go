package x509lite

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"strings"
	"testing"
)

// withExtension adds an extension to a template as it stands.
func withExtension(oid asn1.ObjectIdentifier, critical bool, value []byte) func(*x509.Certificate) {
	return func(t *x509.Certificate) {
		t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: oid, Critical: critical, Value: value})
	}
}

func constraints(parts ...[]byte) func(*x509.Certificate) {
	return withExtension(asn1.ObjectIdentifier{2, 5, 29, 30}, true, tlv(0x30, parts...))
}

func altNames(names ...[]byte) func(*x509.Certificate) {
	return withExtension(asn1.ObjectIdentifier{2, 5, 29, 17}, false, tlv(0x30, names...))
}

// subject replaces the subject by a name in DER.
func subject(der []byte) func(*x509.Certificate) {
	return func(t *x509.Certificate) { t.RawSubject = der }
}

// A nameCase is an authority with constraints, and a leaf that it has certified.
type nameCase struct {
	name  string
	by    func(*x509.Certificate)
	leaf  func(*x509.Certificate)
	wrong string // empty: it may
}

func nameCases() []nameCase {
	const utf8String, printable, ia5 = 0x0c, 0x13, 0x16
	org := func(tag byte, v string) []byte { return rdn(attribute(oidOrganization, tag, v)) }
	cn := rdn(attribute(oidCommonName, utf8String, "leaf"))
	v4in10, all4 := ipBytes(10, 0, 0, 0, 255, 0, 0, 0), ipBytes(0, 0, 0, 0, 0, 0, 0, 0)
	mapped := ipBytes(append(append(make([]byte, 10), 0xff, 0xff), 10, 0, 0, 1)...)
	email := rdn(attribute(oidEmailAddress, ia5, "a@evil.example"))
	other := tlv(0xa0, oidDER(oidTest), tlv(0xa0, []byte{5, 0}))
	utf8Mailbox := func(m string) []byte { // RFC 9598 §3
		return tlv(0xa0, oidDER("\x2b\x06\x01\x05\x05\x07\x08\x09"), tlv(0xa0, tlv(utf8String, []byte(m))))
	}
	utf8Number := tlv(0xa0, oidDER("\x2b\x06\x01\x05\x05\x07\x08\x09"), tlv(0xa0, []byte{2, 1, 1}))
	return []nameCase{
		{"permitted DNS name", constraints(permitted(dnsName("x"), dnsName("example"))), altNames(dnsName("a.example")), ""},
		{"other DNS name", constraints(permitted(dnsName("example"))), altNames(dnsName("a.example"), dnsName("b.other")), `dNSName "b.other" is not among those permitted by "CN=upper"`},
		{"excluded DNS name", constraints(excluded(dnsName("a.example"))), altNames(dnsName("b.a.example")), `dNSName "b.a.example" is excluded by`},
		{"excluded among permitted", constraints(permitted(dnsName("example")), excluded(dnsName("a.example"))), altNames(dnsName("a.example")), "is excluded"},
		{"every DNS name excluded", constraints(excluded(dnsName(""))), altNames(dnsName("a.example")), "is excluded"},
		{"wildcard that has an excluded name in it", constraints(excluded(dnsName("a.example"))), altNames(dnsName("*.example")), "is excluded"},
		{"wildcard that has more than is permitted", constraints(permitted(dnsName("a.example"))), altNames(dnsName("*.example")), "is not among"},
		{"DNS name that is none", constraints(permitted(dnsName("example"))), altNames(dnsName("a b.example")), "cannot be held against"},
		{"DNS name that is none, not constrained", constraints(permitted(uri("example"))), altNames(dnsName("a b.example")), ""},
		{"DNS constraint that is none", constraints(excluded(dnsName("*.example"))), altNames(dnsName("other")), "cannot be held against"},
		{"other forms are free", constraints(permitted(dnsName("example"))), altNames(ipBytes(10, 0, 0, 1), mailbox("a@b"), uri("urn:x"), other), ""},

		{"permitted address", constraints(permitted(v4in10)), altNames(ipBytes(10, 9, 9, 9)), ""},
		{"other address", constraints(permitted(v4in10)), altNames(ipBytes(11, 0, 0, 1)), "iPAddress 11.0.0.1 is not among"},
		{"excluded address", constraints(excluded(v4in10)), altNames(ipBytes(10, 0, 0, 1)), "iPAddress 10.0.0.1 is excluded"},
		{"excluded address in another dress", constraints(excluded(v4in10)), altNames(mapped), "is excluded"},
		{"permitted address in another dress", constraints(permitted(v4in10)), altNames(mapped), "is not among"},
		{"every IPv4 address excluded", constraints(excluded(all4)), altNames(ipBytes(1, 1, 1, 1)), "is excluded"},
		{"IPv6 is not IPv4", constraints(excluded(all4)), altNames(ipBytes(append([]byte{0x20, 1}, make([]byte, 14)...)...)), ""},

		{"permitted mailbox", constraints(permitted(mailbox("b.example"))), altNames(mailbox("a@b.example")), ""},
		{"other mailbox", constraints(permitted(mailbox("b.example"))), altNames(mailbox("a@c.example")), `rfc822Name "a@c.example" is not among`},
		{"excluded mailbox in another dress", constraints(excluded(mailbox("a@b.example"))), altNames(mailbox(`"a"@B.example`)), "is excluded"},
		{"mailbox that is none", constraints(excluded(mailbox("b.example"))), altNames(mailbox("a")), "cannot be held against"},
		{"mailbox in the subject", constraints(permitted(mailbox("b.example"))), subject(dn(cn, email)), `rfc822Name "a@evil.example" is not among`},
		{"mailbox in the subject, beside names", constraints(permitted(mailbox("b.example"))), changes(subject(dn(cn, email)), altNames(dnsName("a.example"))), ""},

		{"permitted internationalised mailbox", constraints(permitted(mailbox("b.example"))), altNames(utf8Mailbox("é@b.example")), ""},
		{"other internationalised mailbox", constraints(permitted(mailbox("b.example"))), altNames(utf8Mailbox("é@evil.example")), `rfc822Name "é@evil.example" is not among`},
		{"excluded internationalised mailbox", constraints(excluded(mailbox(".b.example"))), altNames(utf8Mailbox("é@a.b.example")), "is excluded"},
		{"internationalised mailbox with a host that is no A-label", constraints(excluded(mailbox("b.example"))), altNames(utf8Mailbox("é@é.example")), "cannot be held against"},
		{"internationalised mailbox that is none", constraints(excluded(mailbox("b.example"))), altNames(utf8Number), "cannot be held against"},
		{"internationalised mailbox, not constrained", constraints(permitted(dnsName("example"))), altNames(utf8Mailbox("é@é.example"), utf8Number), ""},

		{"permitted URI", constraints(permitted(uri(".b.example"))), altNames(uri("https://a.b.example/x")), ""},
		{"other URI", constraints(permitted(uri(".b.example"))), altNames(uri("https://b.example/x")), "is not among"},
		{"excluded URI", constraints(excluded(uri("b.example"))), altNames(uri("https://b.example:1/x")), "is excluded"},
		{"URI without a host", constraints(excluded(uri("b.example"))), altNames(uri("urn:x")), "cannot be held against"},

		{"permitted directory name", constraints(permitted(directory(dn(org(utf8String, "Org"))))), subject(dn(org(printable, "ORG"), cn)), ""},
		{"other directory name", constraints(permitted(directory(dn(org(utf8String, "Org"))))), subject(dn(org(printable, "Other"), cn)), `directoryName "O=Other, CN=leaf" is not among`},
		{"excluded directory name in another dress", constraints(excluded(directory(dn(org(utf8String, "Org"))))), subject(dn(org(printable, "oRG "), cn)), "is excluded"},
		{"every directory name excluded", constraints(excluded(directory(dn()))), nil, "is excluded"},
		{"every directory name excluded, and none there", constraints(excluded(directory(dn()))), changes(subject(dn()), altNames(dnsName("a.example"))), ""},
		{"no name at all", constraints(permitted(dnsName("a.example")), excluded(directory(dn()))), subject(dn()), ""},
		{"directory name among the alternatives", constraints(permitted(directory(dn(cn)))), changes(subject(dn(cn)), altNames(directory(dn(org(utf8String, "x"))))), `directoryName "O=x" is not`},

		{"form that is not understood", constraints(excluded(other)), altNames(other), "otherName"},
		{"form that is not understood, and not there", constraints(excluded(other)), altNames(dnsName("a.example")), ""},
	}
}

func TestNamesThatAnAuthorityMayCertify(t *testing.T) {
	for _, c := range nameCases() {
		root := issued(t, "root", nil, authority)
		upper := issued(t, "upper", root, changes(authority, c.by))
		leaf := issued(t, "leaf", upper, c.leaf)
		_, path, err := PathTo(rootsOf(root)).VerifyPath(wire(leaf, upper), VerifyOptions{Now: testNow})
		var ve *VerifyError
		switch {
		case c.wrong == "" && (err != nil || len(path) != 3):
			t.Errorf("%s: %v", c.name, err)
		case c.wrong == "":
		case !errors.Is(err, ErrNameConstraint) || !errors.As(err, &ve) || ve.Check != CheckNameConstraints || !strings.Contains(err.Error(), c.wrong):
			t.Errorf("%s: %v", c.name, err)
		case ve.Cert == nil || string(ve.Cert.Raw) != string(leaf.Raw):
			t.Errorf("%s: about another: %v", c.name, err)
		}
	}
}

// Constraints hold for all that lies below, of a root too, and for authorities' names; what an authority issued to
// itself is left out.
func TestConstraintsHoldForTheWholePath(t *testing.T) {
	in := func(name string) func(*x509.Certificate) {
		return subject(dn(rdn(attribute(oidOrganization, 0x0c, name)), rdn(attribute(oidCommonName, 0x0c, "x"))))
	}
	only := constraints(permitted(directory(dn(rdn(attribute(oidOrganization, 0x0c, "Org"))))))
	verify := func(root *holder, chain ...*holder) error {
		_, _, err := PathTo(rootsOf(root)).VerifyPath(wire(chain...), VerifyOptions{Now: testNow})
		return err
	}
	root := issued(t, "", nil, changes(authority, in("Root"), only))
	lower := issued(t, "", root, changes(authority, in("Org")))
	if err := verify(root, issued(t, "", lower, in("Org")), lower); err != nil {
		t.Error(err)
	}
	if err := verify(root, issued(t, "", lower, in("Other")), lower); !errors.Is(err, ErrNameConstraint) {
		t.Errorf("a leaf below the one that a root constrains: %v", err)
	}
	lower = issued(t, "", root, changes(authority, in("Other")))
	if err := verify(root, issued(t, "", lower, in("Org")), lower); !errors.Is(err, ErrNameConstraint) {
		t.Errorf("an authority's own name: %v", err)
	}
	renewed := issued(t, "", root, changes(authority, in("Root"))) // another key, the same name
	if err := verify(root, issued(t, "", renewed, in("Org")), renewed); err != nil {
		t.Errorf("an authority that issued to itself: %v", err)
	}
	if err := verify(root, issued(t, "", root, in("Root"))); !errors.Is(err, ErrNameConstraint) {
		t.Errorf("a leaf that an authority issued to itself: %v", err)
	}
}
