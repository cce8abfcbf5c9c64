package tcp

import (
	"errors"
	"testing"
	"time"
)

func TestKeepAliveIsOffUnlessItIsAskedFor(t *testing.T) { // RFC 9293 §3.8.4 (MUST-24, MUST-25)
	s := newScript(t, nil).established().run(`
		+ 1000h
		> -`)
	if s.sock.Deadline() != Never {
		t.Fatal("an idle connection has a timer")
	}
}

func TestKeepAliveProbesASilentPeer(t *testing.T) {
	s := newScript(t, &Config{KeepAlive: 2 * time.Hour}).established().run(`
		+ 1h
		< P. 1(10) ack 1            # a sign of life
		read 10
		+ 40ms
		> . 1(0) ack 11
		+ 1h59m
		> -
		+ 1m
		> . 0(0) ack 11             # a number before what is awaited, so that it must be answered
		> -
		< . 11(0) ack 1
		+ 2h
		> . 0(0) ack 11
		state ESTABLISHED`)
	if s.env.Stats.KeepAliveProbes != 2 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestKeepAliveEndsADeadConnection(t *testing.T) {
	s := newScript(t, &Config{KeepAlive: time.Hour, KeepAliveInterval: time.Minute, KeepAliveCount: 2}).established().run(`
		+ 1h
		> . 0(0)
		+ 1m
		> . 0(0)
		+ 1m
		> R. 1(0) ack 1             # it may be there, and would have half a connection (RFC 9293 §3.5.1)
		> -
		state CLOSED
		err keep-alive`)
	if !errors.Is(s.sock.Err(), ErrKeepAlive) {
		t.Fatal(s.sock.Err())
	}
}

func TestWhatADeadPeerHadSentCanStillBeRead(t *testing.T) {
	newScript(t, &Config{KeepAlive: time.Hour, KeepAliveInterval: time.Minute, KeepAliveCount: 1}).established().run(`
		< P. 1(10) ack 1
		+ 40ms
		> . 1(0) ack 11
		+ 1h
		> . 0(0)
		+ 1m
		> R. 1(0) ack 11
		state CLOSED
		read 10
		err keep-alive`)
}

func TestKeepAliveLeavesItToOtherTimersToAskForAnACK(t *testing.T) { // RFC 9293 §3.8.4 (MUST-26)
	for ack, last := range map[string]string{"": "1001", "< . 1(0) ack 1 win 0": "2 win 0"} {
		s := newScript(t, &Config{KeepAlive: 2 * time.Second, KeepAliveInterval: time.Second, KeepAliveCount: 3}).established().run(ack + "\nwrite 1000")
		for range 10_000 {
			s.drain()
			s.advance(10 * time.Millisecond)
		}
		if s.run("state ESTABLISHED"); s.env.Stats.KeepAliveProbes != 0 {
			t.Fatalf("%+v", s.env.Stats)
		}
		s.drain()
		if s.run("< . 1(0) ack " + last + "\n+ 2s"); s.drain() != 1 || s.env.Stats.KeepAliveProbes+s.env.Stats.ZeroProbes == 0 {
			t.Fatalf("%+v", s.env.Stats)
		}
	}
}

func TestKeepAliveProbesAreAnswered(t *testing.T) {
	newScript(t, nil).established().run(`
		< . 0(0) ack 1
		> . 1(0) ack 1
		< . 0(1) ack 1              # with a byte of rubbish, as old stacks send it
		> . 1(0) ack 1`)
}

func TestKeepAliveWatchesAHalfClosedConnection(t *testing.T) {
	newScript(t, &Config{KeepAlive: time.Hour, KeepAliveCount: 1}).established().run(`
		closewrite
		> F. 1(0)
		< . 1(0) ack 2
		state FIN-WAIT-2
		+ 1h
		> . 1(0)
		+ 75s
		state CLOSED
		err keep-alive`)
}
