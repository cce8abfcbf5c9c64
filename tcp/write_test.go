package tcp

import (
	"testing"
)

func TestWriteTakesWhatFits(t *testing.T) {
	s := newScript(t, &Config{SendBuffer: 4096}).established()
	n, err := s.sock.TryWrite(make([]byte, 5000))
	if n != 4096 || err != ErrWouldBlock || s.sock.WriteBuffered() != 4096 || s.sock.Writable() {
		t.Fatal(n, err)
	}
	if n, err := s.sock.TryWrite(nil); n != 0 || err != nil {
		t.Fatal(n, err)
	}
}

// A program that tries again before each time that it sleeps must be able to sleep.
func TestAWriteThatTakesNothingWakesNobody(t *testing.T) {
	s := newScript(t, &Config{SendBuffer: 4096}).established()
	s.sock.TryWrite(make([]byte, 5000))
	if !s.sock.woken {
		t.Fatal("what was written wakes nobody")
	}
	s.drain()
	s.sock.woken = false
	if n, err := s.sock.TryWrite([]byte{1}); n != 0 || err != ErrWouldBlock || s.sock.woken {
		t.Fatal(n, err, s.sock.woken)
	}
}

func TestWriteBeforeTheConnectionIsOpenHasToWait(t *testing.T) {
	s := newScript(t, nil).active()
	if n, err := s.sock.TryWrite([]byte{1}); n != 0 || err != ErrWouldBlock {
		t.Fatal(n, err)
	}
	if _, err := newScript(t, nil).sock.TryWrite([]byte{1}); err != ErrNotOpen {
		t.Fatal(err)
	}
}

func TestWriteAfterAFailureSaysWhy(t *testing.T) {
	s := newScript(t, nil).established().run("< R 1(0)")
	if _, err := s.sock.TryWrite([]byte{1}); err != ErrReset {
		t.Fatal(err)
	}
	if err := s.sock.Commit(0); err != ErrReset {
		t.Fatal(err)
	}
}

func TestAvailableBufferAndCommit(t *testing.T) {
	s := newScript(t, &Config{SendBuffer: 4096}).established()
	b := s.sock.AvailableBuffer(3000)
	if len(b) != 0 || cap(b) < 3000 {
		t.Fatal(len(b), cap(b))
	}
	for i := range 600 {
		b = append(b, streamByte(i))
	}
	if err := s.sock.Commit(len(b)); err != nil {
		t.Fatal(err)
	}
	s.written = 600
	if err := s.sock.Commit(1); err != ErrNoBuffer {
		t.Fatalf("committed twice: %v", err)
	}
	s.sock.AvailableBuffer(10)
	if err := s.sock.Commit(5000); err != ErrNoBuffer {
		t.Fatal(err)
	}
	if s.sock.AvailableBuffer(4097) != nil {
		t.Fatal("more than the send buffer")
	}
	s.run("> P. 1(600)")
}

func TestAReservationIsNeverCut(t *testing.T) {
	s := newScript(t, &Config{SendBuffer: 4096}).established().run("write 4000")
	s.drain()
	s.run("< . 1(0) ack 3501")
	b := s.sock.AvailableBuffer(2000)
	if cap(b) < 2000 {
		t.Fatalf("%d bytes though 3500 are free at the front", cap(b))
	}
	b = b[:2000]
	for i := range b {
		b[i] = streamByte(4000 + i)
	}
	if err := s.sock.Commit(2000); err != nil {
		t.Fatal(err)
	}
	s.run(`
		> . 4001(1000)
		> P. 5001(1000)
		< . 1(0) ack 3501
		< . 1(0) ack 3501
		< . 1(0) ack 3501
		> . 3501(1000)              # across the end of the lap
		`)
}

func TestSendLimitIsNotOneKiB(t *testing.T) { // a defect of SaiTLS
	s := newScript(t, nil).established()
	if n, err := s.sock.TryWrite(make([]byte, DefaultBuffer)); n != DefaultBuffer || err != nil {
		t.Fatal(n, err)
	}
}

func TestReservedShowsWhatCommitMayUse(t *testing.T) {
	s := newScript(t, nil).established()
	b := s.sock.AvailableBuffer(100)
	if got := s.sock.Reserved(); len(got) != cap(b) {
		t.Fatal(len(got), cap(b))
	}
	b[:1][0] = streamByte(0)
	s.sock.Commit(1)
	if len(s.sock.Reserved()) != 0 {
		t.Fatal("still reserved")
	}
	s.run(`
		> P. 1(1)
		< . 1(0) ack 2`)
	if len(s.sock.Reserved()) != 0 || s.env.Pool.Out() != 0 {
		t.Fatal("reserved in no memory")
	}
}

func TestAReservationThatIsGivenUpHoldsNoMemory(t *testing.T) {
	s := newScript(t, nil).established()
	s.sock.AvailableBuffer(100)
	if err := s.sock.Commit(0); err != nil || s.env.Pool.Out() != 0 {
		t.Fatal(err, s.env.Pool.Out())
	}
	s.sock.AvailableBuffer(100)
	s.run("closewrite")
	if s.env.Pool.Out() != 0 {
		t.Fatal(s.env.Pool.Out())
	}
}
