package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/cmdtest"
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
			if c.fails == "" && err != nil || c.fails != "" && !oneLine(err, c.fails, "web.example") && !oneLine(err, c.fails) {
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

func TestWhatIsNoTextIsNotShownOnATerminal(t *testing.T) {
	for text, shown := range map[string]bool{"plain text\n": true, "\x7fELF\x00\x01": false} {
		var b strings.Builder
		if _, err := (&textOnly{Writer: &b}).Write([]byte(text)); shown != (err == nil) || shown != (b.String() == text) {
			t.Errorf("%q: %q, %v", text, b.String(), err)
		}
	}
}

func TestErrorsOfURLsSayWhatToDo(t *testing.T) {
	for path, advice := range map[string]string{"/down": "-insecure-redirects", "/secret": "USER:PASSWORD@", "/gone": "404 Not Found"} {
		w := newWeb(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/down":
				http.Redirect(w, r, "http://web.example/", http.StatusFound)
			case "/secret":
				w.WriteHeader(http.StatusUnauthorized)
			default:
				http.NotFound(w, r)
			}
		})
		if _, _, err := w.run(t, append(w.trusted(), "https://web.example"+path)...); !oneLine(err, advice) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Ctrl-C ends a download in good order, and the same command goes on from what is there.
func TestCtrlCKeepsWhatThereIs(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<14)
	name := filepath.Join(t.TempDir(), "file")
	first := true
	serve := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		if !first {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
			return
		}
		first = false
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		w.Write(data[:100_000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	w := newWeb(t, serve)
	p := w.start(t, append(w.trusted(), "-o", name, "https://web.example/file")...)
	for end := time.Now().Add(cmdtest.Patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if fi, err := os.Stat(name + ".part"); err == nil && fi.Size() == 100_000 {
			break
		}
	}
	p.Interrupt()
	if err := p.Wait(); !errors.Is(err, cli.ErrInterrupted) || !oneLine(err, "100000 bytes are kept in "+name+".part: the same command goes on") || p.Status != cli.ExitFailed {
		t.Error(err)
	}
	w = newWeb(t, serve)
	if _, said, err := w.run(t, append(w.trusted(), "-o", name, "https://web.example/file")...); err != nil || said != "" {
		t.Errorf("%v, %q", err, said)
	}
	if got, _ := os.ReadFile(name); !bytes.Equal(got, data) {
		t.Errorf("%d bytes", len(got))
	}
}

// A server's words must not move the user's cursor.
func TestWhatAServerSaysIsNoCommandForTheTerminal(t *testing.T) {
	w := newWeb(t, func(rw http.ResponseWriter, _ *http.Request) {
		conn, _, err := rw.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 404 \x1b[2J gone\r\nContent-Length: 0\r\n\r\n")
	})
	_, said, err := w.run(t, append(w.trusted(), "http://web.example/file")...)
	if err == nil || !strings.Contains(cli.OneLine(err), `answers 404 \x1b[2J gone`) {
		t.Errorf("%q, %q", err, said)
	}
	r := report{env: &cli.Env{Stderr: new(strings.Builder)}}
	r.Tell("what is there came from \x1b[2J")
	if told := r.env.Stderr.(*strings.Builder).String(); told != "tunclient: what is there came from \\x1b[2J\n" {
		t.Errorf("%q", told)
	}
}
