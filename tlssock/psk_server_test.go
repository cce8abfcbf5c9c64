package tlssock

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// newResumingPair is a mutual pair whose client keeps sessions.
func newResumingPair(t testing.TB, change ...func(client, server *Config)) *pair {
	t.Helper()
	return newPair(t, append([]func(client, server *Config){func(c, _ *Config) { c.ClientSessionCache = NewLRUClientSessionCache(0) }}, change...)...)
}

// again runs another handshake of the same configurations, and reports whether it was resumed.
func (p *pair) again() bool {
	p.t.Helper()
	p.restart()
	p.mustHandshake()
	p.exchange("goes on")
	c, s := p.client.ConnectionState(), p.server.ConnectionState()
	if c.DidResume != s.DidResume {
		p.t.Fatalf("client resumed: %v, server: %v", c.DidResume, s.DidResume)
	}
	return c.DidResume
}

func TestAConnectionIsResumedWithAllThatWasKnown(t *testing.T) {
	for _, suites := range [][]uint16{nil, {tls.TLS_AES_256_GCM_SHA384}} {
		for _, group := range []tls.CurveID{tls.X25519, tls.CurveP384} { // the second by way of HelloRetryRequest
			p := newResumingPair(t, func(c, s *Config) {
				c.CipherSuites, s.CurvePreferences = suites, []tls.CurveID{group}
				c.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP384}
				c.NextProtos, s.NextProtos = []string{"h2"}, []string{"h2"}
			})
			if p.again() {
				t.Fatal("the first connection is resumed")
			}
			first := [2]ConnectionState{p.client.ConnectionState(), p.server.ConnectionState()}
			for range 3 {
				if !p.again() {
					t.Fatalf("suites %v, group %v: not resumed", suites, group)
				}
				for k, e := range []*Engine{p.client, p.server} {
					cs := e.ConnectionState()
					if len(cs.PeerCertificates) != 1 || !bytes.Equal(cs.PeerCertificates[0].Raw, first[k].PeerCertificates[0].Raw) || !cs.PeerVerified ||
						cs.PeerSignatureScheme != first[k].PeerSignatureScheme || cs.ServerName != testServerName || cs.NegotiatedProtocol != "h2" ||
						cs.ClientCertificateRequested || cs.HelloRetryRequest != (group != tls.X25519) {
						t.Errorf("%v: %+v", e.role, cs)
					}
				}
			}
			if st := p.env.Stats; st.Resumptions != 6 || st.HandshakesCompleted != 8 || st.TicketsOut != 4 || st.TicketsIn != 4 {
				t.Errorf("%+v", st)
			}
		}
	}
}

func TestNothingIsResumedWhenOneOfBothDoesNotWantTo(t *testing.T) {
	for name, change := range map[string]func(client, server *Config){
		"no cache":                       func(c, _ *Config) { c.ClientSessionCache = nil },
		"tickets disabled at the client": func(c, _ *Config) { c.SessionTicketsDisabled = true },
		"tickets disabled at the server": func(_, s *Config) { s.SessionTicketsDisabled = true },
	} {
		p := newResumingPair(t, change)
		if p.again(); p.again() {
			t.Errorf("%s: resumed", name)
		}
		if p.env.Stats.TicketsOut != 0 {
			t.Errorf("%s: tickets are sent", name)
		}
	}
}

// What a ticket was made under must still hold when it is used.
func TestAServerResumesOnlyWhatItWouldAcceptToday(t *testing.T) {
	other := makeID(t, "P-256-other", testClientName)
	for name, change := range map[string]func(p *pair){
		"client no longer trusted":      func(p *pair) { p.serverCfg.Trust = other.pin() },
		"client's certificate expired":  func(p *pair) { p.env.Now = epoch.Add(2 * time.Hour) },
		"clients need no certificate":   func(p *pair) { p.serverCfg.ClientAuth = tls.NoClientCert },
		"ticket keys are others":        func(p *pair) { p.serverCfg.SetSessionTicketKeys([][32]byte{{1}}) },
		"another hash":                  func(p *pair) { p.serverCfg.CipherSuites = []uint16{tls.TLS_AES_256_GCM_SHA384} },
		"client lost trust in a server": func(p *pair) { p.clientCfg.Trust = other.pin() },
		"another name":                  func(p *pair) { p.clientCfg.ServerName, p.clientCfg.SessionCacheKey = "", testServerName },
	} {
		p := newResumingPair(t)
		p.again()
		p.clientCfg, p.serverCfg = p.clientCfg.Clone(), p.serverCfg.Clone()
		change(p)
		p.restart()
		p.handshake()
		if p.client.ConnectionState().DidResume || p.server.ConnectionState().DidResume {
			t.Errorf("%s: resumed", name)
		}
	}
}

// A fleet that shares its ticket keys resumes each other's connections, and goes on to do so while they rotate.
func TestServersWithTheSameKeysResumeEachOthersConnections(t *testing.T) {
	p := newResumingPair(t, func(_, s *Config) { s.SetSessionTicketKeys([][32]byte{{1}}) })
	p.again()
	one := p.serverCfg
	two := &Config{Certificates: one.Certificates, Trust: one.Trust, ClientAuth: one.ClientAuth}
	if err := two.SetSessionTicketKeys([][32]byte{{2}, {1}}); err != nil {
		t.Fatal(err)
	}
	p.serverCfg = two
	if !p.again() {
		t.Error("the second server does not resume what the first began")
	}
	p.serverCfg = one
	if p.again() {
		t.Error("the first server resumes under a key that it does not have")
	}
}

func TestASessionEndsAfterSevenDaysHoweverOftenItIsResumed(t *testing.T) {
	long := func(name string) testID {
		return makeID(t, "Ed25519", name, func(c *x509.Certificate) { c.NotAfter = epoch.Add(365 * 24 * time.Hour) })
	}
	c, s := long(testClientName), long(testServerName)
	p := newResumingPair(t, func(cc, sc *Config) {
		cc.Certificates, cc.Trust = []tls.Certificate{c.cert}, s.pin()
		sc.Certificates, sc.Trust = []tls.Certificate{s.cert}, c.pin()
	})
	p.again()
	const day = 24 * time.Hour
	for k := range 20 {
		p.env.Now = p.env.Now.Add(day / 2)
		if resumed := p.again(); resumed != (k != 13) {
			t.Errorf("%v after a full handshake: resumed %v", time.Duration(k+1)*day/2, resumed)
		}
	}
}

func TestAWrongBinderOrNumberOfBindersIsFatal(t *testing.T) {
	for name, c := range map[string]struct {
		change func(m *wire.ClientHello)
		alert  Alert
		err    error
	}{
		"flipped bit":     {func(m *wire.ClientHello) { m.PSKBinders[5] ^= 1 }, AlertDecryptError, ErrBadBinder},
		"too long":        {func(m *wire.ClientHello) { m.PSKBinders = append([]byte{48}, make([]byte, 48)...) }, AlertDecryptError, ErrBadBinder},
		"two for one key": {func(m *wire.ClientHello) { m.PSKBinders = append(m.PSKBinders, m.PSKBinders...) }, AlertIllegalParameter, ErrBinders},
	} {
		p := newResumingPair(t)
		p.again()
		p.restart()
		p.mangle = func(from Role, rec []byte) []byte {
			if from != RoleClient {
				return rec
			}
			p.mangle = nil
			var m wire.ClientHello
			if err := m.Parse(rec[5+wire.HeaderLen:]); err != nil {
				t.Fatal(err)
			}
			if !m.Has.Has(wire.ExtPreSharedKey) {
				t.Fatal("no key is offered")
			}
			c.change(&m)
			b, err := m.Append(rec[:5:5])
			if err != nil {
				t.Fatal(err)
			}
			b[3], b[4] = byte((len(b)-5)>>8), byte(len(b)-5)
			return b
		}
		p.handshake()
		p.wantAlert(p.server, c.alert)
		if !errors.Is(p.server.Err(), c.err) {
			t.Errorf("%s: %v", name, p.server.Err())
		}
	}
}

// A ticket that anything was done to is none: the handshake is a full one.
func TestATicketThatWasChangedResumesNothing(t *testing.T) {
	p := newResumingPair(t)
	p.again()
	good, _ := p.clientCfg.ClientSessionCache.Get(testServerName)
	for k := range good.ticket {
		if len(good.ticket) > 200 && k > 60 && k%17 != 0 { // AES-GCM has no weak places in the middle
			continue
		}
		for _, ticket := range [][]byte{flip(good.ticket, k), good.ticket[:k]} {
			if len(ticket) == 0 {
				continue
			}
			bad := *good
			bad.ticket = ticket
			c := NewLRUClientSessionCache(1)
			c.Put(testServerName, &bad)
			p.clientCfg = p.clientCfg.Clone()
			p.clientCfg.ClientSessionCache = c
			if p.again() {
				t.Fatalf("resumed with byte %d changed, or %d bytes", k, len(ticket))
			}
		}
	}
}

func flip(b []byte, k int) []byte {
	b = bytes.Clone(b)
	b[k] ^= 0x40
	return b
}

func TestServersLookAtAFewOfTheKeysThatAreOffered(t *testing.T) {
	p := newResumingPair(t)
	p.again()
	h := &serverHandshake{}
	h.begin(p.server, p.server.prep)
	defer func() { p.server.hs = nil }()
	p.server.facts = &facts{}
	h.suite = p.server.prep.suites[0]
	msg := wire.ClientHello{Has: wire.SetOf(wire.ExtPreSharedKey), PSKModes: pskDHEOnly}
	for range 100 {
		msg.PSKIdentities = append(msg.PSKIdentities, append([]byte{0, 60}, make([]byte, 64)...)...)
		msg.PSKBinders = append(msg.PSKBinders, append([]byte{32}, make([]byte, 32)...)...)
	}
	opened := 0
	p.env.Now = epoch
	if n := testing.AllocsPerRun(1, func() { opened++; h.findSession(&msg) }); n > 20 {
		t.Errorf("%v allocations for 100 keys", n)
	}
	if h.resuming.found || opened == 0 {
		t.Error("resumed")
	}
}

func TestRecheckOfASessionWithoutCertificates(t *testing.T) {
	h := &handshake{}
	if err := h.recheck(&session{}, true, x509lite.RoleServer); !errors.Is(err, x509lite.ErrNoCertificate) {
		t.Error(err)
	}
	if err := h.recheck(&session{}, false, x509lite.RoleServer); err != nil {
		t.Error(err)
	}
}

// The client that a ticket is of has not shown that it is here before its binder is checked: a ticket that is offered
// in the first hello and not in the second, which anybody can do who has seen it on its way, leaves no trace of its
// client (RFC 8446 §4.2.11).
func TestATicketOfTheFirstHelloAloneSaysNothingOfTheClient(t *testing.T) {
	p := newResumingPair(t, func(c, s *Config) {
		c.CurvePreferences, s.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}, []tls.CurveID{tls.CurveP256}
		s.ClientAuth = tls.VerifyClientCertIfGiven
	})
	p.again()
	victim := p.client.ConnectionState().LocalCertificate
	if got := p.server.ConnectionState().PeerCertificates; len(got) != 1 || !bytes.Equal(got[0].Raw, victim.Raw) {
		t.Fatal("the first connection's client is not known")
	}
	stolen, _ := p.clientCfg.ClientSessionCache.Get(p.clientCfg.SessionKey())
	p.clientCfg = p.clientCfg.Clone()
	p.clientCfg.Certificates = nil
	stolen.secret, stolen.own = bytes.Repeat([]byte{1}, len(stolen.secret)), nil // who looked on has the ticket and not the key
	p.clientCfg.ClientSessionCache.Put(p.clientCfg.SessionKey(), stolen)
	p.restart()
	if err := p.client.Start(); err != nil {
		t.Fatal(err)
	}
	p.collect()
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	p.client.hs.client.offering.session.ticket = []byte("another ticket") // in the second hello
	p.run()
	p.mustBeOpen()
	cs := p.server.ConnectionState()
	if !cs.HelloRetryRequest || cs.DidResume || len(cs.PeerCertificates) != 0 || cs.PeerRawPublicKey != nil || cs.PeerVerified || cs.VerifiedChains != nil || cs.TicketAgeSkew != 0 {
		t.Errorf("%+v", cs)
	}
}

// Whether the client of a session is verified is a matter of who would be accepted today, as all that is said of it is
// checked anew.
func TestAResumedClientIsVerifiedByTheConfigOfToday(t *testing.T) {
	for _, c := range []struct {
		first, second tls.ClientAuthType
		verified      bool
	}{
		{tls.RequestClientCert, tls.RequireAndVerifyClientCert, true},
		{tls.RequireAnyClientCert, tls.VerifyClientCertIfGiven, true},
		{tls.RequireAndVerifyClientCert, tls.RequireAnyClientCert, false},
	} {
		p := newResumingPair(t, func(_, s *Config) { s.ClientAuth = c.first })
		p.again()
		p.serverCfg = p.serverCfg.Clone()
		p.serverCfg.ClientAuth = c.second
		if !p.again() {
			t.Errorf("%v, then %v: not resumed", c.first, c.second)
		}
		if got := p.server.ConnectionState(); got.PeerVerified != c.verified || len(got.PeerCertificates) != 1 {
			t.Errorf("%v, then %v: verified: %v", c.first, c.second, got.PeerVerified)
		}
	}
}
