package download

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestRedirectsLeadBetweenHostsAndToHTTPS(t *testing.T) {
	f := &roundTrips{answers: map[string]string{
		"http://a.example/":                               "301 Moved\nLocation: https://A.example/",
		"https://a.example/":                              "302 Found\nLocation: /x/../y?q#fragment",
		"https://a.example/y?q":                           "303 See Other\nLocation: //b.example/z",
		"https://b.example/z":                             "307 Temporary\nLocation: https://bücher.example:8443/ü",
		"https://xn--bcher-kva.example:8443/%C3%BC":       "308 Permanent\nLocation: ?there",
		"https://xn--bcher-kva.example:8443/%C3%BC?there": "200 OK\n\nhere it is",
	}}
	got, err := fetch(Request{URL: parse(t, "http://a.example/"), Transport: f, Report: &heard{}})
	if got != "here it is" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	for name, c := range map[string]struct {
		answers map[string]string
		want    error
		says    string
	}{
		"circle":    {map[string]string{"https://a.example/": "302 Found\nLocation: /b", "https://a.example/b": "302 Found\nLocation: https://a.example:443/#top"}, ErrLoop, "https://a.example/b leads to https://a.example:443/"},
		"itself":    {map[string]string{"https://a.example/": "302 Found\nLocation: /"}, ErrLoop, ""},
		"downgrade": {map[string]string{"https://a.example/": "302 Found\nLocation: http://user:secret@a.example/"}, ErrDowngrade, "http://user:xxxxx@a.example/"},
		"scheme":    {map[string]string{"https://a.example/": "302 Found\nLocation: file:///etc/passwd"}, ErrScheme, "https://a.example/"},
		"no host":   {map[string]string{"https://a.example/": "302 Found\nLocation: https:///path"}, ErrHost, ""},
		"nowhere":   {map[string]string{"https://a.example/": "302 Found"}, nil, "302 Found"},
	} {
		got, err := fetch(Request{URL: parse(t, "https://a.example/"), Transport: &roundTrips{answers: c.answers}, Report: &heard{}})
		if got != "" || err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestRedirectsAreBounded(t *testing.T) {
	for last, want := range map[int]error{MaxRedirects: nil, MaxRedirects + 1: ErrRedirects} {
		f := &roundTrips{answers: map[string]string{fmt.Sprint("https://a.example/", last): "200 OK\n\n"}}
		for i := range last {
			f.answers[fmt.Sprint("https://a.example/", i)] = fmt.Sprint("302 Found\nLocation: /", i+1)
		}
		if _, err := fetch(Request{URL: parse(t, "https://a.example/0"), Transport: f, Report: &heard{}}); !errors.Is(err, want) {
			t.Errorf("%d redirects: %v", last, err)
		}
	}
}

func TestADowngradeIsFollowedOnRequestAndTold(t *testing.T) {
	f := &roundTrips{answers: map[string]string{"https://a.example/": "302 Found\nLocation: http://b.example/", "http://b.example/": "200 OK\n\nplain"}}
	h := &heard{}
	got, err := fetch(Request{URL: parse(t, "https://a.example/"), Transport: f, Report: h, Downgrade: true})
	if got != "plain" || err != nil || len(h.lines) != 1 || !strings.Contains(h.lines[0], "nothing is protected") {
		t.Errorf("%q, %v, %q", got, err, h.lines)
	}
}

func TestCredentialsStayWithTheOriginTheyAreFor(t *testing.T) {
	f := &roundTrips{answers: map[string]string{
		"https://a.example/":         "302 Found\nLocation: https://a.example/login",
		"https://a.example/login":    "302 Found\nLocation: https://b.example/",
		"https://b.example/":         "302 Found\nLocation: https://a.example:444/",
		"https://a.example:444/":     "302 Found\nLocation: https://else:where@c.example/",
		"https://c.example/":         "302 Found\nLocation: https://a.example:443/back",
		"https://a.example:443/back": "200 OK\n\n",
	}}
	r := Request{URL: parse(t, "https://user:secret@a.example/"), Transport: f, Report: &heard{}, Header: http.Header{"Cookie": {"x=y"}, "X-Api-Key": {"key"}}}
	if _, err := fetch(r); err != nil {
		t.Fatal(err)
	}
	basic := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
	own := basic("user:secret") + " x=y key"
	for i, want := range []string{own, own, "", "", basic("else:where"), own} {
		h := f.asked[i].Header
		if got := strings.TrimSpace(h.Get("Authorization") + " " + h.Get("Cookie") + " " + h.Get("X-Api-Key")); got != want {
			t.Errorf("%v is told %q, want %q", f.asked[i].URL.Redacted(), got, want)
		}
	}
}

func TestHeadersOfTheCallerTakeThePlaceOfOurs(t *testing.T) {
	f := &roundTrips{answers: map[string]string{"https://a.example/": "200 OK\n\n"}}
	r := Request{URL: parse(t, "https://user:secret@a.example/"), Transport: f, Report: &heard{},
		Header: http.Header{"User-Agent": {"another"}, "Authorization": {"Bearer token"}, "Host": {"virtual.example"}}}
	if _, err := fetch(r); err != nil {
		t.Fatal(err)
	}
	if q := f.asked[0]; q.UserAgent() != "another" || q.Header.Get("Authorization") != "Bearer token" || q.Host != "virtual.example" {
		t.Errorf("%v %v", q.Host, q.Header)
	}
}
