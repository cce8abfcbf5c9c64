package download

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAttemptsThatBringNothingAreBounded(t *testing.T) {
	v := &version{data: content(1000), tag: `"one"`, cut: []int{100, 1, 0, 0, 0, 0, 0, 0}}
	r := serve(t, v)
	if got, err := fetch(r); len(got) != 101 || !errors.Is(err, ErrBroken) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	h := r.Report.(*heard)
	if want := []time.Duration{time.Second, time.Second, 2 * time.Second, 4 * time.Second}; !slices.Equal(h.pauses, want) {
		t.Errorf("%v, want %v", h.pauses, want)
	}
	for _, line := range h.lines {
		if !strings.Contains(line, "trying again in") {
			t.Errorf("%q", line)
		}
	}
}

func TestPausesGrowToABound(t *testing.T) {
	v := &version{data: content(10), tag: `"one"`, cut: make([]int, 100)}
	r := serve(t, v)
	r.Retries = 70
	fetch(r)
	if p := r.Report.(*heard).pauses; len(p) != 70 || slices.Max(p) != maxPause || slices.Min(p) != firstPause {
		t.Errorf("%d pauses: %v", len(p), p)
	}
}

func TestWhoNeverAnsweredIsNotAskedAgain(t *testing.T) {
	f := &roundTrips{}
	if _, err := fetch(Request{URL: parse(t, "https://user:secret@a.example/"), Transport: f, Report: &heard{}, Retries: 5}); err == nil || len(f.asked) != 1 ||
		!strings.HasPrefix(err.Error(), "https://user:xxxxx@a.example/: ") {
		t.Errorf("%d requests, %v", len(f.asked), err)
	}
}

func TestAnAnswerThatIsNoneOfThoseIsAnError(t *testing.T) {
	for _, status := range []string{"404 Not Found", "503 Service Unavailable", "204 No Content", "304 Not Modified", "416 Range Not Satisfiable"} {
		f := &roundTrips{answers: map[string]string{"https://a.example/": status + "\n\nwhat nobody wants in a file"}}
		var e *StatusError
		got, err := fetch(Request{URL: parse(t, "https://a.example/"), Transport: f, Report: &heard{}, Retries: 5})
		if got != "" || !errors.As(err, &e) || e.Status != status || len(f.asked) != 1 {
			t.Errorf("%s: %q, %v", status, got, err)
		}
	}
}

func TestASilentServerIsGone(t *testing.T) {
	silent := make(chan struct{})
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		w.Write([]byte("hello"))
		w.(http.Flusher).Flush()
		select {
		case <-silent:
		case <-r.Context().Done():
		}
	}))
	defer close(silent)
	r.Stall, r.Retries = 10*time.Millisecond, 0
	if got, err := fetch(r); got != "hello" || !errors.Is(err, ErrStalled) || !errors.Is(err, ErrBroken) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTheContextEndsADownloadAndWhatIsThereStays(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		w.Write([]byte("hello"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	name := filepath.Join(t.TempDir(), "file")
	f := create(t, name)
	r.To = &watchedSink{f, func() { cancel(why) }}
	if err := Run(ctx, r); err != why {
		t.Error(err)
	}
	f.Close()
	if rep, n := create(t, name).Kept(); n != 5 || rep.ETag != `"one"` {
		t.Errorf("%d bytes of %v", n, rep)
	}
}

// watchedSink says when something was written.
type watchedSink struct {
	Sink
	written func()
}

func (s *watchedSink) Write(p []byte) (int, error) {
	defer s.written()
	return s.Sink.Write(p)
}

func TestASinkThatFailsEndsTheDownload(t *testing.T) {
	full := errors.New("no space left")
	v := &version{data: content(100_000), tag: `"one"`}
	r := serve(t, v)
	r.To = NewStream(failingWriter{full})
	if err := Run(context.Background(), r); !errors.Is(err, full) || errors.Is(err, ErrBroken) || len(v.requests) != 1 {
		t.Errorf("%v, %d requests", err, len(v.requests))
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write(p []byte) (int, error) { return len(p) / 2, w.err }

func TestMoreThanWasSaidIsNotTaken(t *testing.T) {
	f := &roundTrips{answers: map[string]string{"https://a.example/": "206 Partial Content\nContent-Range: bytes 4-7/8\nETag: \"x\"\n\n5678 and more"}}
	r := Request{URL: parse(t, "https://a.example/"), Transport: f, Report: &heard{}}
	name := filepath.Join(t.TempDir(), "file")
	s := create(t, name)
	s.Start(Representation{URL: plain(r.URL), ETag: `"x"`, Length: 8})
	s.Write([]byte("1234"))
	s.Close()
	if whole, part, err := toFile(t, r, name); !errors.Is(err, ErrLength) || whole != nil || string(part) != "1234" {
		t.Errorf("%q, %q, %v", whole, part, err)
	}
}
