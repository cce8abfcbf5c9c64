package simnet

import (
	"errors"
	"strings"
	"testing"
	"time"

	"smoltls/tcp"
)

// Both kinds of socket look alike to an endpoint: what is written without a copy is read without one.
func TestSocketsOfBothKindsAreConns(t *testing.T) {
	for _, overTLS := range []bool{false, true} {
		p, err := newPairLab(1, pairConfig{})
		if err != nil {
			t.Fatal(err)
		}
		wait := Step{Pause: time.Hour}
		f, err := p.begin(overTLS, server4, nil, Script{wait}, Script{wait})
		if err != nil {
			t.Fatal(err)
		}
		c := f.Client.conn
		if c.open() {
			t.Errorf("TLS %v: open before anything was sent", overTLS)
		}
		if err := p.Run(time.Minute, func() bool { return f.Server.begun }); err != nil {
			t.Fatal(err)
		}
		s := f.Server.conn
		if !c.open() || !s.open() || !strings.Contains(c.tell(), "ESTABLISHED") {
			t.Errorf("TLS %v: client %s, server %s", overTLS, c.tell(), s.tell())
		}
		if _, err := s.peek(); !errors.Is(err, tcp.ErrWouldBlock) {
			t.Errorf("TLS %v: peek without data: %v", overTLS, err)
		}
		b, err := c.reserve(5)
		if err != nil || len(b) < 5 {
			t.Fatalf("TLS %v: %d bytes reserved, %v", overTLS, len(b), err)
		}
		copy(b, "hello")
		if err := c.Commit(5); err != nil {
			t.Fatal(err)
		}
		if err := p.Run(time.Minute, func() bool { b, _ := s.peek(); return len(b) > 0 }); err != nil {
			t.Fatal(err)
		}
		s.discard(2)
		if b, err := s.peek(); string(b) != "llo" || err != nil {
			t.Errorf("TLS %v: peeked %q, %v", overTLS, b, err)
		}
		c.Abort()
		if _, err := c.reserve(5); !errors.Is(err, tcp.ErrAborted) {
			t.Errorf("TLS %v: reserve after an abort: %v", overTLS, err)
		}
	}
}
