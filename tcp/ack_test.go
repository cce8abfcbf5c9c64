package tcp

import "testing"

func TestAnACKOfWhatWasNeverSentIsChallengedAndDropped(t *testing.T) { // RFC 5961 §5.2, RFC 9293 §3.10.7.4
	s := newScript(t, nil).established().run(`
		write 100
		> P. 1(100)
		< . 1(5) ack 102
		> . 101(0) ack 1
		+ 10ms
		> -`)
	if s.env.Stats.DropBadACK != 1 || s.sock.ReadBuffered() != 0 {
		t.Fatalf("its data was taken: %+v", s.env.Stats)
	}
}

func TestAnACKFromBeforeAnyWindowIsDroppedWithItsData(t *testing.T) { // RFC 5961 §5.2: blind data injection
	s := newScript(t, nil).established().run(`
		< . 1(5) ack -10001
		> . 1(0) ack 1`)
	if s.sock.ReadBuffered() != 0 || s.env.Stats.DropBadACK != 1 {
		t.Fatal("forged data was taken")
	}
}

func TestAnOldACKBringsItsData(t *testing.T) {
	newScript(t, nil).established().run(`
		write 300
		> P. 1(300)
		< . 1(0) ack 301
		< . 1(5) ack 101
		read 5`)
}

func TestAnACKOfPartOfASegmentIsTakenForThatPart(t *testing.T) {
	newScript(t, nil).established().run(`
		write 300
		> P. 1(300)
		< . 1(0) ack 101
		+ 200ms
		> P. 101(200)
		< . 1(0) ack 301
		+ 1h
		> -`)
}

func TestRoomIsToldToAWriterThatWaits(t *testing.T) {
	s := newScript(t, &Config{SendBuffer: 4096}).established()
	s.run("write 4096")
	if n, err := s.sock.TryWrite([]byte{1}); n != 0 || err != ErrWouldBlock {
		t.Fatal(n, err)
	}
	s.drain()
	before := s.sock.notified
	s.run("< . 1(0) ack 1001")
	if s.sock.notified != before || s.sock.Writable() {
		t.Fatal("told though less than half is free")
	}
	s.run("< . 1(0) ack 3001")
	if s.sock.notified == before || !s.sock.Writable() {
		t.Fatal("not told")
	}
}

func TestRoomIsToldThoughEverythingWasTaken(t *testing.T) { // who writes exactly what fits waits for Writable too
	s := newScript(t, &Config{SendBuffer: 4096}).established().run("write 4096")
	s.drain()
	before := s.sock.notified
	if s.sock.Writable() {
		t.Fatal("writable though full")
	}
	s.run("< . 1(0) ack 3001")
	if s.sock.notified != before+1 || !s.sock.Writable() {
		t.Fatal("not told")
	}
	s.run("< . 1(0) ack 4001")
	if s.sock.notified != before+1 {
		t.Fatal("told twice")
	}
}
