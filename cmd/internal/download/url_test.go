package download

import (
	"errors"
	"net/url"
	"testing"
)

func TestURLsHaveOneForm(t *testing.T) {
	for in, want := range map[string]string{
		"HTTPS://Server.Example/Path#part":    "https://server.example/Path",
		"https://server.example:/":            "https://server.example/",
		"https://BÜCHER.example:8443":         "https://xn--bcher-kva.example:8443",
		"http://u:p@under_score.example/?a=b": "http://u:p@under_score.example/?a=b",
		"https://[2001:DB8::1]:8443/":         "https://[2001:db8::1]:8443/",
		"https://[fe80::1%25eth0]/":           "https://[fe80::1]/",
		"https://192.0.2.1/%2e%2e/x%2Fy":      "https://192.0.2.1/%2e%2e/x%2Fy",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		before := u.String()
		n, err := Normalize(u)
		if err != nil || n.String() != want || u.String() != before {
			t.Errorf("%s: %v, %v", in, n, err)
		}
	}
}

func TestURLsThatNothingIsFetchedFrom(t *testing.T) {
	for in, want := range map[string]error{
		"ftp://server.example/": ErrScheme, "server.example": ErrScheme, "//server.example/": ErrScheme, "mailto:a@b": ErrScheme,
		"https:///path": ErrHost, "https:opaque": ErrHost, "https://:443/": ErrHost, "https://xn--ü/": ErrHost,
		"https://a:0/": ErrPort, "https://a:65536/": ErrPort, "https://a:99999999999/": ErrPort,
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := Normalize(u); !errors.Is(err, want) {
			t.Errorf("%s: %v, %v", in, n, err)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	f.Add("https://user@Server.Example:443/a?b#c")
	f.Add("https://[fe80::1%25eth0]:1/")
	f.Add("http://bücher.example/")
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.Parse(s)
		if err != nil {
			return
		}
		n, err := Normalize(u)
		if err != nil {
			return
		}
		again, err := url.Parse(n.String())
		if err != nil {
			t.Fatalf("%q becomes %q: %v", s, n, err)
		}
		if twice, err := Normalize(again); err != nil || twice.String() != n.String() {
			t.Errorf("%q becomes %q, then %q, %v", s, n, twice, err)
		}
	})
}
