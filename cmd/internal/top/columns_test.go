package top

import (
	"strings"
	"testing"

	"smoltls/tcp"
	"smoltls/tlssock"
)

func TestWhatPeersNameCanNotSpeakToTheTerminal(t *testing.T) {
	r := &row{alpn: "h2\x1b[2J\u202e", name: strings.Repeat("n", 300)}
	for _, c := range columns {
		text := c.text(r, r.since)
		if strings.ContainsAny(text, "\x1b\u202e") || len(text) > 50 {
			t.Errorf("%s: %q", c.title, text)
		}
	}
	if got := printableLine("a\tb\x1b[2J"); got != `a\tb\x1b[2J` {
		t.Errorf("%q", got)
	}
}

func TestEveryColumnOrdersBothWaysAlike(t *testing.T) {
	a := &row{number: 1, tcp: tcp.Info{RTT: 1}, in: 5, suite: "A"}
	b := &row{number: 2, tcp: tcp.Info{RTT: 2}, in: 4, suite: "B", state: tlssock.StateFailed}
	for _, c := range columns {
		if x, y := c.order(a, b), c.order(b, a); x != -y || c.order(a, a) != 0 {
			t.Errorf("%s: %d and %d", c.title, x, y)
		}
	}
}

func TestTonesPointOutTrouble(t *testing.T) {
	for want, r := range map[Tone]*row{Plain: {state: tlssock.StateEstablished}, Warn: {state: tlssock.StateHandshaking}, Bad: {state: tlssock.StateFailed}, Dim: {state: tlssock.StateClosing}} {
		if got := stateTone(r); got != want {
			t.Errorf("%v: %v, want %v", r.state, got, want)
		}
	}
	if got := tone(3, &row{state: tlssock.StateEstablished, tcp: tcp.Info{Timeouts: 1}}, "9 ms"); got != Bad {
		t.Errorf("a timer that backs off: %v", got)
	}
	if got := tone(3, &row{state: tlssock.StateClosed, tcp: tcp.Info{Timeouts: 1}}, "9 ms"); got != Dim {
		t.Errorf("of what is over: %v", got)
	}
}
