package tcp

import (
	"errors"
	"testing"
	"time"
)

func TestWhatIsNotAcknowledgedWithinTheLingerTimeIsGivenUp(t *testing.T) {
	s := newScript(t, &Config{Linger: 500 * time.Millisecond, KeepAlive: 10 * time.Millisecond}).established().run(`
		write 1500
		close
		> . 1(1000)
		> FP. 1001(500)
		+ 100ms
		< . 1(0) ack 1001
		+ 399ms
		state FIN-WAIT-1
		+ 1ms
		state CLOSED`)
	if !errors.Is(s.sock.Err(), ErrLinger) || !errors.Is(s.sock.Err(), ErrTimeout) {
		t.Fatal(s.sock.Err())
	}
	for s.drain() > 0 {
	}
	if s.env.Stats.ResetsOut != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestTheLingerTimeEndsWithTheAcknowledgement(t *testing.T) {
	newScript(t, &Config{Linger: 500 * time.Millisecond, FinWait: time.Minute}).established().run(`
		write 100
		close
		> FP. 1(100)
		+ 100ms
		< . 1(0) ack 102
		+ 59s
		state FIN-WAIT-2
		+ 2s
		state CLOSED
		err none`)
	newScript(t, &Config{Linger: 500 * time.Millisecond, TimeWait: time.Minute}).established().run(`
		write 100
		close
		> FP. 1(100)
		< F. 1(0) ack 1
		> . 102(0) ack 2
		state CLOSING
		< . 2(0) ack 102
		+ 59s
		state TIME-WAIT`)
}

func TestANegativeLingerTimeMakesCloseReset(t *testing.T) {
	newScript(t, &Config{Linger: -1}).established().run(`
		write 100
		close
		> R. 1(0)
		> -
		state CLOSED
		err none`)
}
