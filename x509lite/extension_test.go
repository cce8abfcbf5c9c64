package x509lite

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// parseWith parses a certificate that has these extensions.
func parseWith(exts ...[]byte) (*Certificate, error) {
	h := newHandMade()
	h.setExts(exts...)
	return Parse(h.der())
}

func TestBasicConstraints(t *testing.T) {
	for _, c := range []struct {
		name  string
		value []byte
		ca    bool
		path  int
	}{
		{"not an authority", tlv(0x30), false, -1},
		{"authority", tlv(0x30, []byte{1, 1, 0xff}), true, -1},
		{"path length 0", tlv(0x30, []byte{1, 1, 0xff, 2, 1, 0}), true, 0},
		{"path length 300", tlv(0x30, []byte{1, 1, 0xff, 2, 2, 1, 44}), true, 300},
	} {
		got, err := parseWith(extDER(oidBasicConstraints, true, c.value))
		if err != nil || !got.BasicConstraints || got.IsCA != c.ca || got.MaxPathLen != c.path {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for name, value := range map[string][]byte{
		"nothing":                  nil,
		"false spelled out":        tlv(0x30, []byte{1, 1, 0}),
		"true as 01":               tlv(0x30, []byte{1, 1, 1}),
		"path length alone":        tlv(0x30, []byte{2, 1, 0}),
		"negative path length":     tlv(0x30, []byte{1, 1, 0xff, 2, 1, 0xff}),
		"path length beyond 2³¹-1": tlv(0x30, []byte{1, 1, 0xff, 2, 5, 0, 0x80, 0, 0, 0}),
		"something after":          tlv(0x30, []byte{1, 1, 0xff, 2, 1, 0, 5, 0}),
		"something after all":      append(tlv(0x30), 5, 0),
	} {
		if _, err := parseWith(extDER(oidBasicConstraints, true, value)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, err := parseWith(extDER(oidTest, false, nil)); err != nil || c.BasicConstraints || c.IsCA || c.MaxPathLen != -1 {
		t.Errorf("absent: %v", err)
	}
}

func TestSubjectAltNames(t *testing.T) {
	c := fixtureCert(t, "names")
	if want := []string{"device-7.example", "*.fleet.example"}; !slices.Equal(c.DNSNames, want) {
		t.Errorf("DNS names %q", c.DNSNames)
	}
	want := []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")}
	if !slices.Equal(c.IPAddresses, want) {
		t.Errorf("addresses %v", c.IPAddresses)
	}
	for name, value := range map[string][]byte{
		"nothing":             nil,
		"no names":            tlv(0x30),
		"empty DNS name":      tlv(0x30, tlv(0x82)),
		"DNS name not IA5":    tlv(0x30, tlv(0x82, []byte("ä.example"))),
		"address not IA5":     tlv(0x30, tlv(0x81, []byte("ä@example"))),
		"URI not IA5":         tlv(0x30, tlv(0x86, []byte("urn:ä"))),
		"IP of 0 bytes":       tlv(0x30, tlv(0x87)),
		"IP of 3 bytes":       tlv(0x30, tlv(0x87, []byte{1, 2, 3})),
		"IP with a mask":      tlv(0x30, tlv(0x87, make([]byte, 8))),
		"unknown kind":        tlv(0x30, tlv(0x89, []byte("x"))),
		"universal tag":       tlv(0x30, tlv(0x16, []byte("x.example"))),
		"constructed DNS":     tlv(0x30, tlv(0xa2, []byte("x.example"))),
		"cut name":            {0x30, 3, 0x82, 5, 'a'},
		"something after all": append(tlv(0x30, tlv(0x82, []byte("a"))), 5, 0),
	} {
		if _, err := parseWith(extDER(oidSubjectAltName, false, value)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnknownExtensionsMatterOnlyWhenCritical(t *testing.T) {
	if c := fixtureCert(t, "unknown-extension"); len(c.UnknownCritical) != 0 {
		t.Errorf("%v", c.UnknownCritical)
	}
	if c := fixtureCert(t, "unknown-critical"); !slices.Equal(c.UnknownCritical, []string{"1.2.3.4"}) {
		t.Errorf("%v", c.UnknownCritical)
	}
	c, err := parseWith(extDER(oidTest, true, nil), extDER(oidPolicyConstraints, false, tlv(0x30, tlv(0x80, []byte{0}))))
	if err != nil || !slices.Equal(c.UnknownCritical, []string{"1.2.3.4"}) {
		t.Errorf("policy constraints: %v, %v", c.UnknownCritical, err)
	}
}

func TestListOfNamesInMessagesIsShort(t *testing.T) {
	c := &Certificate{IPAddresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}
	for range 1000 {
		c.DNSNames = append(c.DNSNames, strings.Repeat("a", 10))
	}
	if s := c.altNameList(); len(s) > 200 || !strings.Contains(s, "and 993 more") {
		t.Error(s)
	}
	long := &Certificate{DNSNames: []string{strings.Repeat("\x00", 60000)}}
	if s := long.altNameList(); len(s) > 5*mostShown {
		t.Errorf("%d bytes of message", len(s))
	}
	if s := new(Certificate).altNameList(); !strings.HasPrefix(s, "no DNS name") {
		t.Error(s)
	}
}
