package tcp

import (
	"errors"
	"testing"
	"time"
)

func TestUserTimeoutEndsAConnectionWhosePeerAcknowledgesNothing(t *testing.T) { // RFC 5482, RFC 9293 §3.8.3
	s := newScript(t, &Config{UserTimeout: 2 * time.Second}).established().run(`
		write 10
		> P. 1(10)
		+ 200ms
		> P. 1(10)
		+ 400ms
		> P. 1(10)
		+ 800ms
		> P. 1(10)
		+ 599ms
		> -
		state ESTABLISHED
		+ 1ms
		> -
		state CLOSED
		err user timeout`)
	if !errors.Is(s.sock.Err(), ErrUserTimeout) || !errors.Is(s.sock.Err(), ErrTimeout) {
		t.Fatal(s.sock.Err())
	}
}

func TestUserTimeoutStartsAnewWithEveryProgress(t *testing.T) {
	newScript(t, &Config{UserTimeout: time.Second}).established().run(`
		write 2000
		> . 1(1000)
		> P. 1001(1000)
		+ 200ms
		> . 1(1000)
		+ 400ms
		> . 1(1000)
		< . 1(0) ack 1001
		> P. 1001(1000)
		+ 900ms
		state ESTABLISHED`)
}

func TestUserTimeoutDoesNotCountWhileNothingIsOwed(t *testing.T) {
	newScript(t, &Config{UserTimeout: time.Second}).established().run(`
		+ 10h
		write 10
		> P. 1(10)
		+ 900ms
		state ESTABLISHED`)
}

func TestAnOrphanBehindAClosedWindowEnds(t *testing.T) { // MUST-37 speaks of a connection that somebody has
	for _, cfg := range []*Config{nil, {UserTimeout: -1}} {
		s := newScript(t, cfg).established().run(`
			< . 1(0) ack 1 win 0
			write 10
			close
			> -`)
		for range 20 {
			s.advance(60e9)
			if s.drain() > 0 {
				s.run("< . 1(0) ack 1 win 0")
			}
		}
		s.run("state CLOSED")
		if !errors.Is(s.sock.Err(), ErrUserTimeout) || s.env.Pool.Out() != 0 {
			t.Fatal(s.sock.Err())
		}
	}
}
