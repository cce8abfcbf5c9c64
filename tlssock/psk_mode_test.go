package tlssock

import (
	"crypto/tls"
	"encoding/hex"
	"errors"
	"net"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestModesOfPreSharedKeys(t *testing.T) {
	with, without, both := []PSKMode{PSKWithDHE}, []PSKMode{PSKWithoutDHE}, []PSKMode{PSKWithoutDHE, PSKWithDHE}
	for _, c := range []struct {
		client, server []PSKMode
		resumes, dhe   bool
	}{
		{nil, nil, true, true}, {with, nil, true, true}, {without, without, true, false}, {both, both, true, false}, {both, nil, true, true},
		{both, []PSKMode{PSKWithDHE, PSKWithoutDHE}, true, true}, {without, nil, false, true}, {nil, without, false, true}, {nil, both, true, true},
	} {
		for _, group := range []tls.CurveID{tls.X25519, tls.CurveP256} { // the second by way of HelloRetryRequest, where there is a key exchange
			p := newResumingPair(t, func(cc, s *Config) {
				cc.PSKModes, s.PSKModes, s.CurvePreferences = c.client, c.server, []tls.CurveID{group}
			})
			if p.again(); p.again() != c.resumes {
				t.Errorf("client %v, server %v: resumed %v", c.client, c.server, !c.resumes)
			}
			for _, e := range []*Engine{p.client, p.server} {
				cs := e.ConnectionState()
				if dhe := cs.CurveID != 0; dhe != c.dhe || cs.HelloRetryRequest != (dhe && group != tls.X25519) {
					t.Errorf("client %v, server %v, %v: group %v, retried %v", c.client, c.server, e.role, cs.CurveID, cs.HelloRetryRequest)
				}
			}
		}
	}
}

func TestExternalKeysWithoutAKeyExchange(t *testing.T) {
	keys := []ExternalPSK{testPSK("a")}
	p := newPSKPair(t, keys, keys, func(c, s *Config) {
		c.PSKModes, s.PSKModes = []PSKMode{PSKWithoutDHE}, []PSKMode{PSKWithoutDHE, PSKWithDHE}
		c.EnableEarlyData, s.MaxEarlyData = true, 100
	})
	p.again()
	if cs := p.server.ConnectionState(); cs.CurveID != 0 || string(cs.ExternalPSKIdentity) != "a" {
		t.Errorf("%+v", cs)
	}
	p.restart()
	p.sendEarly("early")
	p.run()
	p.mustBeOpen()
	if got := p.readEarly(); got != "early" || p.client.ConnectionState().CurveID != 0 {
		t.Errorf("%q", got)
	}
}

// A hello without key_share is one for a server that has its key, and takes the mode.
func TestAHelloWithoutSharesNeedsItsKey(t *testing.T) {
	for _, c := range []struct {
		name   string
		server func(s *Config)
		ok     bool
	}{
		{"it is there", func(*Config) {}, true},
		{"another key", func(s *Config) { s.ExternalPSKs = []ExternalPSK{testPSK("b")} }, false},
		{"the mode is off", func(s *Config) { s.PSKModes = nil }, false},
	} {
		keys := []ExternalPSK{testPSK("a")}
		p := newPSKPair(t, keys, keys, func(cc, s *Config) {
			cc.PSKModes, s.PSKModes = []PSKMode{PSKWithoutDHE}, []PSKMode{PSKWithoutDHE}
			c.server(s)
		})
		hs, err := p.env.beginClient(p.client, p.client.prep)
		if err != nil {
			t.Fatal(err)
		}
		p.client.facts = &facts{}
		hs.fillHello()
		hs.hello.Has &^= wire.SetOf(wire.ExtKeyShare, wire.ExtSupportedGroups)
		if err := hs.sendHello(); err != nil {
			t.Fatal(err)
		}
		p.client.state = clientExpectServerHello{hs}
		p.client.flags |= flagCCSAllowed
		p.run()
		if c.ok {
			p.mustBeOpen()
			p.exchange("data")
			continue
		}
		p.wantAlert(p.server, AlertMissingExtension)
	}
}

func TestAClientRefusesAModeThatItDidNotOffer(t *testing.T) {
	p := newResumingPair(t, func(c, s *Config) {
		c.PSKModes, s.PSKModes = []PSKMode{PSKWithoutDHE, PSKWithDHE}, []PSKMode{PSKWithDHE, PSKWithoutDHE}
	})
	p.again()
	p.restart()
	p.client.Start()
	narrow := *p.client.hs.prep
	narrow.pskModes = []byte{byte(PSKWithoutDHE)} // as if that had been all
	p.client.hs.prep = &narrow
	p.run()
	if a := alertOf(p.client.Err()); a == nil || a.Alert != AlertIllegalParameter {
		t.Error(p.client.Err())
	}
}

func TestPSKModesThatMakeNoSense(t *testing.T) {
	for _, modes := range [][]PSKMode{{}, {2}, {PSKWithDHE, PSKWithDHE}} {
		cfg := &Config{InsecureSkipVerify: true, PSKModes: modes}
		if err := cfg.Check(RoleClient); !errors.Is(err, ErrConfig) {
			t.Errorf("%v: %v", modes, err)
		}
	}
}

// OpenSSL, too, can do without the key exchange.
func TestOpenSSLWithoutAKeyExchange(t *testing.T) {
	program := openssl(t, "-allow_no_dhe_kex")
	key := testPSK("device-7", direct)
	cfg := &Config{ExternalPSKs: []ExternalPSK{key}, PSKModes: []PSKMode{PSKWithoutDHE}}
	args := []string{"-allow_no_dhe_kex", "-psk", hex.EncodeToString(key.Key), "-psk_identity", "device-7"}
	withServer(t, program, append([]string{"-nocert"}, args...), func(conn net.Conn) {
		if cs := askLine(t, conn, cfg).ConnectionState(); cs.CurveID != 0 || cs.ExternalPSKIdentity == nil {
			t.Errorf("our client: %+v", cs)
		}
	})
	withClient(t, program, append([]string{"-ciphersuites", "TLS_AES_128_GCM_SHA256"}, args...), func(conn net.Conn) {
		if cs := serveLine(t, conn, cfg).ConnectionState(); cs.CurveID != 0 || cs.ExternalPSKIdentity == nil {
			t.Errorf("our server: %+v", cs)
		}
	})
}
