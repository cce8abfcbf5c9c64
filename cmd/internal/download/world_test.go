package download

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// heard is a Reporter that waits for nothing.
type heard struct {
	lines  []string
	begins [][2]int64
	n      int64
	pauses []time.Duration
}

func (h *heard) Tell(line string)      { h.lines = append(h.lines, line) }
func (h *heard) Begin(have, all int64) { h.begins = append(h.begins, [2]int64{have, all}) }
func (h *heard) Add(n int)             { h.n += int64(n) }
func (h *heard) Pause(d time.Duration) <-chan time.Time {
	h.pauses = append(h.pauses, d)
	now := make(chan time.Time, 1)
	now <- time.Time{}
	return now
}

// content is a file that no two places of look alike.
func content(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// version is a file on a server that knows about ranges, under an entity tag, as net/http serves it.
type version struct {
	data     []byte
	tag      string
	modified time.Time
	cut      []int // how many bytes each answer breaks off after; beyond its end none does
	requests []*http.Request
}

func (v *version) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.requests = append(v.requests, r)
	if v.tag != "" {
		w.Header().Set("ETag", v.tag)
	}
	if k := len(v.requests) - 1; k < len(v.cut) {
		w = &cutter{ResponseWriter: w, left: v.cut[k]}
	}
	http.ServeContent(w, r, "", v.modified, bytes.NewReader(v.data))
}

// cutter breaks the connection off.
type cutter struct {
	http.ResponseWriter
	left int
}

func (c *cutter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p[:min(len(p), c.left)])
	if c.left -= n; c.left == 0 {
		c.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, err
}

// serve starts a server and gives a request to it.
func serve(t *testing.T, h http.Handler) Request {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return Request{URL: parse(t, server.URL+"/file"), Transport: server.Client().Transport, Report: &heard{}, Retries: 3}
}

func parse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err == nil {
		u, err = Normalize(u)
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// roundTrips is an http.RoundTripper without a network: by URL, an answer's status line and headers.
type roundTrips struct {
	answers map[string]string
	asked   []*http.Request
}

func (f *roundTrips) RoundTrip(r *http.Request) (*http.Response, error) {
	f.asked = append(f.asked, r)
	answer, ok := f.answers[r.URL.Scheme+"://"+r.URL.Host+r.URL.RequestURI()]
	if !ok {
		return nil, fmt.Errorf("nobody answers at %v", r.URL)
	}
	head, body, _ := strings.Cut(answer, "\n\n")
	status, lines, _ := strings.Cut(head, "\n")
	resp := &http.Response{Status: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}
	fmt.Sscan(status, &resp.StatusCode)
	for line := range strings.Lines(lines) {
		name, value, _ := strings.Cut(line, ": ")
		resp.Header.Set(name, strings.TrimSpace(value))
	}
	return resp, nil
}

// fetch runs a request into memory.
func fetch(r Request) (string, error) {
	var out bytes.Buffer
	r.To = NewStream(&out)
	err := Run(context.Background(), r)
	return out.String(), err
}
