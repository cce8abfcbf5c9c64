package tcp

import (
	"testing"
	"unsafe"
)

func TestAnIdleConnectionForgetsWhatItSentAfterATimeoutOfSilence(t *testing.T) { // RFC 5681 §4.1
	s := newScript(t, nil).sacking().run("write 10000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 10001`)
	if s.sock.tx == nil || s.sock.cwnd != 20000 {
		t.Fatalf("cwnd %d", s.sock.cwnd)
	}
	s.run("+ 249ms")
	if s.sock.tx == nil {
		t.Fatal("too early")
	}
	s.run("+ 10ms")
	if s.sock.tx != nil || s.sock.cwnd != 10000 || s.sock.Deadline() != Never {
		t.Fatalf("cwnd %d", s.sock.cwnd)
	}
	s.run(`
		write 1000
		> P. 10001(1000)` + "\n")
}

func TestSendersAreUsedAgain(t *testing.T) {
	var e Env
	tx := e.getSender()
	tx.push(run{from: 1, to: 2})
	tx.probing = true
	e.putSender(tx)
	again := e.getSender()
	if again != tx || len(again.runs()) != 0 || again.probing || again.rtoAt != Never {
		t.Fatalf("%+v", again)
	}
	for range 2 * maxFreeSenders {
		e.putSender(&sender{})
	}
	if len(e.freeSenders) > maxFreeSenders {
		t.Fatal(len(e.freeSenders))
	}
	big := &sender{flight: flight{buf: make([]run, 0, maxKeptRuns+1)}}
	big.reset()
	if cap(big.buf) != 0 {
		t.Fatal("a lot of memory is kept")
	}
}

func TestASenderIsNoLargerThanItHasToBe(t *testing.T) {
	if n := unsafe.Sizeof(sender{}); n > 1024 {
		t.Fatal(n)
	}
}

func TestAClosedConnectionHoldsNoSender(t *testing.T) {
	s := newScript(t, nil).sacking().run("write 10000")
	s.drain()
	s.run("abort")
	if s.sock.tx != nil || len(s.env.freeSenders) != 1 {
		t.Fatal("held")
	}
}
