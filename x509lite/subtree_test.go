package x509lite

import (
	"net/netip"
	"testing"
)

func TestDNSNamesWithinASubtree(t *testing.T) {
	for _, c := range []struct {
		name, base      string
		within, touches bool
	}{
		{"a.example", "a.example", true, true},
		{"A.Example", "a.eXample", true, true},
		{"b.a.example", "a.example", true, true},
		{"ba.example", "a.example", false, false},
		{"example", "a.example", false, false},
		{"a.example", "", true, true},
		{"a.example", ".a.example", false, false},
		{"b.a.example", ".a.example", true, true},
		{"*.example", "example", true, true},
		{"*.example", ".example", true, true},
		{"*.example", "a.example", false, true},
		{"*.example", "b.a.example", false, false}, // it is one label, and that lies deeper
		{"*.example", ".a.example", false, false},
		{"*.example", "other", false, false},
		{"*.a.example", "example", true, true},
		{"*.Example", "A.eXAMPLE", false, true},
	} {
		if w, x := dnsWithin(c.name, c.base), dnsTouches(c.name, c.base); w != c.within || x != c.touches {
			t.Errorf("%q in %q: within %v, touches %v", c.name, c.base, w, x)
		}
	}
}

func TestHostsOfURIs(t *testing.T) {
	for uri, want := range map[string]string{
		"https://a.example/x":        "a.example",
		"https://u:p@A.example:8443": "A.example",
		"ldap://a.example.?x":        "a.example",
		"spiffe://a.example/w":       "a.example",
		"urn:x:y":                    "",
		"mailto:a@b.example":         "",
		"//a.example/x":              "",
		"/x":                         "",
		"":                           "",
		"https://192.0.2.1/":         "",
		"https://[2001:db8::1]/":     "",
		"https://a b/":               "",
		"https:///x":                 "",
		"https://a.example:x/":       "",
		"%zz":                        "",
	} {
		if got, ok := uriHost(uri); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", uri, got, ok)
		}
	}
}

func TestMailboxes(t *testing.T) {
	for mailbox, want := range map[string][2]string{
		"a@b.example":        {"a", "b.example"},
		`"a"@b.example`:      {"a", "b.example"},
		`"a\"@c"@b.example`:  {`a"@c`, "b.example"},
		`"a\\"@b`:            {`a\`, "b"},
		"a+b.c@b.example":    {"a+b.c", "b.example"},
		"@b.example":         {},
		"a@":                 {},
		"a":                  {},
		"":                   {},
		`"a@b.example`:       {},
		`"a"b@b.example`:     {},
		`"a\`:                {},
		`"a\"@b.example`:     {},
		"a b@b.example":      {},
		"a@b@c.example":      {},
		"a@[192.0.2.1]":      {},
		"A <a@b.example>":    {},
		"a@b.example,c@d.ex": {},
	} {
		local, host, ok := splitMailbox(mailbox)
		if ok != (want[1] != "") || ok && (local != want[0] || host != want[1]) {
			t.Errorf("%q: %q, %q, %v", mailbox, local, host, ok)
		}
	}
}

func TestMailboxesWithinASubtree(t *testing.T) {
	for _, c := range []struct {
		local, host, base string
		within            bool
	}{
		{"a", "b.example", "a@B.example", true},
		{"A", "b.example", "a@b.example", false},
		{"a", "b.example", `"a"@b.example`, true},
		{"a", "b.example", "b.example", true},
		{"a", "c.b.example", "b.example", false}, // a host is itself, not what lies below
		{"a", "c.b.example", ".b.example", true},
		{"a", "b.example", ".b.example", false},
	} {
		if got := mailboxWithin(c.local, c.host, c.base); got != c.within {
			t.Errorf("%s@%s in %q: %v", c.local, c.host, c.base, got)
		}
	}
}

func TestRangesOfAddresses(t *testing.T) {
	for _, c := range []struct {
		der  []byte
		want string
	}{
		{[]byte{10, 1, 2, 3, 255, 0, 0, 0}, "10.1.2.3/8"},
		{[]byte{10, 1, 2, 3, 255, 255, 255, 255}, "10.1.2.3/32"},
		{[]byte{10, 1, 2, 3, 0, 0, 0, 0}, "10.1.2.3/0"},
		{[]byte{10, 1, 2, 3, 255, 254, 0, 0}, "10.1.2.3/15"},
		{append(append([]byte{0x20, 1}, make([]byte, 14)...), append([]byte{255, 255, 255, 255}, make([]byte, 12)...)...), "2001::/32"},
		{[]byte{10, 1, 2, 3, 254, 255, 0, 0}, ""},
		{[]byte{10, 1, 2, 3, 0, 0, 0, 1}, ""},
		{[]byte{10, 1, 2, 3}, ""},
		{nil, ""},
	} {
		p, ok := parseRange(c.der)
		if ok != (c.want != "") || ok && p != netip.MustParsePrefix(c.want) {
			t.Errorf("% x: %v, %v", c.der, p, ok)
		}
	}
}

func FuzzMailbox(f *testing.F) {
	f.Add("a@b.example")
	f.Add(`"a\"@c"@b.example`)
	f.Add(`"\`)
	f.Fuzz(func(t *testing.T, s string) {
		if local, host, ok := splitMailbox(s); ok && (host == "" || len(local)+len(host) >= len(s)) {
			t.Fatalf("%q: %q, %q", s, local, host)
		}
	})
}

func FuzzURIHost(f *testing.F) {
	f.Add("https://u@a.example:1/x?y#z")
	f.Add("a://[::1%25x]")
	f.Fuzz(func(t *testing.T, s string) {
		if host, ok := uriHost(s); ok && (!validHostname(host, false) || looksLikeIP(host)) {
			t.Fatalf("%q: %q", s, host)
		}
	})
}
