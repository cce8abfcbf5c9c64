package tcp

import (
	"errors"
	"testing"
	"time"
)

func TestHardErrorEndsTheAttemptToConnect(t *testing.T) { // RFC 5461 §2.1, RFC 5927 §5.2
	for _, err := range []error{ErrRefused, ErrUnreachable} {
		s := newScript(t, nil).active().run("> S 0(0)")
		s.sock.Unreached(err, true)
		if s.sock.State() != StateClosed || s.sock.Err() != err {
			t.Fatalf("%v %v", s.sock.State(), s.sock.Err())
		}
	}
	s := newScript(t, nil).passive("mss 1000").run("> S. 0(0) ack 1")
	s.sock.Unreached(ErrUnreachable, true)
	if s.sock.State() != StateClosed || len(s.listener.half) != 0 {
		t.Fatal(s.sock.State())
	}
}

func TestICMPErrorsEndNoConnectionThatStands(t *testing.T) { // RFC 1122 §4.2.3.9, RFC 5927 §5.2
	s := newScript(t, nil).established().run(`
		write 10
		> P. 1(10)`)
	s.sock.Unreached(ErrRefused, true)
	s.sock.Unreached(ErrUnreachable, false)
	s.run(`
		state ESTABLISHED
		+ 1s
		> P. 1(10)
		< . 1(0) ack 11
		write 10
		> P. 11(10)`)
	s.now = s.now.Add(10 * time.Minute)
	s.sock.Expire(s.now)
	if err := s.sock.Err(); err != ErrUserTimeout { // it was heard again, and that is no router's word
		t.Fatal(err)
	}
}

func TestSilenceAfterAnICMPErrorSaysWhy(t *testing.T) {
	connecting := newScript(t, nil).active().run("> S 0(0)")
	standing := newScript(t, nil).established().run(`
		write 10
		> P. 1(10)`)
	for _, s := range []*script{connecting, standing} {
		s.sock.Unreached(ErrUnreachable, false)
		s.now = s.now.Add(10 * time.Minute)
		s.sock.Expire(s.now)
		if err := s.sock.Err(); err != ErrNoWay || !errors.Is(err, ErrTimeout) || !errors.Is(err, ErrUnreachable) || errors.Is(ErrTimeout, ErrUnreachable) {
			t.Fatal(err)
		}
	}
}
