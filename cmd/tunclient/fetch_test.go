package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestAURLGoesToStandardOutput(t *testing.T) {
	big := strings.Repeat("0123456789", 100_000)
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		body  string
		fails string
	}{
		"length": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(big)))
			fmt.Fprint(w, big)
		}, big, ""},
		"chunked":   {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, big) }, big, ""},
		"not found": {http.NotFound, "", "answers 404"},
		"cut short": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "short")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, "short", "broke after 5 of 100 bytes"},
	} {
		for _, scheme := range []string{"https", "http"} {
			w := newWeb(t, c.serve)
			out, _, err := w.run(t, append(w.trusted(), scheme+"://web.example/file")...)
			if out != c.body {
				t.Errorf("%s, %s: %d bytes, want %d", scheme, name, len(out), len(c.body))
			}
			if c.fails == "" && err != nil || c.fails != "" && !says(err, c.fails, "web.example") && !says(err, c.fails) {
				t.Errorf("%s, %s: %v", scheme, name, err)
			}
		}
	}
}

func TestAURLGoesToAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, args := range map[string][]string{"given": {"-o", "given"}, "last piece": {"-O"}} {
		w := newWeb(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "page of ", r.URL.Path) })
		out, said, err := w.run(t, append(append(w.trusted(), args...), "https://web.example/a/last%20piece?query")...)
		got, _ := os.ReadFile(name)
		if err != nil || string(got) != "page of /a/last piece" || out != "" {
			t.Errorf("%s: %q, %q, %v: %s", name, got, out, err, said)
		}
	}
	if left, _ := filepath.Glob("*.part*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
