package tcp

import (
	"bytes"
	"strings"
	"testing"
)

var cookieTuple = []byte("two addresses and two ports")

// cookieEnds is a client that connects, and a listener whose queue is full.
type cookieEnds struct {
	t        *testing.T
	now      Instant
	client   *end
	env      Env
	listener Listener
}

func newCookieEnds(t *testing.T, client, server *Config) *cookieEnds {
	c := &cookieEnds{t: t, now: 1000e9, client: &end{}}
	c.listener.Init(&c.env, ListenConfig{SYNQueue: 1, Config: server})
	opened(t, &c.env, &c.listener)
	if c.listener.Admit() != AdmitCookie {
		t.Fatal("the queue is not full")
	}
	c.client.Init(&Env{}, c.client, client)
	if err := c.client.Connect(c.now, 1000, 80, 7777, 1460); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cookieEnds) emitted(e *end) (seg Segment) {
	b := make([]byte, 2000)
	n := e.Emit(c.now, b, 0)
	if err := seg.Parse(b[:n]); err != nil {
		c.t.Fatalf("nothing was sent: %v", err)
	}
	return seg
}

// answer gives the SYN+ACK with the cookie for what the client sends, and takes it there.
func (c *cookieEnds) answer() (syn, synACK Segment) {
	syn = c.emitted(c.client)
	b := make([]byte, MaxHeaderLen)
	n := c.listener.Cookie(c.now, cookieTuple, &syn, 1400, b, 0)
	if err := synACK.Parse(b[:n]); err != nil {
		c.t.Fatal(err)
	}
	c.client.Process(c.now, &synACK)
	return syn, synACK
}

// restored gives the server's end for the client's ACK.
func (c *cookieEnds) restored(ack *Segment) *end {
	c.t.Helper()
	h, ok := c.listener.TakeCookie(c.now, cookieTuple, ack)
	if !ok {
		c.t.Fatal("the cookie was refused")
	}
	e := &end{}
	e.Init(&c.env, e, c.listener.Config())
	if err := c.listener.Restore(c.now, &e.Socket, &h, 1400); err != nil {
		c.t.Fatal(err)
	}
	return e
}

// The connection that a cookie opens has all that the peer's SYN asked for, and nothing was kept of that.
func TestCookieOpensTheConnectionThatTheSYNAskedFor(t *testing.T) { // RFC 4987 §3.6
	big := &Config{RecvBuffer: 1 << 20, SendBuffer: 1 << 20}
	c := newCookieEnds(t, big, big)
	syn, synACK := c.answer()
	if len(c.listener.half) != 1 || synACK.Ack != syn.Seq+1 || synACK.Flags != SYN|ACK || synACK.MSS != 1400 || synACK.WScale != int8(big.wscale()) ||
		!synACK.SACKPermitted || synACK.TSEcr != syn.TSVal {
		t.Fatalf("%d are kept; %+v", len(c.listener.half), synACK)
	}
	c.now = c.now.Add(30e9)
	ack := c.emitted(c.client)
	s := c.restored(&ack)
	if s.State() != StateEstablished || s.sndWScale != c.client.rcvWScale || s.rcvWScale != c.client.sndWScale || s.mss != 1400-tsLen ||
		s.flags&(flagSACK|flagTS) != flagSACK|flagTS || s.cwnd < 10*1388 {
		t.Fatalf("%v %+v", s.State(), s.Socket)
	}
	if got, ok := c.listener.Accept(); !ok || got != &s.Socket {
		t.Fatal("not accepted")
	}
	if st := c.env.Stats; st.SYNCookies != 1 || st.SYNCookiesTaken != 1 || st.DropSYNCookie != 0 || st.Retransmits != 0 {
		t.Fatalf("%+v", st)
	}
	for _, w := range [][2]*end{{s, c.client}, {c.client, s}} {
		w[0].TryWrite([]byte("hello"))
		seg := c.emitted(w[0])
		w[1].Process(c.now, &seg)
		if got := w[1].Peek(); !bytes.Equal(got, []byte("hello")) {
			t.Fatalf("%q arrived", got)
		}
	}
}

func TestCookieWithoutTimestampsHasNeitherScaleNorSACK(t *testing.T) {
	c := newCookieEnds(t, &Config{NoTimestamps: true}, nil)
	_, synACK := c.answer()
	ack := c.emitted(c.client)
	s := c.restored(&ack)
	if synACK.WScale != -1 || synACK.SACKPermitted || synACK.HasTS || s.State() != StateEstablished || s.flags&(flagSACK|flagTS) != 0 || s.sndWScale+s.rcvWScale != 0 {
		t.Fatalf("%+v %+v", synACK, s.Socket)
	}
}

func TestCookieTellsTheLargestSegmentOfTheConfiguration(t *testing.T) {
	c := newCookieEnds(t, nil, &Config{MaxSegment: 1000})
	if _, synACK := c.answer(); synACK.MSS != 1000 {
		t.Fatalf("%d", synACK.MSS)
	}
}

func TestCookieOpensWithDataWhoseACKWasLost(t *testing.T) {
	c := newCookieEnds(t, nil, nil)
	c.answer()
	c.emitted(c.client)
	c.client.TryWrite([]byte("GET /"))
	data := c.emitted(c.client)
	if s := c.restored(&data); string(s.Peek()) != "GET /" {
		t.Fatalf("%q", s.Peek())
	}
}

// Whoever did not get our SYN+ACK can't open a connection, however he alters what he saw of others.
func TestCookieIsRefusedWhenAnythingOfItDiffers(t *testing.T) {
	c := newCookieEnds(t, nil, nil)
	c.answer()
	ack := c.emitted(c.client)
	refused := func(what string, tuple []byte, seg Segment) {
		t.Helper()
		was := c.env.Stats.DropSYNCookie
		if _, ok := c.listener.TakeCookie(c.now, tuple, &seg); ok || c.env.Stats.DropSYNCookie != was+1 {
			t.Errorf("taken, or not counted: %s", what)
		}
	}
	for bit := range 32 {
		a, b := ack, ack
		a.Ack ^= 1 << bit
		b.Seq ^= 1 << bit
		refused("acknowledgement", cookieTuple, a)
		refused("sequence number", cookieTuple, b)
	}
	refused("four-tuple", []byte("two addresses and two port5"), ack)
	other := Listener{}
	other.Init(&Env{}, ListenConfig{})
	other.cookies, other.cookieAt = true, c.now
	if _, ok := other.TakeCookie(c.now, cookieTuple, &ack); ok {
		t.Error("another stack took it")
	}
}

func TestCookieExpires(t *testing.T) {
	c := newCookieEnds(t, nil, nil)
	c.answer()
	ack := c.emitted(c.client)
	begun := c.now
	for c.now = begun; ; c.now = c.now.Add(1e9) {
		c.listener.cookieAt = c.now // others go on asking for them
		if _, ok := c.listener.TakeCookie(c.now, cookieTuple, &ack); !ok {
			break
		}
	}
	if age := c.now - begun; age < cookieAge*cookieUnit || age > (cookieAge+1)*cookieUnit {
		t.Fatalf("lived for %v", age)
	}
}

// A segment that the network delivers once more after the connection has closed opens none, and brings its data to no
// application again.
func TestCookieOpensOneConnectionOnly(t *testing.T) {
	c := newCookieEnds(t, nil, nil)
	c.answer()
	ack := c.emitted(c.client)
	c.restored(&ack).Abort()
	if _, ok := c.listener.TakeCookie(c.now, cookieTuple, &ack); ok || c.env.Stats.DropSYNCookie != 1 {
		t.Fatal("taken again")
	}
}

// Where the server speaks first, nothing else comes of a client whose ACK was lost.
func TestKeepAliveProbeBringsTheCookieToo(t *testing.T) { // RFC 9293 §3.8.4
	for _, garbage := range []int{0, 1} {
		c := newCookieEnds(t, &Config{KeepAlive: 15e9}, nil)
		c.answer()
		c.emitted(c.client)
		c.now = c.now.Add(15e9)
		c.client.Expire(c.now)
		probe := c.emitted(c.client)
		probe.Payload = make([]byte, garbage)
		if s := c.restored(&probe); s.State() != StateEstablished || s.rcv.Len() != 0 || s.rcvNxt != 7778 {
			t.Fatalf("%v, %d bytes, %d", s.State(), s.rcv.Len(), s.rcvNxt)
		}
	}
}

// Without an attack, an ACK for no connection is just that: nobody can try cookies on a listener that gave none.
func TestCookiesAreNotTakenWhenNoneAreOut(t *testing.T) {
	c := newCookieEnds(t, nil, nil)
	if c.listener.Cookies(c.now) {
		t.Fatal("before the first")
	}
	c.answer()
	ack := c.emitted(c.client)
	if !c.listener.Cookies(c.now) {
		t.Fatal("not after the first")
	}
	c.now = c.listener.cookieAt.Add((cookieAge + 1) * cookieUnit)
	if _, ok := c.listener.TakeCookie(c.now, cookieTuple, &ack); ok || c.listener.Cookies(c.now) {
		t.Fatal("long after the last")
	}
}

func TestCookieRoundsTheSegmentSizeDown(t *testing.T) {
	for _, w := range []struct{ mss, want uint16 }{{0, 536}, {1, minMSS}, {535, minMSS}, {536, 536}, {1459, 1440}, {1460, 1460}, {8960, 8940}, {0xffff, 8940}} {
		c := newCookieEnds(t, nil, nil)
		syn := Segment{SrcPort: 1000, DstPort: 80, Seq: 1, Flags: SYN, Options: Options{MSS: w.mss, WScale: -1}}
		var b [MaxHeaderLen]byte
		var reply Segment
		if err := reply.Parse(b[:c.listener.Cookie(c.now, cookieTuple, &syn, 9000, b[:], 0)]); err != nil {
			t.Fatal(err)
		}
		back, ok := c.listener.TakeCookie(c.now, cookieTuple, &Segment{Seq: 2, Ack: reply.Seq + 1, Flags: ACK})
		if !ok || back.syn.MSS != w.want {
			t.Errorf("%d became %d, want %d", w.mss, back.syn.MSS, w.want)
		}
	}
}

// What we send after the SYN+ACK must not seem older than that to the peer, nor may it come from the future.
func TestCookieTimestampIsNeverAheadOfTheClock(t *testing.T) { // RFC 7323 §5.3
	var e Env
	cfg := &Config{}
	for now := Instant(0); now < 300e6; now += 1e6 {
		for _, o := range []Options{{WScale: -1}, {WScale: 0}, {WScale: 14, SACKPermitted: true}} {
			ts := e.cookieTS(now, &Segment{Options: o}, cfg)
			if late := int32(e.tsVal(now) - ts); late < 0 || late >= 2<<cookieTSBits {
				t.Fatalf("at %v: %d ms behind", now, late)
			}
		}
	}
}

func TestCookieNeedsRoomAndEntropy(t *testing.T) {
	var l Listener
	env := &Env{Rand: strings.NewReader("")}
	l.Init(env, ListenConfig{})
	var b [MaxHeaderLen]byte
	if l.Cookie(0, cookieTuple, &Segment{Flags: SYN}, 1460, b[:], 0) != 0 || l.Cookies(0) {
		t.Error("made from nothing")
	}
	env.Rand = nil
	if l.Cookie(0, cookieTuple, &Segment{Flags: SYN}, 1460, b[:MaxHeaderLen-1], 0) != 0 {
		t.Error("written into too little room")
	}
}

func TestCookieAllocatesNothing(t *testing.T) {
	c := newCookieEnds(t, nil, nil)
	syn := c.emitted(c.client)
	var b [MaxHeaderLen]byte
	if n := testing.AllocsPerRun(100, func() {
		c.listener.Cookie(c.now, cookieTuple, &syn, 1460, b[:], 0)
		c.listener.TakeCookie(c.now, cookieTuple, &syn)
	}); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}
