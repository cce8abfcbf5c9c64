package tcp

import "testing"

func TestDataBeyondAGapDoesNotWaitForEver(t *testing.T) { // RFC 2018 §8
	s := newScript(t, &Config{Reassembly: 60e9}).established().run(`
		< P. 101(100) ack 1
		> . 1(0) ack 1
		+ 59s
		< P. 301(100) ack 1        # more of the same does not prolong it
		> . 1(0) ack 1`)
	if out := s.env.Pool.Out(); out == 0 {
		t.Fatal("nothing is held")
	}
	s.run(`
		+ 1s
		> -`)
	if out := s.env.Pool.Out(); out != 0 || s.sock.ooo != nil || s.env.Stats.ReassembliesExpired != 1 {
		t.Fatalf("%d bytes are held still", out)
	}
	s.run(`
		< P. 1(100) ack 1          # what was dropped has to come again
		+ 1s
		> . 1(0) ack 101
		read 100
		< P. 101(100) ack 1
		+ 1s
		> . 1(0) ack 201
		read 100`)
}

func TestEveryPartOfTheMissingDataProlongsTheWait(t *testing.T) {
	newScript(t, &Config{Reassembly: 60e9}).established().run(`
		< P. 101(100) ack 1
		> . 1(0) ack 1
		+ 59s
		< P. 1(50) ack 1
		> . 1(0) ack 51
		+ 59s
		< P. 51(50) ack 1
		> . 1(0) ack 201
		read 200
		+ 1h
		> -`)
}

func TestFINBeyondAGapDoesNotWaitForEver(t *testing.T) {
	s := newScript(t, &Config{Reassembly: 60e9}).established().run(`
		< F. 101(0) ack 1
		> . 1(0) ack 1
		+ 61s
		< P. 1(100) ack 1
		+ 1s
		> . 1(0) ack 101
		read 100
		state ESTABLISHED
		< F. 101(0) ack 1
		> . 1(0) ack 102
		eof`)
	if s.env.Stats.ReassembliesExpired != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}
