package download

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var yesterday = time.Now().Add(-24 * time.Hour)

// toFile runs a request into a file, and gives the file, or what is there of it.
func toFile(t *testing.T, r Request, name string) (whole, part []byte, err error) {
	t.Helper()
	if r.To, err = Create(name); err != nil {
		t.Fatal(err)
	}
	err = Run(t.Context(), r)
	if err := r.To.Close(); err != nil {
		t.Fatal(err)
	}
	whole, _ = os.ReadFile(name)
	part, _ = os.ReadFile(name + ".part")
	return whole, part, err
}

func TestABrokenDownloadGoesOnByItself(t *testing.T) {
	data := content(300_000)
	for name, v := range map[string]*version{
		"entity tag": {data: data, tag: `"one"`, cut: []int{100_000, 1, 50_000}},
		"date":       {data: data, modified: yesterday, cut: []int{299_999}},
		"at once":    {data: data, tag: `"one"`, cut: []int{0, 0, 0}}, // a head and nothing after it
	} {
		r := serve(t, v)
		whole, part, err := toFile(t, r, filepath.Join(t.TempDir(), "file"))
		if err != nil || !bytes.Equal(whole, data) || part != nil {
			t.Errorf("%s: %d bytes, %v", name, len(whole), err)
		}
		if len(v.requests) != len(v.cut)+1 {
			t.Errorf("%s: %d requests", name, len(v.requests))
		}
		if got, err := fetch(serve(t, &version{data: v.data, tag: v.tag, modified: v.modified, cut: v.cut})); err != nil || got != string(data) {
			t.Errorf("%s, to a stream: %d bytes, %v", name, len(got), err)
		}
	}
}

func TestTheNextRunGoesOnWhereTheLastOneEnded(t *testing.T) {
	data := content(300_000)
	v := &version{data: data, tag: `"one"`, cut: []int{100_000}}
	r := serve(t, v)
	r.Retries = 0
	name := filepath.Join(t.TempDir(), "file")
	if whole, part, err := toFile(t, r, name); !errors.Is(err, ErrBroken) || whole != nil || len(part) == 0 || !bytes.HasPrefix(data, part) {
		t.Fatalf("%d bytes, %v", len(part), err)
	}
	_, part, _ := toFile(t, Request{URL: r.URL, Transport: &roundTrips{}, Report: &heard{}}, name) // nobody answers meanwhile
	h := &heard{}
	r.Report = h
	whole, _, err := toFile(t, r, name)
	if err != nil || !bytes.Equal(whole, data) {
		t.Fatalf("%d bytes, %v", len(whole), err)
	}
	q := v.requests[1].Header
	if q.Get("Range") != fmt.Sprintf("bytes=%d-", len(part)) || q.Get("If-Range") != `"one"` || h.n != int64(len(data)-len(part)) || h.begins[0] != [2]int64{int64(len(part)), 300_000} {
		t.Errorf("%v: %d bytes came, after %d", q, h.n, len(part))
	}
	if left, _ := filepath.Glob(name + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// What was there is dropped when it is not the beginning of what the server has now.
func TestWhatDoesNotFitIsNotPutTogether(t *testing.T) {
	const old, fresh = "the old version, long", "the new one"
	partial := func(headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				fmt.Fprint(w, fresh)
				return
			}
			for _, h := range headers {
				name, value, _ := strings.Cut(h, ": ")
				w.Header().Set(name, value)
			}
			w.WriteHeader(206)
			fmt.Fprint(w, fresh[8:])
		}
	}
	for name, h := range map[string]http.Handler{
		"another tag":    &version{data: []byte(fresh), tag: `"two"`},
		"ranges unknown": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, fresh) }),
		"another place":  partial("Content-Range: bytes 9-20/21", `ETag: "one"`),
		"another length": partial("Content-Range: bytes 8-10/11", `ETag: "one"`),
		"a tag unasked":  partial("Content-Range: bytes 8-20/21", `ETag: "two"`),
		"no range":       partial(`ETag: "one"`),
		"unsatisfiable":  http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { refuse(w, r, "bytes */5", fresh) }),
		"nothing told":   http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { refuse(w, r, "", fresh) }),
	} {
		dir := t.TempDir()
		first := serve(t, &version{data: []byte(old), tag: `"one"`, cut: []int{8}})
		first.Retries = 0
		file := filepath.Join(dir, "file")
		if _, part, err := toFile(t, first, file); len(part) != 8 {
			t.Fatalf("%q, %v", part, err)
		}
		server := httptest.NewServer(h)
		hears := &heard{}
		second := Request{URL: first.URL, Transport: redirected{server}, Report: hears}
		whole, _, err := toFile(t, second, file)
		server.Close()
		if err != nil || string(whole) != fresh || len(hears.lines) != 1 || !strings.Contains(hears.lines[0], "anew") {
			t.Errorf("%s: %q, %v, %q", name, whole, err, hears.lines)
		}
	}
}

// refuse answers that there is no such range.
func refuse(w http.ResponseWriter, r *http.Request, contentRange, whole string) {
	if r.Header.Get("Range") == "" {
		fmt.Fprint(w, whole)
		return
	}
	if contentRange != "" {
		w.Header().Set("Content-Range", contentRange)
	}
	w.WriteHeader(416)
}

// redirected takes every request to one server, whatever its URL says.
type redirected struct{ *httptest.Server }

func (s redirected) RoundTrip(r *http.Request) (*http.Response, error) {
	there := r.Clone(r.Context())
	there.URL.Host = strings.TrimPrefix(s.URL, "http://")
	return s.Client().Transport.RoundTrip(there)
}

func TestAPartThatIsAllOfItIsComplete(t *testing.T) {
	data := content(1000)
	v := &version{data: data, tag: `"one"`}
	r := serve(t, v)
	name := filepath.Join(t.TempDir(), "file")
	s, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	s.Start(Representation{URL: plain(r.URL), ETag: `"one"`, Length: 1000})
	s.Write(data)
	s.Close()
	if whole, _, err := toFile(t, r, name); err != nil || !bytes.Equal(whole, data) || v.requests[0].Header.Get("Range") != "bytes=1000-" {
		t.Errorf("%d bytes, %v", len(whole), err)
	}
}

func TestWhatCantBeResumedIsNotTriedAgain(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"no validator":  &version{data: content(1000), cut: []int{500}},
		"a weak one":    &version{data: content(1000), tag: `W/"one"`, cut: []int{500}},
		"one too young": &version{data: content(1000), modified: time.Now().Add(time.Hour), cut: []int{500}},
		"no ranges": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Accept-Ranges", "none")
			(&version{data: content(1000), tag: `"one"`, cut: []int{500}}).ServeHTTP(w, r)
		}),
	} {
		r := serve(t, h)
		if name == "no ranges" { // net/http's own says otherwise
			r.Transport = noRanges{r.Transport}
		}
		got, err := fetch(r)
		if len(got) != 500 || !errors.Is(err, ErrBroken) || len(r.Report.(*heard).pauses) > 0 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

type noRanges struct{ http.RoundTripper }

func (n noRanges) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := n.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Header.Set("Accept-Ranges", "none")
	}
	return resp, err
}

func TestAStreamCantBeginAnew(t *testing.T) {
	v := &version{data: content(1000), tag: `"one"`, cut: []int{500}}
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.ServeHTTP(w, r)
	}))
	h := &changing{heard: heard{}, change: func() { v.tag = `"two"` }}
	r.Report = h
	if got, err := fetch(r); len(got) != 500 || !errors.Is(err, ErrNoResume) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// changing changes the file while a download waits.
type changing struct {
	heard
	change func()
}

func (c *changing) Pause(d time.Duration) <-chan time.Time {
	c.change()
	return c.heard.Pause(d)
}

func TestAPartThatNobodyAskedForIsRefused(t *testing.T) {
	f := &roundTrips{answers: map[string]string{"https://a.example/": "206 Partial Content\nContent-Range: bytes 0-3/8\n\nhalf"}}
	var status *StatusError
	if got, err := fetch(Request{URL: parse(t, "https://a.example/"), Transport: f, Report: &heard{}}); got != "" || !errors.As(err, &status) || status.Code != 206 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestContentRanges(t *testing.T) {
	for s, want := range map[string][2]int64{
		"bytes 0-0/1": {0, 1}, "bytes 5-9/10": {5, 10}, "bytes 5-9/*": {5, -1},
	} {
		if first, all, ok := parseContentRange(s); !ok || [2]int64{first, all} != want {
			t.Errorf("%s: %d, %d, %v", s, first, all, ok)
		}
	}
	for _, s := range []string{"", "bytes", "bytes */10", "bytes 5-4/10", "bytes 5-10/10", "bytes 5-9/", "bytes -9/10", "items 5-9/10", "bytes +5-9/10", "bytes 5-9/99999999999999999999"} {
		if first, all, ok := parseContentRange(s); ok {
			t.Errorf("%q: %d, %d", s, first, all)
		}
	}
}

func FuzzContentRange(f *testing.F) {
	f.Add("bytes 5-9/10")
	f.Add("bytes 0-0/*")
	f.Fuzz(func(t *testing.T, s string) {
		if first, all, ok := parseContentRange(s); ok && (first < 0 || all >= 0 && first >= all) {
			t.Errorf("%q: %d of %d", s, first, all)
		}
	})
}
