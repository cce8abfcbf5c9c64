package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
)

// changeServerHello lets change alter the server's first ServerHello on its way.
func (p *pair) changeServerHello(change func(m *wire.ServerHello)) {
	p.mangle = func(from Role, rec []byte) []byte {
		if from != RoleServer || rec[0] != byte(wire.Handshake) {
			return rec
		}
		p.mangle = nil
		var m wire.ServerHello
		if err := m.Parse(rec[5+wire.HeaderLen:]); err != nil {
			p.t.Fatal(err)
		}
		change(&m)
		b, err := m.Append(rec[:5:5])
		if err != nil {
			p.t.Fatal(err)
		}
		b[3], b[4] = byte((len(b)-5)>>8), byte(len(b)-5)
		return b
	}
}

func TestAClientRefusesAKeyThatItDidNotOffer(t *testing.T) {
	for name, c := range map[string]struct {
		offer  bool
		change func(m *wire.ServerHello)
		alert  Alert
		err    error
	}{
		"none was offered":  {false, func(m *wire.ServerHello) { m.Has.Add(wire.ExtPreSharedKey) }, AlertUnsupportedExtension, ErrUnexpectedMessage},
		"another number":    {true, func(m *wire.ServerHello) { m.SelectedIdentity = 1 }, AlertIllegalParameter, ErrPSKIdentity},
		"another hash":      {true, func(m *wire.ServerHello) { m.CipherSuite = tls.TLS_AES_256_GCM_SHA384 }, AlertIllegalParameter, ErrPSKHash},
		"without key share": {true, func(m *wire.ServerHello) { m.Has &^= wire.SetOf(wire.ExtKeyShare) }, AlertMissingExtension, nil},
	} {
		p := newResumingPair(t)
		if c.offer {
			p.again()
		}
		p.restart()
		p.changeServerHello(c.change)
		p.handshake()
		if a := alertOf(p.client.Err()); a == nil || a.Alert != c.alert || c.err != nil && !errors.Is(a, c.err) {
			t.Errorf("%s: %v", name, p.client.Err())
		}
	}
}

func TestASessionThatCannotBeUsedIsNotOffered(t *testing.T) {
	for name, change := range map[string]func(s *ClientSession){
		"too old":         func(s *ClientSession) { s.issued = epoch.Add(-8 * 24 * time.Hour) },
		"from the future": func(s *ClientSession) { s.issued = epoch.Add(time.Hour) },
		"lifetime over":   func(s *ClientSession) { s.lifetime, s.issued = time.Second, epoch.Add(-time.Second) },
		"another name":    func(s *ClientSession) { s.serverName = "other.example" },
		"unknown suite":   func(s *ClientSession) { s.suite = 0x1399 },
		"no certificate":  func(s *ClientSession) { s.chain = nil },
		"another one's":   func(s *ClientSession) { s.chain = [][]byte{makeID(t, "P-256-other", testServerName).leaf.Raw} },
		"spoiled":         func(s *ClientSession) { s.chain = [][]byte{{1, 2, 3}} },
	} {
		p := newResumingPair(t)
		p.again()
		s, _ := p.clientCfg.ClientSessionCache.Get(testServerName)
		change(s)
		p.clientCfg.ClientSessionCache.Put(testServerName, s)
		p.restart()
		var offered bool
		p.mangle = func(from Role, rec []byte) []byte {
			if from == RoleClient && rec[0] == byte(wire.Handshake) {
				var m wire.ClientHello
				m.Parse(rec[5+wire.HeaderLen:])
				offered = offered || m.Has.Has(wire.ExtPreSharedKey)
			}
			return rec
		}
		p.mustHandshake()
		if offered {
			t.Errorf("%s: offered", name)
		}
	}
}

func TestATicketIsOfferedOnce(t *testing.T) {
	p := newResumingPair(t, func(_, s *Config) { s.SessionTickets = 2 })
	p.again()
	a, _ := p.clientCfg.ClientSessionCache.Get(testServerName)
	b, _ := p.clientCfg.ClientSessionCache.Get(testServerName)
	if _, ok := p.clientCfg.ClientSessionCache.Get(testServerName); ok || a == nil || b == nil || string(a.secret) == string(b.secret) || a.ageAdd == b.ageAdd {
		t.Error("want two tickets that have nothing in common")
	}
}

// When HelloRetryRequest selects a suite with another hash, the key goes from the second hello (RFC 8446 §4.1.4).
func TestARetryForAnotherHashWithdrawsTheKey(t *testing.T) {
	p := newResumingPair(t, func(c, s *Config) { c.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP384} })
	p.again()
	p.serverCfg = p.serverCfg.Clone()
	p.serverCfg.CurvePreferences, p.serverCfg.CipherSuites = []tls.CurveID{tls.CurveP384}, []uint16{tls.TLS_AES_256_GCM_SHA384}
	if p.again() {
		t.Error("resumed")
	}
}

// A ticket from the near future is offered as a new one, not as one of 49 days (RFC 8446 §4.2.11.1: ages are modulo
// 2^32 milliseconds).
func TestAClockThatWasSetBackMakesNoTicketOld(t *testing.T) {
	p := newResumingPair(t)
	p.again()
	p.env.Now = p.env.Now.Add(-5 * time.Second)
	if !p.again() {
		t.Fatal("not resumed")
	}
	if skew := p.server.ConnectionState().TicketAgeSkew; skew != 5*time.Second {
		t.Errorf("the client tells an age that is %v more than ours", skew)
	}
}

// Who goes on from a session is to the server who began it. So a cache that is shared by clients of different
// identities lends none of them that of another.
func TestASessionIsOfferedByTheIdentityThatBeganIt(t *testing.T) {
	mine, other := makeID(t, "P-256", testClientName), makeID(t, "P-256-other", "other.example")
	raw := tls.Certificate{PrivateKey: keyOnce["P-384"]()}
	for name, c := range map[string]struct {
		first, second []tls.Certificate
		change        func(c *Config)
		resumes       bool
	}{
		"the same":                      {[]tls.Certificate{mine.cert}, []tls.Certificate{mine.cert}, nil, true},
		"the same among others":         {[]tls.Certificate{mine.cert}, []tls.Certificate{other.cert, mine.cert}, nil, true},
		"another":                       {[]tls.Certificate{mine.cert}, []tls.Certificate{other.cert}, nil, false},
		"none":                          {[]tls.Certificate{mine.cert}, nil, nil, false},
		"begun without":                 {nil, []tls.Certificate{mine.cert}, nil, true},
		"another, with early data":      {[]tls.Certificate{mine.cert}, []tls.Certificate{other.cert}, func(c *Config) { c.EnableEarlyData = true }, false},
		"a raw key":                     {[]tls.Certificate{raw}, []tls.Certificate{raw}, nil, true},
		"a certificate after a raw key": {[]tls.Certificate{raw}, []tls.Certificate{mine.cert}, nil, false},
		"whatever a callback gives": {[]tls.Certificate{mine.cert}, nil, func(c *Config) {
			c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &mine.cert, nil }
		}, true},
	} {
		p := newResumingPair(t, func(cc, s *Config) {
			cc.Certificates = c.first
			s.ClientAuth, s.InsecureSkipVerify, s.MaxEarlyData = tls.RequestClientCert, true, 1000
			s.PeerCertificateTypes = []CertificateType{CertificateTypeX509, CertificateTypeRawPublicKey}
		})
		p.again()
		for range 2 { // the second goes on from a session that was itself resumed
			p.clientCfg = p.clientCfg.Clone()
			if p.clientCfg.Certificates = c.second; c.change != nil {
				c.change(p.clientCfg)
			}
			if p.again() != c.resumes {
				t.Errorf("%s: resumed: %v", name, !c.resumes)
			}
			if !c.resumes {
				break
			}
		}
	}
}
