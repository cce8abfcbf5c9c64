package tcp

import (
	"testing"
)

func TestAWriterWhomThePoolRefusedIsToldToTryAgain(t *testing.T) {
	s := newScript(t, nil).established()
	hold := s.env.Pool.Get(s.env.Pool.Limit())
	if n, err := s.sock.TryWrite([]byte{1}); n != 0 || err != ErrWouldBlock {
		t.Fatal(n, err)
	}
	if s.sock.AvailableBuffer(10) != nil {
		t.Fatal("space out of nothing")
	}
	s.run("> -")
	before := s.sock.notified
	s.run("+ 19ms")
	if s.sock.notified != before {
		t.Fatal("told too early")
	}
	s.run("+ 1ms")
	if s.sock.notified == before {
		t.Fatal("not told")
	}
	s.env.Pool.Put(hold)
	s.run(`
		> -
		write 1
		> P. 1(1)`)
	if s.env.Stats.WriteNoMemory != 2 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestTheWaitForMemoryLeavesDelayedACKsInPeace(t *testing.T) {
	s := newScript(t, nil).established().run("< P. 1(10) ack 1")
	hold := s.env.Pool.Get(s.env.Pool.Limit() - s.env.Pool.Out())
	s.sock.TryWrite([]byte{1})
	s.run(`
		> -
		+ 20ms
		> . 1(0) ack 11             # not later than it should
		+ 1h
		> -`)
	s.env.Pool.Put(hold)
}

func TestMemoryIsHeldOnlyWhileThereAreBytes(t *testing.T) {
	s := newScript(t, nil).established().run(`
		write 100
		> P. 1(100)
		< P. 1(100) ack 1`)
	if out := s.env.Pool.Out(); out != 512 {
		t.Fatalf("%d bytes held for 200", out)
	}
	s.run(`
		< . 101(0) ack 101
		read 100`)
	if out := s.env.Pool.Out(); out != 0 {
		t.Fatalf("%d bytes held for none", out)
	}
}
