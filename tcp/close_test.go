package tcp

import (
	"errors"
	"testing"
	"time"
)

func TestCloseWriteLeavesReadingOpen(t *testing.T) { // half-close, RFC 9293 §3.6
	newScript(t, nil).established().run(`
		write 10
		closewrite
		state FIN-WAIT-1
		> FP. 1(10) ack 1           # FIN rides on the last data
		> -
		< . 1(0) ack 12
		state FIN-WAIT-2
		< P. 1(1000) ack 12
		< P. 1001(1000) ack 12
		> . 12(0) ack 2001
		read 2000
		< F. 2001(0) ack 12
		state TIME-WAIT
		> . 12(0) ack 2002
		eof
		+ 60s
		state CLOSED
		err none`)
}

func TestSimultaneousClose(t *testing.T) { // RFC 9293 §3.6, figure 13
	newScript(t, nil).established().run(`
		closewrite
		> F. 1(0) ack 1
		< F. 1(0) ack 1
		state CLOSING
		> . 2(0) ack 2
		< . 2(0) ack 2
		state TIME-WAIT
		+ 60s
		state CLOSED`)
}

func TestFINAndItsACKInOneSegment(t *testing.T) {
	newScript(t, nil).established().run(`
		closewrite
		> F. 1(0) ack 1
		< F. 1(0) ack 2
		state TIME-WAIT
		> . 2(0) ack 2`)
}

func TestConnectionsWhoseFINNeverLeaves(t *testing.T) { // a defect of gVisor: closed with data queued behind a small window
	newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 1000 mss 1000
		> . 1(0) ack 1
		write 2500
		close
		state FIN-WAIT-1
		> . 1(1000)
		> -
		< . 1(0) ack 1001 win 0
		> -
		+ 200ms
		> . 1001(1)                 # window probe
		< . 1(0) ack 1001 win 1000
		> . 1001(1000)
		< . 1(0) ack 2001 win 1000
		> FP. 2001(500)
		+ 200ms
		> FP. 2001(500)             # lost: again, with its FIN
		< F. 1(0) ack 2502
		state TIME-WAIT`)
}

func TestFINIsSentThoughTheWindowIsClosed(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 0 mss 1000
		> . 1(0) ack 1
		closewrite
		> F. 1(0) ack 1
		< . 1(0) ack 2 win 0
		state FIN-WAIT-2`)
}

func TestCloseWithUnreadDataResets(t *testing.T) { // RFC 2525 §2.17
	s := newScript(t, nil).established().run(`
		< P. 1(10) ack 1
		close
		> R. 1(0) ack 11
		> -
		state CLOSED`)
	if s.env.Pool.Out() != 0 {
		t.Fatal("memory was kept")
	}
}

func TestCloseAfterCloseWriteBoundsTheWaitForFIN(t *testing.T) {
	s := newScript(t, nil).established().run(`
		closewrite
		> F. 1(0) ack 1
		< . 1(0) ack 2
		state FIN-WAIT-2
		+ 24h                       # half-closed: the peer may take its time
		state FIN-WAIT-2
		close`)
	s.advance(0)
	s.run(`
		+ 59s
		state FIN-WAIT-2
		+ 1s
		state CLOSED
		err none`)
}

func TestAbortSendsRST(t *testing.T) { // RFC 9293 §3.10.5
	s := newScript(t, nil).established().run(`
		write 10
		> P. 1(10)
		< . 1(5) ack 1
		abort
		state CLOSED
		> R. 11(0) ack 6
		> -
		err aborted`)
	if !errors.Is(s.sock.Err(), ErrAborted) || s.env.Pool.Out() != 0 || s.sock.Deadline() != Never {
		t.Fatal(s.sock.Err(), s.env.Pool.Out())
	}
	s.sock.Abort()
	s.sock.Close()
	s.sock.CloseWrite()
	s.run("> -")
}

func TestCallsOnASocketThatWasNeverOpened(t *testing.T) {
	s := newScript(t, nil)
	if err := s.sock.CloseWrite(); !errors.Is(err, ErrNotOpen) {
		t.Fatal(err)
	}
	if err := s.sock.Close(); err != nil {
		t.Fatal(err)
	}
	s.sock.Abort()
	s.sock.Expire(s.now)
	s.sock.Process(s.now, &Segment{Flags: ACK})
	if s.env.Stats.DropClosed != 1 {
		t.Fatal("not counted")
	}
	s.run("> -\nstate CLOSED")
}

func TestWritingAndReadingAfterCloseSayClosed(t *testing.T) {
	s := newScript(t, nil).established().run("close")
	if _, err := s.sock.TryWrite([]byte{1}); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	if _, err := s.sock.TryRead(make([]byte, 1)); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	if s.sock.AvailableBuffer(1) != nil || !errors.Is(s.sock.Commit(0), ErrClosed) {
		t.Fatal("space after Close")
	}
}

func TestFailEndsWithoutAWord(t *testing.T) {
	s := newScript(t, nil).established()
	s.sock.Fail(ErrUnreachable)
	s.run("> -\nstate CLOSED")
	if !errors.Is(s.sock.Err(), ErrUnreachable) {
		t.Fatal(s.sock.Err())
	}
	s.advance(time.Hour)
}

func TestLastACKThatIsLostIsSentAgain(t *testing.T) {
	newScript(t, nil).established().run(`
		< F. 1(0) ack 1
		> . 1(0) ack 2
		close
		> F. 1(0) ack 2
		+ 200ms
		> F. 1(0) ack 2
		< F. 1(0) ack 1             # the peer did not get our ACK of its FIN
		> . 2(0) ack 2
		< . 2(0) ack 2
		state CLOSED`)
}
