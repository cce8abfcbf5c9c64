package tcp

import (
	"testing"
	"time"
)

func TestBBRFillsThePathWhateverItsQueue(t *testing.T) {
	for _, c := range []struct {
		queue, loss, least float64
	}{{0.25, 0, 0.95}, {1, 0, 0.95}, {4, 0, 0.95}, {1, 0.01, 0.6}} {
		p := newBottleneck(t, 1, 20, 20*time.Millisecond, c.queue, c.loss)
		f := p.add(Config{Congestion: BBR}, 0)
		if _, sum := p.measure(3*time.Second, 15*time.Second); sum < c.least {
			t.Errorf("queue %v, loss %v: %.3f of the link", c.queue, c.loss, sum)
		}
		if i := f.a.Info(); i.RTT > 90*time.Millisecond {
			t.Errorf("queue %v, loss %v: a round trip of %v over a path of 40 ms", c.queue, c.loss, i.RTT)
		}
	}
}

func TestBBRIsWhereThePathIs(t *testing.T) {
	p := newBottleneck(t, 1, 20, 20*time.Millisecond, 4, 0)
	f := p.add(Config{Congestion: BBR}, 0)
	p.add(Config{Congestion: BBR}, 0) // alone it would need no ProbeRTT
	seen := map[bbrPhase]time.Duration{}
	for range 2000 {
		p.run(10 * time.Millisecond)
		if tx := f.a.tx; tx != nil {
			seen[tx.cc.bbr.phase] += 10 * time.Millisecond
		}
	}
	b := &f.a.tx.cc.bbr
	if rate := float64(b.greatestBW()) / 2_500_000; rate < 0.4 || rate > 0.7 {
		t.Errorf("thinks that the link has %.3f of its rate", rate)
	}
	if b.minRTT < 40*time.Millisecond || b.minRTT > 45*time.Millisecond {
		t.Errorf("thinks that the path has %v", b.minRTT)
	}
	for phase := bbrStartup; phase <= bbrProbeRTT; phase++ {
		if seen[phase] == 0 {
			t.Errorf("never in phase %d: %v", phase, seen)
		}
	}
	if d := seen[bbrProbeRTT]; d < 400*time.Millisecond || d > 2*time.Second {
		t.Errorf("%v of 20 s in ProbeRTT", d)
	}
}

func TestBBRFlowsShareALink(t *testing.T) {
	p := newBottleneck(t, 1, 20, 10*time.Millisecond, 1, 0)
	for i := range 3 {
		p.add(Config{Congestion: BBR}, time.Duration(i)*time.Second)
	}
	if shares, sum := p.measure(30*time.Second, 30*time.Second); sum < 0.93 || jain(shares) < 0.95 {
		t.Errorf("%.3f of the link, Jain's index %.3f: %.3f", sum, jain(shares), shares)
	}
}

// bbrRuns is a connection whose BBR knows a path of 1 MB/s and 100 ms.
func bbrRuns(t *testing.T) *script {
	s := newScript(t, &Config{Congestion: BBR}).sacking().run("write 10000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 10001`)
	b := &s.sock.tx.cc.bbr
	b.maxBW[1], b.bw, b.fullReached, b.phase = 1_000_000, 1_000_000, true, bbrCruise
	s.sock.cwnd = 200_000
	b.setPacing(100)
	return s
}

func TestBBRKeepsItsWindowAndItsRateOverIdleTime(t *testing.T) { // §5.4.1
	s := bbrRuns(t).run(`
		+ 5m
		> -`)
	if s.sock.tx != nil || s.sock.cwnd != 200_000 || s.sock.Info().PacingRate != 0 {
		t.Fatalf("%+v", s.sock.Info())
	}
	s.run(`
		write 30000
		> . 10001(1000)`)
	if rate := s.sock.congestion().pacingRate(&s.sock.Socket); rate != 990_000 {
		t.Fatalf("%d bytes a second", rate)
	}
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 20001`)
	if b := &s.sock.tx.cc.bbr; b.phase != bbrCruise || !b.fullReached || b.greatestBW() < 1_000_000 || s.sock.ssthresh != maxCwnd {
		t.Fatalf("%+v", b)
	}
}

func TestBBRRestartsFromAShortPauseAtItsRate(t *testing.T) { // §5.4.1
	s := bbrRuns(t)
	b := &s.sock.tx.cc.bbr
	b.phase = bbrUp
	b.setPacing(125)
	s.run("> -") // nothing to send: the application limits
	if rate := s.sock.congestion().pacingRate(&s.sock.Socket); rate != 990_000 {
		t.Fatalf("%d bytes a second", rate)
	}
	s.run(`
		write 1000
		> P. 10001(1000)
		+ 100ms
		< . 1(0) ack 11001`)
	if b.busyAt != s.sock.tx.busyAt || !s.sock.tx.wasIdle {
		t.Fatal("the pause was not seen")
	}
}

func TestBBRBeforeItKnowsThePathStartsAnewAfterIdleTime(t *testing.T) {
	s := newScript(t, &Config{Congestion: BBR}).sacking().run("write 10000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 10001
		+ 5m`)
	if s.sock.cwnd != 10000 || s.sock.ssthresh != maxCwnd {
		t.Fatalf("%+v", s.sock.Info())
	}
}

func TestBBRGovernsItsWindowInRecovery(t *testing.T) { // §5.6.4.4: not PRR
	s := bbrRuns(t).run("unpaced\nwrite 30000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 10001 sack 11001-15001
		> . 10001(1000)`)
	if i := s.sock.Info(); !i.FastRecovery || i.Cwnd < 100_000 {
		t.Fatalf("%+v", i)
	}
	if b := &s.sock.tx.cc.bbr; !b.lossInRound || b.priorCwnd < 100_000 {
		t.Fatalf("%+v", b)
	}
	s.run(`
		+ 100ms
		< . 1(0) ack 40001`)
	if i := s.sock.Info(); i.FastRecovery || i.Cwnd < 100_000 {
		t.Fatalf("%+v", i)
	}
}

func TestBBRAfterATimeout(t *testing.T) { // §5.6.4.4: one segment, and when all is repaired the window of before
	s := bbrRuns(t).run("unpaced\nwrite 30000")
	s.drain()
	before := s.sock.cwnd
	s.run("+ 10s")
	if s.env.Stats.Timeouts == 0 || s.sock.cwnd > 2000 {
		t.Fatalf("%+v", s.sock.Info())
	}
	s.run("> . 10001(1000)")
	s.run("+ 100ms\n< . 1(0) ack 40001")
	if b := &s.sock.tx.cc.bbr; b.priorCwnd != before || s.sock.cwnd < 100_000 {
		t.Fatalf("%d of %d: %+v", s.sock.cwnd, before, b)
	}
}

func TestBBRAllocatesNothing(t *testing.T) {
	s := bbrRuns(t)
	if n := testing.AllocsPerRun(100, func() {
		s.now = s.now.Add(time.Millisecond)
		s.sock.tx.ack.hasRun, s.sock.tx.ack.delivered = true, 1000
		s.sock.congestion().acknowledged(&s.sock.Socket, s.now, &s.sock.tx.ack)
	}); n != 0 {
		t.Fatal(n)
	}
}
