package tunserver

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"smoltls/tlssock"
)

// maxRequest bounds a request's head in bytes.
const maxRequest = 16 << 10

// maxBytes bounds what /bytes/N gives: 1 TiB.
const maxBytes = 1 << 40

// httpService answers HTTP/1.1 and 1.0: GET / with a page about the connection, GET /bytes/N with N bytes of the
// pattern. net/http parses the request; requests may follow each other on one connection.
type httpService struct {
	remote netip.AddrPort
	in     []byte // what has come of the next request's head
	out    outbox
	body   int64 // bytes of the pattern still to send after out
	sent   int64 // and how many were sent
	last   bool  // the connection ends after this answer
	keep   bool  // the answer says that it does not: an HTTP/1.0 client must be told
}

func (h *httpService) step(s *tlssock.Socket) bool {
	for {
		if over, wait := h.answer(s); over || wait {
			return over
		}
		if h.last {
			if !s.Engine().HandshakeComplete() { // the client may not even be there
				return false
			}
			s.Close()
			return true
		}
		if over, wait := h.request(s); over || wait {
			return over
		}
	}
}

// answer sends what is to be sent; wait: not all of it could be.
func (h *httpService) answer(s *tlssock.Socket) (over, wait bool) {
	if err := h.out.send(s); err != nil {
		return !blocked(err), true
	}
	for h.body > 0 {
		p := pattern(h.sent)
		n, err := give(s, p[:min(int64(len(p)), h.body)])
		h.sent, h.body = h.sent+int64(n), h.body-int64(n)
		if err != nil {
			return !blocked(err), true
		}
	}
	return false, false
}

// request reads until a request's head is whole, and prepares its answer; wait: it is not whole yet.
func (h *httpService) request(s *tlssock.Socket) (over, wait bool) {
	for {
		if end := bytes.Index(h.in, []byte("\r\n\r\n")); end >= 0 {
			head := h.in[:end+4]
			h.in = h.in[end+4:]
			h.respond(head, s.ConnectionState())
			return false, false
		}
		if len(h.in) > maxRequest {
			h.fail(http.StatusRequestHeaderFieldsTooLarge)
			return false, false
		}
		var err error
		if h.in, err = take(s, h.in); err != nil {
			return !blocked(err), true
		}
	}
}

func (h *httpService) respond(head []byte, cs tlssock.ConnectionState) {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(head)))
	switch {
	case err != nil:
		h.fail(http.StatusBadRequest)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.fail(http.StatusMethodNotAllowed)
		return
	case r.ContentLength != 0 || len(r.TransferEncoding) > 0:
		h.fail(http.StatusRequestEntityTooLarge) // a GET's body would be taken for the next request
		return
	}
	h.last, h.keep = r.Close, !r.Close && !r.ProtoAtLeast(1, 1)
	get := r.Method == http.MethodGet
	if r.URL.Path == "/" {
		page := factsPage(h.remote, cs)
		h.head(http.StatusOK, "text/html; charset=utf-8", int64(len(page)))
		if get {
			h.out.Write([]byte(page))
		}
		return
	}
	if n, ok := strings.CutPrefix(r.URL.Path, "/bytes/"); ok {
		if n, err := strconv.ParseInt(n, 10, 64); err == nil && n >= 0 && n <= maxBytes {
			h.head(http.StatusOK, "application/octet-stream", n)
			if get {
				h.body, h.sent = n, 0
			}
			return
		}
	}
	text := "not found: there is / and /bytes/N\n"
	h.head(http.StatusNotFound, "text/plain; charset=utf-8", int64(len(text)))
	if get {
		h.out.Write([]byte(text))
	}
}

// fail answers a request that can't be served, and ends the connection after it.
func (h *httpService) fail(status int) {
	h.last = true
	text := http.StatusText(status) + "\n"
	h.head(status, "text/plain; charset=utf-8", int64(len(text)))
	h.out.Write([]byte(text))
}

func (h *httpService) head(status int, contentType string, length int64) {
	fmt.Fprintf(&h.out, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n", status, http.StatusText(status), contentType, length)
	switch {
	case h.last:
		fmt.Fprint(&h.out, "Connection: close\r\n")
	case h.keep: // RFC 9112 §9.3, §C.2.2: or the client waits for the end of the connection
		fmt.Fprint(&h.out, "Connection: keep-alive\r\n")
	}
	fmt.Fprint(&h.out, "\r\n")
}

// factsPage is what GET / gives.
func factsPage(remote netip.AddrPort, cs tlssock.ConnectionState) string {
	var b strings.Builder
	b.WriteString("<!doctype html><title>smoltls</title><h1>This connection</h1>\n<table>\n")
	for _, f := range append([]fact{{"peer", remote.String()}}, connectionFacts(cs)...) {
		fmt.Fprintf(&b, "<tr><th>%s</th><td>%s</td></tr>\n", html.EscapeString(f.name), html.EscapeString(f.value))
	}
	b.WriteString("</table>\n")
	return b.String()
}
