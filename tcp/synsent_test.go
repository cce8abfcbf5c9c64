package tcp

import (
	"errors"
	"testing"
)

func TestSynSentIsRefusedByARSTThatAcknowledgesSYN(t *testing.T) { // RFC 9293 §3.10.7.3, second
	s := newScript(t, nil).active().run(`
		> S 0(0)
		< R. 0(0) ack 1
		> -
		state CLOSED
		err refused`)
	if !errors.Is(s.sock.Err(), ErrRefused) {
		t.Fatal(s.sock.Err())
	}
}

func TestSynSentIgnoresARSTThatAcknowledgesNothing(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0)
		< R 0(0)
		< R. 0(0) ack 0
		< R. 0(0) ack 2
		state SYN-SENT`)
}

func TestSynSentAnswersAnImpossibleACKByRST(t *testing.T) { // RFC 9293 §3.10.7.3, first: an old connection of the peer's
	newScript(t, nil).active().run(`
		> S 0(0)
		< . 700(0) ack 500
		> R 500(0)
		< S. 700(0) ack 0
		> R 0(0)
		state SYN-SENT
		< S. 0(0) ack 1
		> . 1(0) ack 1
		state ESTABLISHED`)
}

func TestSynSentIgnoresSegmentsWithoutSYN(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0)
		< . 0(10) ack 1
		> -
		state SYN-SENT`)
}

func TestSimultaneousOpen(t *testing.T) { // RFC 9293 §3.5, figure 7 (MUST-10)
	newScript(t, nil).active().run(`
		> S 0(0)
		< S 0(0) mss 1000
		state SYN-RECEIVED
		> S. 0(0) ack 1 mss 1460
		< S. 0(0) ack 1
		> . 1(0) ack 1
		state ESTABLISHED
		write 10
		> P. 1(10)`)
}

func TestSimultaneousOpenThatTheFirstDataCompletes(t *testing.T) { // the peer's SYN+ACK and ACK are lost
	newScript(t, nil).active().run(`
		> S 0(0)
		< S 0(0)
		> S. 0(0) ack 1
		< P. 1(5) ack 1
		state ESTABLISHED
		read 5`)
}

func TestSynSentTakesDataAndFINThatComeWithSYN(t *testing.T) { // RFC 9293 §3.10.7.3, fourth
	newScript(t, nil).active().run(`
		> S 0(0)
		< SF. 0(0) ack 1
		> . 1(0) ack 2
		state CLOSE-WAIT
		eof`)
	s := newScript(t, nil).active().run("> S 0(0)")
	seg := s.parse("S. 0(0) ack 1")
	seg.Payload = []byte{streamByte(0), streamByte(1)}
	s.sock.Process(s.now, &seg)
	s.run(`
		> . 1(0) ack 3
		read 2`)
}

func TestSynSentTriesAgainAndGivesUp(t *testing.T) { // RFC 9293 §3.8.3 (MUST-23): three minutes at least
	s := newScript(t, nil).active().run(`
		> S 0(0)
		+ 999ms
		> -
		+ 1ms
		> S 0(0)
		+ 2s
		> S 0(0)
		+ 4s
		> S 0(0)
		+ 8s
		> S 0(0)
		+ 16s
		> S 0(0)
		+ 32s
		> S 0(0)
		+ 60s
		> S 0(0)
		state SYN-SENT
		+ 60s
		state CLOSED
		err timed out`)
	if !errors.Is(s.sock.Err(), ErrTimeout) || s.sock.Deadline() != Never {
		t.Fatal(s.sock.Err())
	}
}

func TestSynSentClosedByItsApplication(t *testing.T) { // RFC 9293 §3.10.4
	newScript(t, nil).active().run(`
		> S 0(0)
		close
		> -
		state CLOSED
		err aborted`)
	newScript(t, nil).active().run(`
		> S 0(0)
		abort
		> -
		state CLOSED`)
}

func TestSYNACKThatComesAgainIsAnsweredWhateverTheLimitOfChallenges(t *testing.T) { // a server may wait for nothing but that
	newScript(t, nil).established().run(`
		< S. 0(0) ack 1 win 10000 mss 1000
		> . 1(0) ack 1
		< S. 0(0) ack 1 win 10000 mss 1000
		> . 1(0) ack 1
		< S 90000(0)                # from anywhere
		> . 1(0) ack 1
		< S. 0(0) ack 1 win 10000 mss 1000
		> . 1(0) ack 1
		< S 90000(0)
		> -`)
}

func TestSYNACKThatComesAgainIsEchoed(t *testing.T) { // RFC 7323 §4.3: the peer measures its last one
	stamped(t).run(`
		+ 1s
		< S. 0(0) ack 1 mss 1000 ts 2000 5000
		> . 1(0) ack 1 ts _ 2000`)
}
