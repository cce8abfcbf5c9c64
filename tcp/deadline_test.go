package tcp

import "testing"

func TestDeadlineIsTheEarliestTimer(t *testing.T) {
	s := newScript(t, &Config{KeepAlive: 3e9}).established()
	if got := s.sock.Deadline(); got != s.now.Add(3e9) {
		t.Fatalf("keep-alive: %v", got.Sub(s.now))
	}
	s.run(`
		write 1
		> P. 1(1)`)
	if got := s.sock.Deadline(); got != s.now.Add(200e6) {
		t.Fatalf("retransmission: %v", got.Sub(s.now))
	}
	s.run("< P. 1(1) ack 1")
	if got := s.sock.Deadline(); got != s.now.Add(40e6) {
		t.Fatalf("delayed ACK: %v", got.Sub(s.now))
	}
}

func TestExpireBeforeTheDeadlineDoesNothing(t *testing.T) {
	s := newScript(t, nil).established().run(`
		write 1
		> P. 1(1)`)
	s.sock.Expire(s.now.Add(199e6))
	s.run("> -")
}

func TestExpireLongAfterEveryDeadlineRunsEachOnce(t *testing.T) {
	s := newScript(t, &Config{KeepAlive: 1e9}).established().run(`
		write 1
		> P. 1(1)
		< P. 1(1) ack 1`)
	s.now = s.now.Add(100e9)
	s.sock.Expire(s.now)
	s.run(`
		> P. 1(1) ack 2
		> -
		< . 2(0) ack 2`)
	s.now = s.now.Add(100e9)
	s.sock.Expire(s.now)
	s.run(`
		> . 1(0) ack 2              # a keep-alive probe
		> -`)
}
