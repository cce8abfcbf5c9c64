package tcp

import "testing"

func TestRSTOfAnAbortIsAtTheNextNumber(t *testing.T) { // RFC 9293 §3.10.5
	newScript(t, nil).established().run(`
		write 2000
		> . 1(1000)
		abort
		> R. 1001(0) ack 1 win 0
		> -`)
}

func TestRSTOfAnAbortHasATimestamp(t *testing.T) { // RFC 7323 §3.2
	stamped(t).run(`
		+ 30ms
		abort
		> R. 1(0) ack 1 win 0 ts 5030 1000
		> -`)
}

func TestRSTReplyLeavesTheConnectionAsItIs(t *testing.T) {
	s := newScript(t, nil).active().run(`
		> S 0(0)
		< . 1(0) ack 9
		> R 9(0)
		> -
		+ 1s
		> S 0(0)`)
	if s.env.Stats.ResetsOut != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}
