package download

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Representation is what a server answered with (RFC 9110 §3.2), as far as it can be known again by it.
type Representation struct {
	URL          string `json:"url"`                    // that was asked for, without user and fragment
	ETag         string `json:"etag,omitempty"`         // a strong one
	LastModified string `json:"lastModified,omitempty"` // if it may stand for a strong one
	Length       int64  `json:"length"`                 // in bytes; negative: not known
}

// errAfresh says that what is there and what came do not fit.
var errAfresh = errors.New("what is there is not the beginning of what the server has")

// describe gives the representation that a whole answer is of. Only validators are kept by which two can be told apart
// byte for byte: no weak entity tag, and no date so close to the answer's own that the file may have changed again
// within it (RFC 9110 §8.8.2.2).
func describe(asked *url.URL, resp *http.Response) Representation {
	rep := Representation{URL: plain(asked), Length: resp.ContentLength}
	if resp.Header.Get("Accept-Ranges") == "none" {
		return rep
	}
	if tag := resp.Header.Get("ETag"); strings.HasPrefix(tag, `"`) {
		rep.ETag = tag
	}
	modified, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	date, err2 := http.ParseTime(resp.Header.Get("Date"))
	if err == nil && err2 == nil && date.Sub(modified) >= time.Second {
		rep.LastModified = resp.Header.Get("Last-Modified")
	}
	return rep
}

// plain is a URL as it may be kept in a file.
func plain(u *url.URL) string {
	p := *u
	p.User, p.Fragment, p.RawFragment = nil, "", ""
	return p.String()
}

// condition is what If-Range says (RFC 9110 §13.1.5); empty: the rest can't be asked for.
func (r Representation) condition() string {
	if r.ETag != "" {
		return r.ETag
	}
	return r.LastModified
}

// rangeFor gives the headers that ask for what comes after have bytes of rep; none: for all of it.
func (d *download) rangeFor(rep Representation, have int64) http.Header {
	if have == 0 || d.afresh || rep.URL != plain(d.URL) || rep.condition() == "" {
		return nil
	}
	return http.Header{"Range": {fmt.Sprintf("bytes=%d-", have)}, "If-Range": {rep.condition()}}
}

// whyAfresh says why what is there of rep was of no use.
func (d *download) whyAfresh(rep Representation) string {
	switch {
	case rep.URL != plain(d.URL):
		return fmt.Sprintf("what is there came from %s: beginning anew", rep.URL)
	case rep.condition() == "":
		return "the server gave nothing to resume by: beginning anew"
	}
	return "it has changed on the server, or the server sends nothing but all of it: beginning anew"
}

// continues says whether a partial answer is what comes after have bytes of rep, and how long all of it is; negative:
// not known.
func continues(resp *http.Response, rep Representation, have int64) (all int64, err error) {
	from, all, ok := parseContentRange(resp.Header.Get("Content-Range"))
	tag := resp.Header.Get("ETag")
	switch {
	case have == 0:
		return 0, statusOf(resp) // it was not asked for a part
	case !ok || from != have,
		all >= 0 && rep.Length >= 0 && all != rep.Length,
		tag != "" && rep.ETag != "" && tag != rep.ETag:
		return 0, fmt.Errorf("%s: %w", resp.Request.URL.Redacted(), errAfresh)
	case all < 0:
		all = rep.Length
	}
	return all, nil
}

// isAll says whether have bytes are all of rep, when the server says that nothing comes after them (RFC 9110 §15.5.17).
func isAll(resp *http.Response, rep Representation, have int64) error {
	length, ok := strings.CutPrefix(resp.Header.Get("Content-Range"), "bytes */")
	if all, err := strconv.ParseInt(length, 10, 64); ok && err == nil && all == have && (rep.Length < 0 || rep.Length == all) {
		return nil
	}
	return fmt.Errorf("%s: %w", resp.Request.URL.Redacted(), errAfresh)
}

// parseContentRange reads "bytes FIRST-LAST/ALL" (RFC 9110 §14.4); all is negative where it says "*".
func parseContentRange(s string) (first, all int64, ok bool) {
	s, ok = strings.CutPrefix(s, "bytes ")
	span, length, ok2 := strings.Cut(s, "/")
	a, b, ok3 := strings.Cut(span, "-")
	first, ok4 := number(a)
	last, ok5 := number(b)
	all, ok6 := number(length)
	if length == "*" {
		all, ok6 = -1, true
	}
	if !ok || !ok2 || !ok3 || !ok4 || !ok5 || !ok6 || last < first || all >= 0 && last >= all {
		return 0, 0, false
	}
	return first, all, true
}

// number reads digits and nothing else.
func number(s string) (int64, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
