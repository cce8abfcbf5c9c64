package tcp

import (
	"testing"
	"time"
)

// marked is a connection with ECN, begun by its peer, over a path of 100 ms with segments of 1000.
func marked(t *testing.T, c Congestion) *script {
	s := newScript(t, &Config{Congestion: c})
	s.win = 30000
	return s.passive("win 30000 mss 1000 sackok ecn").run(`
		> SE. 0(0) ack 1
		+ 100ms
		< . 1(0) ack 1
		unpaced`)
}

func TestECNIsAgreedOn(t *testing.T) { // RFC 3168 §6.1.1
	for _, c := range []struct {
		name   string
		cfg    ECN
		script string
		agreed bool
	}{
		{"asked for, and taken", ECNRequest, "> SEW 0(0) noect\n< SE. 0(0) ack 1 mss 1000", true},
		{"not taken", ECNRequest, "> SEW 0(0)\n< S. 0(0) ack 1 mss 1000", false},
		{"our own flags, reflected", ECNRequest, "> SEW 0(0)\n< SEW. 0(0) ack 1 mss 1000", false},
		{"asked for once, in vain", ECNRequest, "> SEW 0(0)\n+ 1s\n> S 0(0)\n< SE. 0(0) ack 1 mss 1000", false},
		{"not asked for", ECNAccept, "> S 0(0)\n< SE. 0(0) ack 1 mss 1000", false},
		{"a simultaneous open", ECNRequest, "> SEW 0(0)\n< SEW 0(0) mss 1000\n> SE. 0(0) ack 1\n< SE. 0(0) ack 1 mss 1000", true},
	} {
		s := newScript(t, &Config{ECN: c.cfg}).active().run(c.script)
		if s.sock.Info().ECN != c.agreed {
			t.Errorf("%s: %v", c.name, !c.agreed)
		}
	}
	for _, c := range []struct {
		cfg    ECN
		syn    string
		answer string
		agreed bool
	}{
		{ECNAccept, "ecn", "> SE. 0(0) noect", true}, {ECNRequest, "ecn", "> SE. 0(0)", true}, {ECNOff, "ecn", "> S. 0(0)", false},
		{ECNAccept, "win 1000", "> S. 0(0)", false},
	} {
		s := newScript(t, &Config{ECN: c.cfg}).passive(c.syn).run(c.answer + "\n< . 1(0) ack 1")
		if s.sock.Info().ECN != c.agreed {
			t.Errorf("%v, SYN with %q: %v", c.cfg, c.syn, !c.agreed)
		}
	}
}

func TestOnlyNewDataMayBeMarked(t *testing.T) { // RFC 3168 §6.1.4 to §6.1.6
	marked(t, CUBIC).run(`
		write 3000
		> . 1(1000) ect
		> . 1001(1000) ect
		> P. 2001(1000) ect
		< P. 1(10) ack 1001
		+ 40ms
		> . 3001(0) ack 11 noect    # an ACK
		+ 300ms
		> P. 2001(1000) noect       # a tail loss probe that sends again
		+ 1s
		> . 1001(1000) noect        # a retransmission
		< . 11(0) ack 3001
		closewrite
		> F. 3001(0) noect          # no data
		< . 11(0) ack 3002
		abort
		> R. 3002(0) noect`)
	s := marked(t, CUBIC).run(`
		< . 1(0) ack 1 win 0
		write 1000
		> -
		+ 1s
		> . 1(1) noect              # a window probe`)
	if s.env.Stats.ZeroProbes == 0 {
		t.Fatal("no probe")
	}
}

func TestMarksAreToldUntilTheSenderHasHeard(t *testing.T) { // RFC 3168 §6.1.3
	s := marked(t, CUBIC).run(`
		< . 1(1000) ack 1
		< . 1001(1000) ack 1 ce
		> E. 1(0) ack 2001
		< . 2001(1000) ack 1
		< . 3001(1000) ack 1
		> E. 1(0) ack 4001
		write 10
		> PE. 1(10) ack 4001 ect    # with data, too
		< W. 4001(1000) ack 11
		< . 5001(1000) ack 11
		> . 11(0) ack 6001
		< W. 6001(1000) ack 11 ce   # marked anew
		< . 7001(1000) ack 11
		> E. 11(0) ack 8001
		< . 8001(0) ack 11 ce       # without data it is not noted
		< W. 8001(1000) ack 11
		< . 9001(1000) ack 11
		> . 11(0) ack 10001`)
	if s.env.Stats.CEMarks != 2 {
		t.Fatalf("%+v", s.env.Stats)
	}
	newScript(t, nil).established().run(`
		< . 1(1000) ack 1 ce        # ECN was not agreed on
		< . 1001(1000) ack 1
		> . 1(0) ack 2001`)
}

func TestAMarkReducesTheWindowOnceARoundTrip(t *testing.T) { // RFC 3168 §6.1.2
	for c, want := range map[Congestion]uint32{NewReno: 5000, CUBIC: 7000} {
		s := marked(t, c).run("write 30000")
		s.drain()
		s.run(`
			+ 100ms
			< E. 1(0) ack 1001`)
		if s.sock.cwnd != want || s.sock.Info().FastRecovery {
			t.Errorf("%v: cwnd %d", c, s.sock.cwnd)
		}
		cwnd := s.sock.cwnd
		s.run("< E. 1(0) ack 10001") // all of it was sent before
		if s.env.Stats.ECNReductions != 1 || s.sock.cwnd < cwnd {
			t.Errorf("%v: %d reductions, cwnd %d", c, s.env.Stats.ECNReductions, s.sock.cwnd)
		}
		s.run(`
			> W. 10001(1000) ect
			> . 11001(1000) ect`)
		s.drain()
		s.run(`
			+ 100ms
			< E. 1(0) ack 11001`) // marked anew: CWR has arrived by then
		if s.sock.flags&flagCWR == 0 {
			t.Errorf("%v: the next segment will not tell", c)
		}
		if s.env.Stats.ECNReductions != 2 || s.env.Stats.FastRetransmits+s.env.Stats.Timeouts != 0 {
			t.Errorf("%v: %+v", c, s.env.Stats)
		}
	}
}

func TestAMarkToldByTheACKOfAWholeWindowHalvesThatWindow(t *testing.T) {
	s := marked(t, NewReno).run("write 10000")
	s.drain()
	s.run(`
		+ 100ms
		< E. 1(0) ack 10001`)
	if s.sock.cwnd != 5000 || s.sock.ssthresh != 5000 {
		t.Fatalf("cwnd %d, ssthresh %d", s.sock.cwnd, s.sock.ssthresh)
	}
}

func TestALossIsToldToThePeerAsAReductionAndCountsAsOne(t *testing.T) { // RFC 3168 §6.1.2
	s := marked(t, NewReno).run("write 30000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 1 sack 1001-5001
		> . 1(1000) noect
		< E. 1(0) ack 1 sack 1001-8001
		> W. 10001(1000) ect`)
	s.drain()
	s.run(`
		+ 100ms
		< E. 1(0) ack 10001`)
	if s.env.Stats.ECNReductions != 0 || s.sock.ssthresh != 5000 {
		t.Fatalf("%+v ssthresh %d", s.env.Stats, s.sock.ssthresh)
	}
}

func TestMarksAreHeardByBBR(t *testing.T) {
	s := marked(t, BBR).run("write 30000")
	s.drain()
	s.run(`
		+ 100ms
		< E. 1(0) ack 1001`)
	b := &s.sock.tx.cc.bbr
	if !b.lossInRound || b.phase != bbrStartup || !b.fullReached || b.longterm == unlimited {
		t.Fatalf("%+v", b)
	}
}

func TestMarksInPlaceOfLosses(t *testing.T) {
	for _, c := range []Congestion{CUBIC, NewReno, BBR} {
		for _, flows := range []int{1, 2} {
			p := newBottleneck(t, 1, 20, 10*time.Millisecond, 4, 0)
			p.markAt = p.bdp()
			for i := range flows {
				p.add(Config{Congestion: c, ECN: ECNRequest}, time.Duration(i)*time.Second)
			}
			shares, sum := p.measure(10*time.Second, 20*time.Second)
			if sum < 0.93 || jain(shares) < 0.95 {
				t.Errorf("%v, %d flows: %.3f of the link, Jain's index %.3f", c, flows, sum, jain(shares))
			}
			if st := p.env.Stats; p.dropped > 0 || st.Retransmits > 0 || st.ECNReductions == 0 || st.CEMarks == 0 {
				t.Errorf("%v, %d flows: %d dropped, %+v", c, flows, p.dropped, st)
			}
			if rtt := p.flows[0].a.Info().RTT; rtt > 50*time.Millisecond {
				t.Errorf("%v, %d flows: the queue makes %v of 20 ms", c, flows, rtt)
			}
		}
	}
}

func TestCookiesBringECNBack(t *testing.T) {
	for _, c := range []struct {
		cfg ECN
		syn Flags
		ecn bool
	}{{ECNAccept, SYN | ECE | CWR, true}, {ECNOff, SYN | ECE | CWR, false}, {ECNAccept, SYN, false}} {
		if got := echoedECN(t, &Config{ECN: c.cfg}, c.syn); got != c.ecn {
			t.Errorf("%v, %v: %v", c.cfg, c.syn, got)
		}
	}
}

// echoedECN opens a connection by a cookie, and tells whether ECN was agreed on.
func echoedECN(t *testing.T, cfg *Config, flags Flags) bool {
	var env Env
	var l Listener
	l.Init(&env, ListenConfig{Config: cfg, SYNQueue: 1})
	tuple := []byte("four-tuple")
	now := Instant(1e9)
	syn := Segment{SrcPort: 1, DstPort: 2, Seq: 100, Flags: flags, Window: 1000, Options: Options{MSS: 1000, WScale: 3, HasTS: true, TSVal: 9}}
	var buf [MaxHeaderLen]byte
	n := l.Cookie(now, tuple, &syn, testMSS, buf[:], 0)
	var answer Segment
	if err := answer.Parse(buf[:n]); err != nil {
		t.Fatal(err)
	}
	ack := Segment{SrcPort: 1, DstPort: 2, Seq: 101, Ack: answer.Seq + 1, Flags: ACK, Window: 1000, Options: Options{WScale: -1, HasTS: true, TSVal: 10, TSEcr: answer.TSVal}}
	h, ok := l.TakeCookie(now, tuple, &ack)
	if !ok {
		t.Fatal("no cookie")
	}
	e := &end{}
	e.Init(&env, e, cfg)
	if err := l.Restore(now, &e.Socket, &h, testMSS); err != nil {
		t.Fatal(err)
	}
	if e.Info().ECN != answer.Flags.Has(ECE) {
		t.Errorf("agreed on %v, but %v was answered", e.Info().ECN, answer.Flags)
	}
	return e.Info().ECN
}

func TestAMarkIsHeardHoweverMuchWasSentSinceTheLast(t *testing.T) { // 2^31 bytes later the number that ended its round trip seems to lie ahead
	s := marked(t, NewReno).run("write 30000")
	s.drain()
	ack := func(f Flags) (n int64) {
		s.now = s.now.Add(time.Millisecond)
		n = int64(s.sock.sndNxt.Sub(s.sock.sndUna))
		s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.sock.sndNxt, Flags: ACK | f, Window: 60000, Options: Options{WScale: -1}})
		return n
	}
	ack(ECE)
	data := make([]byte, 60000)
	for sent := int64(0); sent < 1<<31+1<<20; sent += ack(0) {
		s.sock.TryWrite(data)
		s.drain()
	}
	s.sock.TryWrite(data)
	s.drain()
	if ack(ECE); s.env.Stats.ECNReductions != 2 {
		t.Fatal(s.env.Stats.ECNReductions)
	}
}
