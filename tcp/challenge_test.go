package tcp

import "testing"

func TestChallengeACKsAreLimitedForEachConnection(t *testing.T) { // RFC 5961 §7
	s := newScript(t, nil).established()
	for range 100 {
		s.run("< R 2(0)")
	}
	s.run(`
		> . 1(0) ack 1
		> -
		+ 499ms
		< R 2(0)
		> -
		+ 1ms
		< R 2(0)
		> . 1(0) ack 1`)
	if s.env.Stats.ChallengeACKs != 2 {
		t.Fatal(s.env.Stats.ChallengeACKs)
	}
}

func TestChallengeACKsAreLimitedForAllConnectionsTogether(t *testing.T) {
	var env Env
	env.ChallengeACKs = 3
	for range 10 {
		e := &end{}
		e.Init(&env, e, nil)
		e.Connect(0, 1, 2, 100, 1460)
		var buf [100]byte
		e.Emit(0, buf[:], 0)
		e.Process(0, &Segment{Seq: 5, Ack: 101, Flags: SYN | ACK, Window: 1000, Options: Options{WScale: -1}})
		e.Process(0, &Segment{Seq: 7, Flags: RST})
	}
	if env.Stats.ChallengeACKs != 3 {
		t.Fatal(env.Stats.ChallengeACKs)
	}
}

func TestEmptySegmentsOutsideOfTheWindowCannotMakeTwoEndsAnswerEachOther(t *testing.T) {
	s := newScript(t, nil).established()
	for range 100 {
		s.run("< . 90000(0) ack 1")
	}
	if n := s.drain(); n != 1 {
		t.Fatalf("%d answers", n)
	}
}
