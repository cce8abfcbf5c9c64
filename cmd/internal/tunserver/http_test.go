package tunserver

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"smoltls/tlssock"
)

// get sends requests in one go and reads the answers.
func (r *running) http(s *tlssock.Socket, requests string, n int) []*http.Response {
	r.t.Helper()
	s.TryWrite([]byte(requests))
	var all bytes.Buffer
	buf := make([]byte, 1<<16)
	var out []*http.Response
	r.until(func() bool {
		for {
			m, err := s.TryRead(buf)
			all.Write(buf[:m])
			if err != nil {
				break
			}
		}
		out = nil
		in := bufio.NewReader(bytes.NewReader(all.Bytes()))
		for len(out) < n {
			resp, err := http.ReadResponse(in, nil)
			if err != nil {
				return false
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				return false
			}
			resp.Body = io.NopCloser(bytes.NewReader(body))
			out = append(out, resp)
		}
		return true
	})
	return out
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestHTTPAnswersRequestsThatFollowEachOther(t *testing.T) {
	r := start(t, "-serve", "http")
	cfg := r.config()
	cfg.NextProtos = []string{"http/1.1"}
	s := r.connect(cfg)
	if s.ConnectionState().NegotiatedProtocol != "http/1.1" {
		t.Error("no protocol")
	}
	as := r.http(s, "GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /bytes/70000 HTTP/1.1\r\nHost: h\r\n\r\nGET /nothing HTTP/1.1\r\nHost: h\r\n\r\n", 3)
	page := string(body(t, as[0]))
	for _, fact := range []string{"TLS 1.3", "TLS_AES_128_GCM_SHA256", "192.0.2.1:", "client certificate"} {
		if as[0].StatusCode != 200 || !strings.Contains(page, fact) {
			t.Errorf("the page does not say %q: %s", fact, page)
		}
	}
	b := body(t, as[1])
	if want := sha256.Sum256(append(append([]byte(nil), pattern(0)[:patternPeriod]...), pattern(0)[:70000-patternPeriod]...)); sha256.Sum256(b) != want {
		t.Errorf("%d bytes, or others", len(b))
	}
	if as[2].StatusCode != 404 {
		t.Errorf("%s", as[2].Status)
	}
}

func TestHTTPRefusesWhatItCantServe(t *testing.T) {
	r := start(t, "-serve", "http")
	for request, status := range map[string]int{
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n": 405,
		"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n":  413,
		"NONSENSE\r\n\r\n":                                                            400,
		"GET /bytes/-1 HTTP/1.1\r\nHost: h\r\n\r\n":                                   404,
		"GET /bytes/99999999999999999999 HTTP/1.1\r\nHost: h\r\n\r\n":                 404,
		fmt.Sprintf("GET /bytes/%d HTTP/1.1\r\nHost: h\r\n\r\n", int64(maxBytes)+1):   404,
		"GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", maxRequest) + "\r\n": 431,
	} {
		s := r.connect(r.config())
		if got := r.http(s, request, 1)[0].StatusCode; got != status {
			t.Errorf("%.40q: %d, want %d", request, got, status)
		}
	}
}

func TestHTTPClosesWhenAskedTo(t *testing.T) {
	r := start(t, "-serve", "http")
	s := r.connect(r.config())
	s.TryWrite([]byte("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
	got, err := r.read(s, 1<<20)
	if err != io.EOF || !strings.HasPrefix(string(got), "HTTP/1.1 200") || !strings.Contains(string(got), "Connection: close") ||
		!strings.HasSuffix(string(got), "\r\n\r\n") {
		t.Errorf("%q %v", got, err)
	}
}

// RFC 9112 §9.3: a client of HTTP/1.0 that asked for it, and is not told, would wait until the connection ends.
func TestHTTP10ClientIsToldThatTheConnectionStays(t *testing.T) {
	r := start(t, "-serve", "http")
	cfg := r.config()
	cfg.NextProtos = []string{"http/1.0"}
	s := r.connect(cfg)
	if p := s.ConnectionState().NegotiatedProtocol; p != "http/1.0" {
		t.Errorf("protocol %q", p)
	}
	for range 2 {
		a := r.http(s, "GET /bytes/10 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", 1)[0]
		if got := a.Header.Get("Connection"); got != "keep-alive" || a.ContentLength != 10 {
			t.Errorf("Connection: %q, %d bytes", got, a.ContentLength)
		}
	}
	s.TryWrite([]byte("GET /bytes/10 HTTP/1.0\r\n\r\n"))
	if got, err := r.read(s, 1<<20); err != io.EOF || !strings.Contains(string(got), "Connection: close\r\n") {
		t.Errorf("not asked to stay: %q, %v", got, err)
	}
}
