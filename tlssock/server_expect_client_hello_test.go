package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

func TestServersPreferenceCounts(t *testing.T) {
	p := newPair(t, func(c, s *Config) {
		c.CipherSuites = []uint16{0x1301, 0x1302, 0x1303, 0x1304}
		s.CipherSuites = []uint16{0x1304, 0x1303}
		c.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP384}
		s.CurvePreferences = []tls.CurveID{tls.CurveP384, tls.X25519}
		c.NextProtos, s.NextProtos = []string{"a", "b", "c"}, []string{"c", "b"}
	})
	p.mustHandshake()
	cs := p.client.ConnectionState()
	if cs.CipherSuite != 0x1304 || cs.NegotiatedProtocol != "c" {
		t.Errorf("%+v", cs)
	}
	if cs.CurveID != tls.CurveP384 || !cs.HelloRetryRequest { // whether its share was sent or not
		t.Errorf("%+v", cs)
	}
}

// AES-128-CCM, which crypto/tls does not have, and the others, in every group.
func TestEverySuiteAndGroupBetweenEngines(t *testing.T) {
	for _, s := range []uint16{0x1301, 0x1302, 0x1303, 0x1304, 0x1305} {
		for _, g := range stdGroups {
			p := newPair(t, func(c, sc *Config) {
				c.CipherSuites, sc.CipherSuites = []uint16{s}, []uint16{s}
				c.CurvePreferences = []tls.CurveID{g}
			})
			p.mustHandshake()
			p.exchange("some data")
			if cs := p.server.ConnectionState(); cs.CipherSuite != s || cs.CurveID != g {
				t.Errorf("%+v", cs)
			}
		}
	}
}

func TestTheShortTagOnlyByExplicitChoice(t *testing.T) {
	p := newPair(t, func(c, s *Config) { c.CipherSuites = []uint16{0x1305} })
	p.handshake()
	p.wantAlert(p.server, AlertHandshakeFailure)
}

func TestDefaultGroupIsTheHybrid(t *testing.T) {
	p := newPair(t, func(c, s *Config) { c.CurvePreferences = nil })
	p.mustHandshake()
	if cs := p.client.ConnectionState(); cs.CurveID != tls.X25519MLKEM768 || cs.HelloRetryRequest {
		t.Errorf("%+v", cs)
	}
	p = newPair(t, func(c, s *Config) { c.CurvePreferences, s.CurvePreferences = nil, []tls.CurveID{tls.X25519} })
	p.mustHandshake()
	if cs := p.client.ConnectionState(); cs.CurveID != tls.X25519 || cs.HelloRetryRequest {
		t.Errorf("the share of X25519 did not go with it: %+v", cs)
	}
}

func TestServerName(t *testing.T) {
	a, b := makeID(t, "P-256", "a.example"), makeID(t, "Ed25519", "b.example")
	for _, c := range []struct {
		name   string
		strict bool
		want   testID
		acked  bool
		alert  Alert
	}{
		{"a.example", false, a, true, 0},
		{"b.example", false, b, true, 0},
		{"B.Example", true, b, true, 0},
		{"", true, a, false, 0},
		{"c.example", false, a, false, 0},
		{"c.example", true, a, false, AlertUnrecognizedName},
	} {
		p := newPair(t, func(cc, s *Config) {
			cc.InsecureSkipVerify, cc.ServerName = true, c.name
			s.Certificates, s.RejectUnknownServerName = []tls.Certificate{a.cert, b.cert}, c.strict
		})
		p.handshake()
		if c.alert != 0 {
			p.wantAlert(p.server, c.alert)
			continue
		}
		p.mustBeOpen()
		if got := p.client.ConnectionState().PeerCertificates[0]; got.Fingerprint() != c.want.leaf.Fingerprint() {
			t.Errorf("%q: presented %s", c.name, got.Subject())
		}
		if got := p.server.ConnectionState().ServerName; got != c.name {
			t.Errorf("server was asked for %q", got)
		}
	}
}

func TestAnAddressIsMatchedAndNotSent(t *testing.T) {
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: epoch, Names: []string{"192.0.2.7"}})
	if err != nil {
		t.Fatal(err)
	}
	p := newPair(t, func(c, s *Config) {
		c.ServerName, c.Trust = "192.0.2.7", x509lite.Pin(id.Leaf)
		s.Certificates = Certificates(id)
	})
	p.mustHandshake()
	if got := p.server.ConnectionState().ServerName; got != "" {
		t.Errorf("sent as server_name: %q", got)
	}
	p = newPair(t, func(c, s *Config) {
		c.ServerName, c.Trust = "192.0.2.8", x509lite.Pin(id.Leaf)
		s.Certificates = Certificates(id)
	})
	p.handshake()
	p.wantAlert(p.client, AlertBadCertificate)
}

func TestApplicationProtocol(t *testing.T) {
	for _, c := range []struct {
		client, server []string
		want           string
		alert          Alert
	}{
		{[]string{"a"}, []string{"a"}, "a", 0}, {nil, []string{"a"}, "", 0}, {[]string{"a"}, nil, "", 0},
		{[]string{"a", "b"}, []string{"x", "y"}, "", AlertNoApplicationProtocol},
	} {
		p := newPair(t, func(cc, s *Config) { cc.NextProtos, s.NextProtos = c.client, c.server })
		p.handshake()
		if c.alert != 0 {
			p.wantAlert(p.server, c.alert)
			if !errors.Is(p.server.Err(), ErrNoCommonProtocol) {
				t.Error(p.server.Err())
			}
			continue
		}
		p.mustBeOpen()
		if a, b := p.client.ConnectionState().NegotiatedProtocol, p.server.ConnectionState().NegotiatedProtocol; a != c.want || b != c.want {
			t.Errorf("%v: %q, %q", c, a, b)
		}
	}
}

func TestAClientWithoutAESInHardwareGetsChaCha(t *testing.T) {
	chacha := []uint16{tls.TLS_CHACHA20_POLY1305_SHA256, tls.TLS_AES_128_GCM_SHA256}
	for _, c := range []struct {
		server []uint16
		want   uint16
	}{{nil, chacha[0]}, {[]uint16{chacha[1], chacha[0]}, chacha[1]}} {
		p := newResumingPair(t, func(cc, s *Config) { cc.CipherSuites, s.CipherSuites = chacha[1:], c.server })
		p.again()
		p.clientCfg = p.clientCfg.Clone()
		p.clientCfg.CipherSuites = chacha
		if resumed := p.again(); !resumed || p.client.ConnectionState().CipherSuite != c.want {
			t.Errorf("server's suites %#x: resumed %v, suite %#x", c.server, resumed, p.client.ConnectionState().CipherSuite)
		}
	}
}

// RFC 8446 §4.2.10: a server that does not take early data passes over it, up to a bound.
func TestRejectedEarlyDataIsPassedOver(t *testing.T) {
	early := func(p *pair, n int) []byte {
		rec := appendHeader(nil, wire.ApplicationData, wire.VersionTLS12, n)
		return append(rec, make([]byte, n)...)
	}
	for _, retry := range []bool{false, true} {
		for _, c := range []struct {
			records, size int
			ok            bool
		}{{3, 1000, true}, {8, 4096, true}, {9, 4096, false}} {
			p := newPair(t, func(cc, s *Config) {
				if retry {
					s.CurvePreferences = []tls.CurveID{tls.CurveP256}
				}
			})
			hs, err := p.env.beginClient(p.client, p.client.prep)
			if err != nil {
				t.Fatal(err)
			}
			if err := hs.generateShares(p.client.prep.shares); err != nil {
				t.Fatal(err)
			}
			hs.sessionID[0] = 1
			hs.fillHello()
			hs.hello.Has.Add(wire.ExtEarlyData)
			if err := hs.sendHello(); err != nil {
				t.Fatal(err)
			}
			hs.hello.Has &^= wire.SetOf(wire.ExtEarlyData)
			p.client.facts, p.client.state = &facts{}, clientExpectServerHello{hs}
			p.client.flags |= flagCCSAllowed
			p.collect()
			for range c.records {
				p.toServer = append(p.toServer, early(p, c.size)...)
			}
			p.run()
			if !c.ok {
				if a := alertOf(p.server.Err()); a == nil || a.Alert != AlertUnexpectedMessage || !errors.Is(a, ErrTooMuchEarlyData) {
					t.Errorf("retry %v, %d records: %v", retry, c.records, p.server.Err())
				}
				continue
			}
			p.mustBeOpen()
			p.exchange("data in time")
			if p.env.Stats.RecordsDropped != uint64(c.records) {
				t.Errorf("%d records dropped of %d", p.env.Stats.RecordsDropped, c.records)
			}
		}
	}
}
