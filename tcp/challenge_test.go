package tcp

import (
	"strings"
	"testing"
)

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
	limits := map[uint64]bool{}
	for range 50 {
		env := Env{ChallengeACKs: 10}
		for range 40 {
			e := &end{}
			e.Init(&env, e, nil)
			e.Connect(0, 1, 2, 100, 1460)
			var buf [100]byte
			e.Emit(0, buf[:], 0)
			e.Process(0, &Segment{Seq: 5, Ack: 101, Flags: SYN | ACK, Window: 1000, Options: Options{WScale: -1}})
			e.Process(0, &Segment{Seq: 7, Flags: RST})
		}
		n := env.Stats.ChallengeACKs
		if n < 5 || n > 15 {
			t.Fatal(n)
		}
		limits[n] = true
	}
	if len(limits) < 3 {
		t.Fatal("the limit can be guessed") // CVE-2016-5696
	}
}

func TestChallengeACKsHaveALimitWithoutEntropyAndByDefault(t *testing.T) {
	for want, e := range map[uint32]*Env{
		DefaultChallengeACKs / 2: {Rand: strings.NewReader("")}, 1: {ChallengeACKs: 1, Rand: strings.NewReader("")},
	} {
		var n uint32
		for e.mayChallenge(5e9) {
			n++
		}
		if n != want || !e.mayChallenge(6e9) {
			t.Errorf("%d, want %d", n, want)
		}
	}
}

// Each end may be the one that answers what the other has dropped, and SYNs come from anywhere.
func TestEmptySegmentsOutsideOfTheWindowCannotMakeTwoEndsAnswerEachOther(t *testing.T) {
	for _, stray := range []string{"< . 90000(0) ack 1 ts 1000 0", "< S 90000(0) ts 1000 0", "< . 1(0) ack 1 ts 900 0", "< S 1(0) ts 900 0"} {
		s := stamped(t)
		for range 100 {
			s.run(stray)
		}
		if n := s.drain(); n != 1 {
			t.Errorf("%s: %d answers", stray, n)
		}
		s.run("+ 10ms\n" + stray + "\n> -")
	}
}
