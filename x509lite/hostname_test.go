package x509lite

import (
	"crypto/x509"
	"net/netip"
	"strings"
	"testing"
)

func TestNamesMatchLabelByLabel(t *testing.T) {
	label63 := strings.Repeat("a", 63)
	for _, c := range []struct {
		presented, asked string
		want             bool
	}{
		{"device-7.example", "device-7.example", true},
		{"device-7.example", "DEVICE-7.Example", true},
		{"Device-7.EXAMPLE", "device-7.example", true},
		{"device-7.example", "device-7.example.", true}, // the root's dot
		{"device-7.example", "device-7.example..", false},
		{"device-7.example.", "device-7.example", false}, // a certificate has none
		{"device-7.example", "device-70.example", false},
		{"device-7.example", "device-7.example.org", false},
		{"device-7.example", "evil.device-7.example", false},
		{"device-7", "device-7", true},
		{"_service.example", "_service.example", true},
		{"*.example", "a.example", true},
		{"*.example", "A.EXAMPLE", true},
		{"*.example", "a.b.example", false}, // one label
		{"*.example", "example", false},     // not none
		{"*.example", ".example", false},
		{"*.example", "*.example", false}, // nobody is asked for as a wildcard
		{"*.fleet.example", "a.example", false},
		{"*.a.example", "x.b.example", false},
		{"*", "localhost", false}, // there must be something after it
		{"*", "a.example", false},
		{"*.", "a.", false},
		{"f*.example", "foo.example", false}, // only whole labels
		{"*f.example", "of.example", false},
		{"a.*.example", "a.b.example", false}, // only the left-most
		{"**.example", "a.example", false},
		{"*.*.example", "a.b.example", false},
		{"xn--bcher-kva.example", "xn--bcher-kva.example", true},
		{"bücher.example", "bücher.example", false}, // A-labels only
		{"a b", "a b", false},
		{"-a.example", "-a.example", false},
		{"a\x00.example", "a\x00.example", false},
		{"a..example", "a..example", false},
		{label63 + ".example", label63 + ".example", true},
		{label63 + "a.example", label63 + "a.example", false},
		{"192.0.2.7", "192.0.2.7", false}, // an address is not a DNS name
		{"192.0.2", "192.0.2", false},
		{"::1", "::1", false},
		{"a.example:443", "a.example:443", false},
		{"", "", false},
		{".", ".", false},
	} {
		cert := &Certificate{DNSNames: []string{"other.invalid", c.presented}}
		if got := cert.MatchName(c.asked); got != c.want {
			t.Errorf("%q for %q: %v", c.presented, c.asked, got)
		}
	}
	long := strings.Repeat("a.", 127)[:253]
	if !(&Certificate{DNSNames: []string{long}}).MatchName(long) {
		t.Error("name of 253 bytes")
	}
	if long += ".a"; (&Certificate{DNSNames: []string{long}}).MatchName(long) {
		t.Error("name of 255 bytes")
	}
}

func TestAddressesMatchByValue(t *testing.T) {
	cert := &Certificate{
		DNSNames:    []string{"192.0.2.9", "*.0.2.9", "*.2.9", "fe80::9"},
		IPAddresses: []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7"), netip.MustParseAddr("fe80::1")},
	}
	for name, want := range map[string]bool{
		"192.0.2.7":            true,
		"192.0.2.8":            false,
		"192.0.2.9":            false,
		"2001:db8::7":          true,
		"2001:0DB8:0:0::7":     true,
		"[2001:db8::7]":        true,
		"[192.0.2.7]":          false,
		"fe80::1%eth0":         true,
		"fe80::9":              false,
		"::ffff:192.0.2.7":     false, // sixteen octets are not four (RFC 9525 §6.4)
		"192.0.2.07":           false,
		"192.0.2":              false,
		"3221225991":           false,
		"192.0.2.7.":           false,
		"[2001:db8::7":         false,
		"2001:db8::7/64":       false,
		"[2001:db8::7]:443":    false,
		"[]":                   false,
		"[a.example]":          false,
		"0.0.0.0.0.0.0.0.0.0.": false,
	} {
		if got := cert.MatchName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestMatchNameAllocatesNothing(t *testing.T) {
	cert := fixtureCert(t, "names")
	for _, name := range []string{"device-7.example", "x.FLEET.example", "192.0.2.7", "[2001:db8::7]", "fe80::1%eth0", "nobody.example"} {
		if n := testing.AllocsPerRun(100, func() { cert.MatchName(name) }); n != 0 {
			t.Errorf("%q: %v allocations", name, n)
		}
	}
}

// What matches here matches in crypto/x509; what matches there and is a proper name and pattern matches here.
func FuzzMatchName(f *testing.F) {
	for _, s := range [][2]string{{"a.example", "a.example"}, {"*.example", "a.example"}, {"*.example", "a.b.example"}, {"*", "a"},
		{"a.example", "A.example."}, {"192.0.2.7", "192.0.2.7"}, {"::1", "[::1]"}, {"f*.example", "f*.example"}, {"x", "fe80::1%eth0"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, presented, asked string) {
		c := &Certificate{DNSNames: []string{presented}}
		x := &x509.Certificate{DNSNames: []string{presented}}
		if addr, err := netip.ParseAddr(presented); err == nil && addr.Zone() == "" {
			c.IPAddresses = []netip.Addr{addr}
			x.IPAddresses = append(x.IPAddresses, addr.AsSlice())
		}
		ours, theirs := c.MatchName(asked), x.VerifyHostname(asked) == nil
		if ours && !theirs && !strings.Contains(asked, "%") { // crypto/x509 knows no zones
			t.Fatalf("%q matches %q here and not in crypto/x509", presented, asked)
		}
		n, ok := parseRefName(asked)
		if theirs && !ours && ok && n.dns != "" && validHostname(presented, true) {
			t.Fatalf("%q matches %q in crypto/x509 and not here", presented, asked)
		}
	})
}
