package download

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// MaxRedirects is how many redirects are followed for one answer.
const MaxRedirects = 20

// What is wrong with a redirect. errors.Is finds them.
var (
	ErrRedirects = fmt.Errorf("more than %d redirects", MaxRedirects)
	ErrLoop      = errors.New("the redirects go round in a circle")
	ErrDowngrade = errors.New("a redirect from https to http: what comes would no longer be protected")
)

// follow asks for d.URL, with these headers more, and where redirects lead from there (RFC 9110 §15.4). The answer is
// no redirect.
func (d *download) follow(ctx context.Context, more http.Header) (*http.Response, error) {
	been := map[string]bool{}
	u := d.URL
	for range MaxRedirects + 1 {
		been[place(u)] = true
		resp, err := d.send(ctx, u, more)
		if err != nil {
			return nil, err
		}
		next, err := whereTo(resp)
		if err != nil || next == nil {
			return resp, err
		}
		resp.Body.Close()
		if err := d.permits(u, next); err != nil {
			return nil, err
		}
		if been[place(next)] {
			return nil, fmt.Errorf("%s leads to %s: %w", u.Redacted(), next.Redacted(), ErrLoop)
		}
		u = next
	}
	return nil, fmt.Errorf("%s: %w", d.URL.Redacted(), ErrRedirects)
}

// send sends one request. An error names the URL, and counts as a broken connection.
func (d *download) send(ctx context.Context, u *url.URL, more http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "tunclient")
	req.Header.Set("Accept", "*/*")
	user := u.User
	if origin(u) == origin(d.URL) { // RFC 9110 §15.4: credentials are not for whom a redirect names
		for name, values := range d.Header {
			req.Header[name] = values
		}
		if user == nil {
			user = d.URL.User
		}
	}
	if user != nil && req.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	for name, values := range more {
		req.Header[name] = values
	}
	resp, err := d.Transport.RoundTrip(req)
	if err != nil {
		return nil, &sendError{u.Redacted(), err}
	}
	return resp, nil
}

// sendError is a request without an answer.
type sendError struct {
	url string
	err error
}

func (e *sendError) Error() string   { return e.url + ": " + e.err.Error() }
func (e *sendError) Unwrap() []error { return []error{e.err, ErrBroken} }

// whereTo gives the URL that an answer redirects to; nil: it is no redirect.
func whereTo(resp *http.Response) (*url.URL, error) {
	location := resp.Header.Get("Location")
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	if location == "" {
		return nil, nil
	}
	next, err := resp.Request.URL.Parse(location)
	if err == nil {
		next, err = Normalize(next)
	}
	if err != nil {
		resp.Body.Close()
		return nil, fmt.Errorf("%s redirects to where nothing can be fetched from: %w", resp.Request.URL.Redacted(), err)
	}
	return next, nil
}

// permits says whether a redirect may be followed.
func (d *download) permits(from, to *url.URL) error {
	if from.Scheme != "https" || to.Scheme != "http" {
		return nil
	}
	if !d.Downgrade {
		return fmt.Errorf("%s leads to %s: %w", from.Redacted(), to.Redacted(), ErrDowngrade)
	}
	d.Report.Tell(fmt.Sprintf("WARNING: %s leads to %s: from here on nothing is protected", from.Redacted(), to.Redacted()))
	return nil
}

// origin is who is asked (RFC 6454 §4). u is normalized.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(u.Hostname(), port)
}

// place is what a URL names: without the fragment, which the server never sees, and without the user.
func place(u *url.URL) string {
	return origin(u) + u.RequestURI()
}
