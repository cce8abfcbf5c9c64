package simnet

import (
	"testing"
	"time"
)

func TestScriptsAreMadeOfSteps(t *testing.T) {
	s := append(Repeat(3, Step{Write: 10}, Step{Read: 20}), Exchange(5)...)
	if len(s) != 7 || s[0].Write != 10 || s[5].Read != 20 || s[6] != (Step{Write: 5, Read: ToEOF, CloseWrite: true}) || s.Total() != 35 {
		t.Errorf("%+v, %d bytes", s, s.Total())
	}
}

func TestAStepTellsItself(t *testing.T) {
	for want, s := range map[string]Step{
		"write 5 and no more read to the end": {Write: 5, Read: ToEOF, CloseWrite: true},
		"pause 1s read 3 abort":               {Pause: time.Second, Read: 3, Abort: true},
		"":                                    {},
	} {
		if got := s.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
