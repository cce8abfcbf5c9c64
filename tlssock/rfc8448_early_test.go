package tlssock

import (
	"bytes"
	"testing"
	"time"

	"smoltls/tlssock/internal/kex"
	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// traceSession is the session of RFC 8448 §4, of the ticket in the hello.
func traceSession(t *testing.T, tr trace) *ClientSession {
	var hello wire.ClientHello
	if err := hello.Parse(tr.get(t, "client hello")[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	ticket := bytes.Clone(hello.PSKIdentities[2 : len(hello.PSKIdentities)-4])
	s := &ClientSession{ticket: ticket}
	s.session = session{suite: suite.AES128GCM, secret: tr.get(t, "psk"), maxEarly: 1024, lifetime: time.Hour}
	return s
}

// RFC 8448 §4 byte for byte: binder, early data, its end, data both ways and the close.
func TestRFC8448Resumed0RTT(t *testing.T) {
	tr := loadTrace(t, "4")
	e, h := traceClient(t, tr, nil, kex.X25519)
	hello := tr.get(t, "client hello")
	h.offering.session = traceSession(t, tr)
	h.offering.keys = []psk{{identity: h.offering.session.ticket, key: h.offering.session.secret, hash: suite.SHA256}}
	h.hello.PSKBinders = bytes.Clone(h.hello.PSKBinders)

	t.Log("# the binder")
	unbound := bytes.Clone(hello)
	clear(unbound[len(unbound)-32:])
	if h.bind(unbound); !bytes.Equal(unbound, hello) {
		t.Errorf("binder %x, want %x", unbound[len(unbound)-32:], tr.get(t, "binder"))
	}
	if err := h.transcript.Add(hello); err != nil {
		t.Fatal(err)
	}
	t.Log("# early data")
	h.earlyOut = earlyOut{open: true, left: 1024, budget: earlyBudget(1024)}
	e.hs = &h.handshake
	e.facts.earlyStatus = EarlyDataOffered
	if err := h.startEarly(); err != nil {
		t.Fatal(err)
	}
	if got := e.facts.rare.early.exporter[:32]; !bytes.Equal(got, tr.get(t, "e exp master")) {
		t.Errorf("early exporter secret %x", got)
	}
	buf := make([]byte, 100)
	if n, err := e.SealEarly(buf, []byte("ABCDEF")); err != nil || !bytes.Equal(buf[:n], tr.get(t, "early data")) {
		t.Errorf("early data sealed as %x, %v", buf[:n], err)
	}
	t.Log("# the server's hello and flight; EndOfEarlyData and Finished")
	receiveTrace(t, e, handshakeRecord(tr.get(t, "server hello")), nil)
	receiveTrace(t, e, tr.get(t, "server flight"), append(tr.get(t, "end of early data"), tr.get(t, "client finished")...))
	if cs := e.ConnectionState(); !e.HandshakeComplete() || !cs.DidResume || cs.EarlyData != EarlyDataAccepted {
		t.Fatalf("%+v", cs)
	}
	if got := e.facts.exporter[:32]; !bytes.Equal(got, tr.get(t, "exp master")) {
		t.Errorf("exporter secret %x", got)
	}
	t.Log("# data both ways, and the end")
	data := make([]byte, 50)
	for i := range data {
		data[i] = byte(i)
	}
	if n, err := e.Seal(buf, data); err != nil || !bytes.Equal(buf[:n], tr.get(t, "client data")) {
		t.Errorf("data sealed as %x, %v", buf[:n], err)
	}
	if app := receiveTrace(t, e, tr.get(t, "server data"), nil); !bytes.Equal(app, data) {
		t.Errorf("data %x", app)
	}
	closeTrace(t, e, tr)
}

// The server of RFC 8448 §4: it finds the key of the ticket, opens early data, and agrees on the same secrets. What it
// says after ServerHello is another selection of extensions than the trace's.
func TestRFC8448ServerReadsEarlyData(t *testing.T) {
	tr := loadTrace(t, "4")
	hello := tr.get(t, "server hello")
	p := newPair(t, func(_, s *Config) {
		s.ClientAuth, s.MaxEarlyData, s.ReplayGuard = 0, 1024, accepter{}
		s.Rand = bytes.NewReader(append(append(bytes.Clone(hello[6:38]), tr.get(t, "server private")...), make([]byte, 1000)...))
	})
	hs, err := p.env.beginServer(p.server, p.server.prep)
	if err != nil {
		t.Fatal(err)
	}
	p.server.facts = &facts{}
	// Tickets of the trace are of an unknown form: the key is found as if it had been opened.
	m := message{wire.TypeClientHello, tr.get(t, "client hello"), true}
	var msg wire.ClientHello
	if _, err := hs.readClientHello(m, &msg); err != nil {
		t.Fatal(err)
	}
	hs.suite = suite.ByID(suite.AES128GCM)
	hs.transcript.Choose(hs.suite.Hash)
	hs.resuming.session, hs.resuming.found = traceSession(t, tr).session, true
	share, err := hs.chooseGroup(&msg)
	if err != nil || share == nil {
		t.Fatal(err)
	}
	if p.server.state, err = hs.answer(m, &msg); err != nil {
		t.Fatal(err)
	}
	if out := p.server.Output(); !bytes.HasPrefix(out[5:], hello) {
		t.Errorf("ServerHello\n%x\nwant\n%x", out, hello)
	}
	if !bytes.Equal(hs.cut(&hs.clientSecret), tr.get(t, "c hs traffic")) {
		t.Error("another secret of the handshake")
	}
	if _, err := p.server.Receive(nil, tr.get(t, "early data")); err != nil {
		t.Fatal(err)
	}
	if got := p.readEarly(); got != "ABCDEF" {
		t.Errorf("early data %q", got)
	}
	if _, err := p.server.Receive(nil, tr.get(t, "end of early data")); err != nil {
		t.Fatal(err)
	}
	if _, ok := p.server.state.(serverExpectFinished); !ok {
		t.Errorf("%T", p.server.state)
	}
}

// accepter is a guard for a trace of long ago.
type accepter struct{}

func (accepter) Accept(time.Time, EarlyHello) bool { return true }
