package download

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

func TestNamesOfURLs(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/file.iso":        "file.iso",
		"https://a.example/x/a%20b?q=/c#/d": "a b",
		"https://a.example/%C3%BC":          "ü",
		"https://a.example/..hidden":        "..hidden",
		"https://a.example/":                "",
		"https://a.example":                 "",
		"https://a.example/dir/":            "",
		"https://a.example/x/..":            "",
		"https://a.example/x/.":             "",
		"https://a.example/%2e%2e":          "",
		"https://a.example/..%2Fpasswd":     "",
		"https://a.example/%2Fetc%2Fpasswd": "",
		"https://a.example/c%5Cd":           "",
		"https://a.example/nul%00":          "",
		"https://a.example/line%0Abreak":    "",
		"https://a.example/file:stream":     "",
		"https://a.example/%FF":             "",
	} {
		got, err := NameOf(parse(t, in))
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", in, got, err)
		}
	}
}

func FuzzNameOf(f *testing.F) {
	f.Add("https://a.example/..%2Ffile")
	f.Add("https://a.example/a/b")
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.Parse(s)
		if err != nil {
			return
		}
		if name, err := NameOf(u); err == nil && (!filepath.IsLocal(name) || strings.ContainsAny(name, "/\\\x00") || name == ".") {
			t.Errorf("%q is to be written to %q", s, name)
		}
	})
}
