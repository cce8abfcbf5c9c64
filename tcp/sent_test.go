package tcp

import "testing"

func TestEverySendingIsNotedAsWhatItIs(t *testing.T) {
	s := newScript(t, nil).sacking().run(`
		write 3000
		> . 1(1000)
		> . 1001(1000)
		+ 10ms
		> P. 2001(1000)`)
	rs := s.sock.tx.runs()
	if len(rs) != 2 || rs[0].len() != 2000 || rs[1].len() != 1000 || rs[1].sentAt.Sub(rs[0].sentAt) != 1e7 {
		t.Fatalf("%+v", rs)
	}
	s.run("closewrite\n> F. 3001(0)")
	if n := s.sock.pipe(); n != 3001 {
		t.Fatalf("%d: FIN counts too", n)
	}
	if s.env.Stats.BytesOut != 3000 || s.env.Stats.Retransmits != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestAWindowProbesByteIsNotInFlight(t *testing.T) {
	s := newScript(t, nil).sacking().run(`
		< . 1(0) ack 1 win 0
		write 100
		> -
		+ 300ms
		> . 1(1)`)
	if s.sock.pipe() != 0 || s.sock.sndNxt != s.sock.sndUna || s.sock.sndMax != s.sock.sndUna+1 {
		t.Fatal(s.sock.pipe())
	}
	s.run(`
		< . 1(0) ack 1 win 1000
		> P. 1(100)`)
	if s.sock.pipe() != 100 {
		t.Fatal(s.sock.pipe())
	}
}
