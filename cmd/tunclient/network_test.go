package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestBothVersionsOfHTTPAreSpoken(t *testing.T) {
	for url, want := range map[string]string{
		"https://web.example/": "HTTP/2.0 web.example",
		"http://web.example/":  "HTTP/1.1 web.example",
		"https://192.0.2.2/":   "HTTP/2.0 192.0.2.2",
	} {
		w := newWeb(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto, " ", r.Host) })
		out, said, err := w.run(t, append(w.trusted(), "-v", url)...)
		if out != want || err != nil {
			t.Errorf("%s: %q, %v", url, out, err)
		}
		secure := strings.HasPrefix(url, "https")
		if strings.Contains(said, "TLS 1.3") != secure || strings.Contains(said, "without TLS") == secure || strings.Count(said, "connected to 192.0.2.2:") != 1 {
			t.Errorf("%s: %q", url, said)
		}
	}
}
