package tcp

import "testing"

func TestDataInOrderIsReadInOrder(t *testing.T) {
	newScript(t, nil).established().run(`
		< P. 1(100) ack 1
		< P. 101(100) ack 1
		read 150
		< P. 201(50) ack 1
		read 100`)
}

func TestDataAfterCloseIsAnsweredByRST(t *testing.T) { // RFC 9293 §3.10.4 (SHLD-3), RFC 2525 §2.17
	s := newScript(t, nil).established().run(`
		close
		> F. 1(0) ack 1
		< . 1(0) ack 2
		state FIN-WAIT-2
		< P. 1(10) ack 2
		> R. 2(0) ack 1
		> -
		state CLOSED`)
	if s.env.Stats.DropAfterClose != 1 {
		t.Fatal("not counted")
	}
}

func TestDataAfterFINIsIgnored(t *testing.T) { // RFC 9293 §3.10.7.4, seventh
	newScript(t, nil).established().run(`
		< F. 1(0) ack 1
		> . 1(0) ack 2
		< . 2(10) ack 1
		eof
		state CLOSE-WAIT`)
}

func TestASegmentThatThePoolHasNoMemoryForIsDroppedAndCounted(t *testing.T) {
	s := newScript(t, nil).established()
	hold := s.env.Pool.Get(s.env.Pool.Limit())
	s.run(`
		< P. 1(100) ack 1
		> -`)
	if s.env.Stats.DropNoMemory != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
	s.run("< P. 101(100) ack 1")
	if s.env.Stats.DropNoMemory != 2 || s.sock.ooo != nil {
		t.Fatalf("%+v", s.env.Stats)
	}
	s.env.Pool.Put(hold)
	s.run(`
		< P. 1(100) ack 1
		read 100`)
}
