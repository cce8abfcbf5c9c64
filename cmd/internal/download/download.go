package download

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Request says what to fetch, and how far to go for it.
type Request struct {
	URL *url.URL // as [Normalize] gives it
	// Header is sent along. It goes to URL's own origin (scheme, host and port) and to nobody that a redirect leads to,
	// as the user information in URL does.
	Header    http.Header
	Transport http.RoundTripper // must not decode bodies (http.Transport.DisableCompression)
	To        Sink              // what it was given stays there when the download fails
	Report    Reporter

	Retries   int           // attempts in a row that bring nothing more, after a first one that did; 0: none
	Stall     time.Duration // silence of the server that counts as a broken connection; 0: any
	Downgrade bool          // follow redirects from https to http, which is told; otherwise they are an error
}

// Reporter hears how it goes. All calls come from the goroutine of [Run].
type Reporter interface {
	Tell(line string)                       // what the user should know
	Begin(have, all int64)                  // bytes come, after those that are there; all is negative when nobody knows
	Add(n int)                              // so many more
	Pause(d time.Duration) <-chan time.Time // what is waited for before another attempt: time.After, or a test's
}

// Why a download ended before its end. errors.Is finds them.
var (
	ErrBroken   = errors.New("the connection broke")
	ErrStalled  = errors.New("the server sends nothing any more")
	ErrLength   = errors.New("the server sends more than it said")
	ErrNoResume = errors.New("the server gives nothing to resume by")
)

// StatusError is an answer that is neither what was asked for nor the way to it.
type StatusError struct {
	URL    string // without a password
	Code   int
	Status string // "404 Not Found"
}

// Error names the status.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: the server answers %s", e.URL, e.Status)
}

// pauses between attempts: the first, and at most.
const (
	firstPause = time.Second
	maxPause   = 30 * time.Second
)

// download is a Request under way.
type download struct {
	Request
	began    bool  // a body has come in this run
	afresh   bool  // do not ask for the rest: what is there does not fit
	furthest int64 // how much was there at most
}

// Run fetches what r asks for, and completes r.To. Errors: ctx's cause, *StatusError, those of the transport and of the
// sink, and those of this package.
func Run(ctx context.Context, r Request) error {
	d := &download{Request: r}
	_, d.furthest = r.To.Kept()
	for failures := 0; ; {
		err := d.attempt(ctx)
		if err == nil {
			return r.To.Complete()
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !d.worthAnother(err) {
			return err
		}
		if _, have := r.To.Kept(); have > d.furthest {
			d.furthest, failures = have, 0
		}
		if failures++; failures > r.Retries {
			return err
		}
		pause := min(firstPause<<min(failures-1, 16), maxPause)
		r.Report.Tell(fmt.Sprintf("%v; trying again in %v", err, pause))
		select {
		case <-r.Report.Pause(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// worthAnother reports whether another attempt may go on where this one ended.
func (d *download) worthAnother(err error) bool {
	rep, _ := d.To.Kept()
	return d.began && errors.Is(err, ErrBroken) && rep.condition() != ""
}

// attempt asks once, or once more if what is there does not fit, and takes what comes.
func (d *download) attempt(ctx context.Context) error {
	for {
		err := d.ask(ctx)
		if !errors.Is(err, errAfresh) || d.afresh {
			return err
		}
		d.afresh = true
	}
}

// ask sends one request, with those that redirects lead to, and takes the answer.
func (d *download) ask(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	rep, have := d.To.Kept()
	resp, err := d.follow(ctx, d.rangeFor(rep, have))
	if err != nil {
		return err
	}
	body := newWatched(resp.Body, d.Stall, func() { cancel(ErrStalled) })
	defer resp.Body.Close()
	all := int64(-1)
	switch resp.StatusCode {
	case http.StatusOK:
		now := describe(d.URL, resp)
		if have > 0 {
			d.Report.Tell(d.whyAfresh(rep))
		}
		if err := d.To.Start(now); err != nil {
			return err
		}
		have, all = 0, now.Length
	case http.StatusPartialContent:
		if all, err = continues(resp, rep, have); err != nil {
			return err
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if have == 0 || d.afresh {
			return statusOf(resp)
		}
		return isAll(resp, rep, have)
	default:
		return statusOf(resp)
	}
	d.began, d.afresh = true, false
	d.Report.Begin(have, all)
	if err := d.take(body, have, all); err != nil {
		if context.Cause(ctx) == ErrStalled {
			return fmt.Errorf("%w: %w for %v", ErrBroken, ErrStalled, d.Stall)
		}
		return err
	}
	return nil
}

// chunk is how much is read at a time.
const chunk = 64 << 10

// take gives the sink what comes. A body that ends before all of it is there has broken off.
func (d *download) take(body io.Reader, have, all int64) error {
	buf := make([]byte, chunk)
	for {
		n, err := body.Read(buf)
		if all >= 0 && have+int64(n) > all {
			return fmt.Errorf("%w: %d bytes", ErrLength, all)
		}
		if n > 0 {
			m, err := d.To.Write(buf[:n])
			have += int64(m)
			d.Report.Add(m)
			if err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF && have < all:
			return fmt.Errorf("%w after %d of %d bytes", ErrBroken, have, all)
		case err == io.EOF:
			return nil
		case err != nil && all >= 0:
			return fmt.Errorf("%w after %d of %d bytes: %w", ErrBroken, have, all, err)
		case err != nil:
			return fmt.Errorf("%w after %d bytes: %w", ErrBroken, have, err)
		}
	}
}

func statusOf(resp *http.Response) error {
	return &StatusError{resp.Request.URL.Redacted(), resp.StatusCode, resp.Status}
}
