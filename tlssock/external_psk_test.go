package tlssock

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

func testPSK(name string, change ...func(*ExternalPSK)) ExternalPSK {
	p := ExternalPSK{Identity: []byte(name), Key: bytes.Repeat([]byte(name+"!"), 16)[:32]}
	for _, f := range change {
		f(&p)
	}
	return p
}

func direct(p *ExternalPSK) { p.Direct = true }
func sha384(p *ExternalPSK) { p.Hash = crypto.SHA384 }

// newPSKPair is a pair of which neither has a certificate or trusts one.
func newPSKPair(t testing.TB, client, server []ExternalPSK, change ...func(client, server *Config)) *pair {
	t.Helper()
	return newResumingPair(t, append([]func(c, s *Config){func(c, s *Config) {
		c.Certificates, c.Trust, c.ExternalPSKs = nil, nil, client
		s.Certificates, s.Trust, s.ExternalPSKs, s.ClientAuth = nil, nil, server, tls.NoClientCert
	}}, change...)...)
}

func TestAnExternalKeyIsIdentityEnough(t *testing.T) {
	for name, key := range map[string]ExternalPSK{
		"imported": testPSK("device-7"), "with context": testPSK("device-7", func(p *ExternalPSK) { p.Context = []byte("fleet") }),
		"direct": testPSK("device-7", direct), "imported, SHA-384": testPSK("device-7", sha384), "direct, SHA-384": testPSK("device-7", sha384, direct),
	} {
		for _, id := range []uint16{0, tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384} {
			if own := map[bool]uint16{true: tls.TLS_AES_256_GCM_SHA384, false: tls.TLS_AES_128_GCM_SHA256}[key.Hash == crypto.SHA384]; key.Direct && id != 0 && id != own {
				continue
			}
			for _, group := range []tls.CurveID{tls.X25519, tls.CurveP256} { // the second by way of HelloRetryRequest
				p := newPSKPair(t, []ExternalPSK{testPSK("another"), key}, []ExternalPSK{key}, func(c, s *Config) {
					s.CurvePreferences = []tls.CurveID{group}
					if id != 0 {
						s.CipherSuites = []uint16{id}
					}
				})
				for round := range 3 {
					resumed := p.again()
					for _, e := range []*Engine{p.client, p.server} {
						cs := e.ConnectionState()
						if string(cs.ExternalPSKIdentity) != "device-7" || cs.PeerVerified || len(cs.PeerCertificates) > 0 || resumed != (round > 0) {
							t.Fatalf("%s, suite %#x, round %d, %v: %+v", name, id, round, e.role, cs)
						}
					}
				}
			}
		}
	}
}

func TestTheImportedFormOfAKey(t *testing.T) {
	p := testPSK("id", func(p *ExternalPSK) { p.Context = []byte("ctx") })
	for hash, id := range map[suite.Hash]string{suite.SHA256: "\x00\x02id\x00\x03ctx\x03\x04\x00\x01", suite.SHA384: "\x00\x02id\x00\x03ctx\x03\x04\x00\x02"} {
		form, ok := p.offered(hash)
		if !ok || string(form.identity) != id || len(form.key) != hash.Size() {
			t.Errorf("%v: %x, %d bytes", hash, form.identity, len(form.key))
		}
		// RFC 9258 §5.1, by hand
		sc := &suite.Scratch{}
		epskx := suite.SHA256.Extract(sc, nil, nil, p.Key)
		want, err := suite.SHA256.ExpandLabel(sc, nil, epskx, "derived psk", sha256Of(form.identity), hash.Size())
		if err != nil || !bytes.Equal(form.key, want) {
			t.Errorf("%v: key %x, want %x", hash, form.key, want)
		}
	}
}

func sha256Of(b []byte) []byte {
	h := crypto.SHA256.New()
	h.Write(b)
	return h.Sum(nil)
}

func TestExternalKeysThatCannotBeUsed(t *testing.T) {
	for name, p := range map[string]ExternalPSK{
		"no identity":          {Key: make([]byte, 32)},
		"short key":            {Identity: []byte("x"), Key: make([]byte, minPSKKey-1)},
		"unknown hash":         testPSK("x", func(p *ExternalPSK) { p.Hash = crypto.MD5 }),
		"direct with context":  testPSK("x", direct, func(p *ExternalPSK) { p.Context = []byte("c") }),
		"long identity":        testPSK("x", func(p *ExternalPSK) { p.Identity = make([]byte, maxPSKField+1) }),
		"no suite of its hash": testPSK("x", direct, sha384),
	} {
		cfg := &Config{ExternalPSKs: []ExternalPSK{p}, CipherSuites: []uint16{tls.TLS_AES_128_GCM_SHA256}}
		for _, role := range []Role{RoleClient, RoleServer} {
			if err := cfg.Check(role); !errors.Is(err, ErrConfig) {
				t.Errorf("%s, %v: %v", name, role, err)
			}
		}
	}
	many := &Config{ExternalPSKs: make([]ExternalPSK, maxClientPSKs+1)}
	for i := range many.ExternalPSKs {
		many.ExternalPSKs[i] = testPSK(string(rune('a' + i)))
	}
	if err := many.Check(RoleClient); !errors.Is(err, ErrConfig) {
		t.Error(err)
	}
	if err := many.Check(RoleServer); err != nil {
		t.Error(err)
	}
}

// A session that began with a key ends with it, on both sides.
func TestASessionDoesNotOutliveItsExternalKey(t *testing.T) {
	old, others := testPSK("old"), []ExternalPSK{testPSK("new")}
	same := testPSK("old", func(p *ExternalPSK) { p.Key = bytes.Repeat([]byte{1}, 32) })
	for name, change := range map[string]func(p *pair){
		"the client's is gone":    func(p *pair) { p.clientCfg.ExternalPSKs = others },
		"the client's is another": func(p *pair) { p.clientCfg.ExternalPSKs = append(others, same) },
		"the server's is gone":    func(p *pair) { p.serverCfg.ExternalPSKs = others },
		"the server's is another": func(p *pair) { p.serverCfg.ExternalPSKs = []ExternalPSK{same, others[0]} },
		"the server asks for none": func(p *pair) {
			p.serverCfg.ExternalPSKs, p.serverCfg.GetExternalPSK = nil, func([]byte) *ExternalPSK { return &others[0] }
		},
	} {
		keys := []ExternalPSK{old, others[0]}
		p := newPSKPair(t, keys, keys)
		p.again()
		if !p.again() || string(p.client.ConnectionState().ExternalPSKIdentity) != "old" {
			t.Fatalf("%s: %+v", name, p.client.ConnectionState())
		}
		p.clientCfg, p.serverCfg = p.clientCfg.Clone(), p.serverCfg.Clone()
		change(p)
		p.restart()
		p.handshake()
		if p.client.ConnectionState().DidResume || p.server.ConnectionState().DidResume {
			t.Errorf("%s: resumed", name)
		}
	}
}

func TestAClientWithKeysOnlyAcceptsNoCertificate(t *testing.T) {
	cert := makeID(t, "Ed25519", testServerName).cert
	p := newPSKPair(t, []ExternalPSK{testPSK("a")}, []ExternalPSK{testPSK("b")}, func(c, s *Config) { s.Certificates = []tls.Certificate{cert} })
	p.handshake()
	// Its hello has no signature_algorithms: a server that keeps to the protocol can't go on.
	p.wantAlert(p.server, AlertMissingExtension)

	p.clientCfg = p.clientCfg.Clone()
	p.restart()
	p.changeServerHello(func(m *wire.ServerHello) { m.Has &^= wire.SetOf(wire.ExtPreSharedKey) })
	p.serverCfg.ExternalPSKs = p.clientCfg.ExternalPSKs
	p.serverCfg = p.serverCfg.Clone()
	p.server, _ = NewEngine(p.env, p.serverCfg, RoleServer)
	p.handshake()
	if a := alertOf(p.client.Err()); a == nil || a.Alert != AlertMissingExtension || !errors.Is(a, ErrPSKRequired) {
		t.Error(p.client.Err())
	}
}

// With early data: it goes with the session, not with the external key.
func TestEarlyDataOfASessionBegunWithAnExternalKey(t *testing.T) {
	keys := []ExternalPSK{testPSK("a"), testPSK("b", sha384)}
	p := newPSKPair(t, keys, keys, func(c, s *Config) { c.EnableEarlyData, s.MaxEarlyData = true, 1000 })
	p.again()
	p.restart()
	p.sendEarly("early")
	p.run()
	p.mustBeOpen()
	if got := p.readEarly(); got != "early" {
		t.Errorf("%q, %v", got, p.server.ConnectionState().EarlyData)
	}
}
