package tcp

import (
	"errors"
	"testing"
)

func TestOpenAnswersSYNWithTheOptionsThatItHad(t *testing.T) { // RFC 9293 §3.10.7.2
	newScript(t, nil).passive("mss 1000 wscale 7 ts 100 0").run(`
		state SYN-RECEIVED
		> S. 0(0) ack 1 mss 1460 wscale 7 ts 5000 100
		< . 1(0) ack 1 win 100 ts 101 5000
		state ESTABLISHED
		> -
		write 2000
		> . 1(988)
		> . 989(988)
		> P. 1977(24)`)
	newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0) ack 1 mss 1460 nowscale nots`)
}

func TestSynReceivedKeepsDataThatComesWithTheACK(t *testing.T) { // the ACK by itself was lost
	newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0) ack 1
		< P. 1(10) ack 1
		state ESTABLISHED
		read 10`)
}

func TestSynReceivedTakesFIN(t *testing.T) {
	newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0) ack 1
		< F. 1(3) ack 1
		> . 1(0) ack 5
		state CLOSE-WAIT
		read 3
		eof`)
}

func TestSynReceivedSendsSYNACKAgainForASYNThatComesAgain(t *testing.T) {
	newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0) ack 1
		< S 0(0) mss 1000
		> S. 0(0) ack 1
		+ 1s
		> S. 0(0) ack 1`)
}

func TestSynReceivedAnswersAnImpossibleACKByRST(t *testing.T) { // RFC 9293 §3.10.7.4, fifth
	newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0) ack 1
		< . 1(0) ack 77
		> R 77(0)
		state SYN-RECEIVED
		< . 1(0) ack 1
		state ESTABLISHED`)
}

func TestSynReceivedEndsByRSTWithoutTroublingTheListener(t *testing.T) {
	s := newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0) ack 1
		< R 1(0)
		state CLOSED`)
	if _, ok := s.listener.Accept(); ok || len(s.listener.half) != 0 {
		t.Fatal("the listener still has it")
	}
}

func TestSynReceivedGivesUp(t *testing.T) {
	s := newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0)
		+ 1s
		> S. 0(0)
		+ 2s
		> S. 0(0)
		+ 4s
		> S. 0(0)
		+ 8s
		> S. 0(0)
		+ 16s
		> S. 0(0)
		+ 28s
		state SYN-RECEIVED
		+ 1s
		> -
		state CLOSED`)
	if len(s.listener.half) != 0 {
		t.Fatal("the listener still has it")
	}
}

func TestSynReceivedClosedSendsFINWhenTheHandshakeIsDone(t *testing.T) { // RFC 9293 §3.10.4
	newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0) ack 1
		closewrite
		< . 1(0) ack 1
		state FIN-WAIT-1
		> F. 1(0) ack 1`)
}

func TestSYNWithDataIsAnsweredWithoutIt(t *testing.T) {
	s := newScript(t, nil)
	seg := s.parse("S 0(0)")
	seg.Payload = []byte("early")
	if err := s.listener.Open(s.now, &s.sock.Socket, &seg, s.iss, scriptMSS); err != nil {
		t.Fatal(err)
	}
	s.run("> S. 0(0) ack 1")
	if s.env.Stats.DropSYNData != 1 {
		t.Fatal("not counted")
	}
}

// opened gives a socket in SYN-RECEIVED under l.
func opened(t *testing.T, env *Env, l *Listener) *end {
	e := &end{}
	e.Init(env, e, nil)
	if err := l.Open(0, &e.Socket, &Segment{SrcPort: 1, DstPort: 2, Seq: 10, Flags: SYN, Window: 1000, Options: Options{WScale: -1}}, 100, 1460); err != nil {
		t.Fatal(err)
	}
	var buf [100]byte
	e.Emit(0, buf[:], 0)
	return e
}

func complete(e *end) {
	e.Process(0, &Segment{Seq: 11, Ack: 101, Flags: ACK, Window: 1000, Options: Options{WScale: -1}})
}

func TestListenerBoundsItsSYNQueue(t *testing.T) {
	var env Env
	var l Listener
	l.Init(&env, ListenConfig{SYNQueue: 2, NoSYNCookies: true})
	a := opened(t, &env, &l)
	opened(t, &env, &l)
	if l.Admit() != AdmitNone || env.Stats.DropSYNQueueFull != 1 {
		t.Fatalf("a third was admitted: %+v", env.Stats)
	}
	a.Abort()
	if l.Admit() != AdmitOpen {
		t.Fatal("refused though one has left")
	}
}

func TestListenerDropsTheACKThatTheAcceptQueueHasNoRoomFor(t *testing.T) { // and sends SYN+ACK again, until there is room
	var env Env
	var l Listener
	l.Init(&env, ListenConfig{AcceptQueue: 1})
	a, b := opened(t, &env, &l), opened(t, &env, &l)
	complete(a)
	if l.Admit() != AdmitNone {
		t.Fatal("admitted with the accept queue full")
	}
	complete(b)
	if a.State() != StateEstablished || b.State() != StateSynReceived || env.Stats.DropAcceptQueueFull != 2 {
		t.Fatalf("%v %v %+v", a.State(), b.State(), env.Stats)
	}
	b.Expire(b.Deadline())
	var buf [100]byte
	if b.Emit(1e9, buf[:], 0) == 0 {
		t.Fatal("SYN+ACK was not sent again")
	}
	if s, ok := l.Accept(); !ok || s != &a.Socket {
		t.Fatal("not accepted")
	}
	complete(b)
	if s, ok := l.Accept(); !ok || s != &b.Socket || b.State() != StateEstablished {
		t.Fatal("not accepted when there was room")
	}
}

func TestListenerGivesConnectionsInTheirOrder(t *testing.T) {
	var env Env
	var l Listener
	l.Init(&env, ListenConfig{})
	a, b, c := opened(t, &env, &l), opened(t, &env, &l), opened(t, &env, &l)
	complete(b)
	complete(c)
	complete(a)
	c.Abort() // before anybody accepted it
	for _, want := range []*end{b, a} {
		if s, ok := l.Accept(); !ok || s != &want.Socket || s.Host() != Host(want) {
			t.Fatal("wrong order")
		}
	}
	if _, ok := l.Accept(); ok {
		t.Fatal("accepted a closed one")
	}
}

func TestListenerCloseResetsWhatNobodyAccepted(t *testing.T) {
	var env Env
	var l Listener
	l.Init(&env, ListenConfig{})
	half, full := opened(t, &env, &l), opened(t, &env, &l)
	complete(full)
	l.Close()
	var buf [100]byte
	for _, e := range []*end{half, full} {
		var seg Segment
		n := e.Emit(0, buf[:], 0)
		if e.State() != StateClosed || n == 0 || seg.Parse(buf[:n]) != nil || seg.Flags&RST == 0 {
			t.Fatalf("%v, %d bytes", e.State(), n)
		}
	}
	if l.Admit() != AdmitNone {
		t.Fatal("admits after Close")
	}
	e := &end{}
	e.Init(&env, e, nil)
	if err := l.Open(0, &e.Socket, &Segment{Flags: SYN}, 1, 1460); !errors.Is(err, ErrNotOpen) {
		t.Fatal(err)
	}
}

func TestListenerOpensNothingButSYN(t *testing.T) {
	var env Env
	var l Listener
	l.Init(&env, ListenConfig{})
	for _, f := range []Flags{0, ACK, SYN | ACK, SYN | RST, SYN | FIN, FIN} {
		e := &end{}
		e.Init(&env, e, nil)
		if err := l.Open(0, &e.Socket, &Segment{Flags: f}, 1, 1460); !errors.Is(err, ErrNotOpen) || e.State() != StateClosed {
			t.Fatalf("%v: %v", f, err)
		}
	}
}

// What a peer sent before it died in the queue is for nobody: it would be out for good.
func TestAConnectionThatDiesInTheQueueLeavesNoData(t *testing.T) {
	for _, end := range []string{"< R 11(0)", "< R. 11(0) ack 1"} {
		s := newScript(t, nil).passive("mss 1000").run(`
			> S. 0(0) ack 1
			< . 1(0) ack 1
			< P. 1(10) ack 1
			state ESTABLISHED
			` + end + `
			state CLOSED`)
		if _, ok := s.listener.Accept(); ok || s.env.Pool.Out() != 0 {
			t.Errorf("%s: %d bytes are out", end, s.env.Pool.Out())
		}
	}
}

func TestMemoryOfAConnectionThatDiedInTheQueueMayBeUsedAgain(t *testing.T) {
	var env Env
	var l Listener
	l.Init(&env, ListenConfig{})
	e := opened(t, &env, &l)
	complete(e)
	e.Process(0, &Segment{Seq: 11, Flags: RST})
	e.Init(&env, e, nil)
	if err := e.Connect(0, 1, 2, 3, 1460); err != nil {
		t.Fatal(err)
	}
	if _, ok := l.Accept(); ok {
		t.Fatal("accepted what is another connection now")
	}
}
