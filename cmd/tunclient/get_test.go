package main

import (
	"bytes"
	"strings"
	"testing"

	"smoltls/tlssock"
)

// answer is a server that answers the first request with the given bytes and ends.
func answer(response string) func(*tlssock.Socket) bool {
	var request bytes.Buffer
	rest := []byte(nil)
	return func(s *tlssock.Socket) bool {
		for rest == nil {
			p, err := s.Peek()
			if err != nil {
				return false
			}
			request.Write(p)
			s.Discard(len(p))
			if strings.HasSuffix(request.String(), "\r\n\r\n") {
				if !strings.HasPrefix(request.String(), "GET /file HTTP/1.1\r\nHost: peer\r\n") {
					return true
				}
				rest = []byte(response)
			}
		}
		n, _ := s.TryWrite(rest)
		rest = rest[n:]
		return len(rest) == 0
	}
}

func TestGetWritesTheBodyHoweverItIsFramed(t *testing.T) {
	big := strings.Repeat("0123456789", 100_000)
	for name, c := range map[string]struct{ response, body, fails string }{
		"length":    {"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + big, big, ""},
		"chunked":   {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello", ""},
		"to close":  {"HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end", ""},
		"not found": {"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", "gone", "404"},
		"cut short": {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "short", "body"},
		"nonsense":  {"not HTTP at all\r\n\r\n", "", "no HTTP answer"},
	} {
		p := newPeer(t, answer(c.response))
		out, _, err := p.run(t, "", "-server-cert", p.id.Cert, "-name", "peer", "-get", "/file", "192.0.2.2:443")
		if out != c.body {
			t.Errorf("%s: %d bytes, want %d", name, len(out), len(c.body))
		}
		if c.fails == "" && err != nil || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
