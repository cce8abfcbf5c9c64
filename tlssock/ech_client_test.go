package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// newECHPair is a pair whose client encrypts its hello to the server's key.
func newECHPair(t testing.TB, change ...func(client, server *Config)) *pair {
	t.Helper()
	return newPair(t, append([]func(client, server *Config){withECH(t)}, change...)...)
}

// withECH makes the client encrypt its hello to the server's key. The server has certificates for the name that is
// hidden and for the public one.
func withECH(t testing.TB) func(client, server *Config) {
	t.Helper()
	key, list := newECHKey(t, ECHKeyOptions{PublicName: testPublicName, ConfigID: 42, MaxNameLength: 32})
	public := makeID(t, "Ed25519", testPublicName)
	return func(c, s *Config) {
		secret, err := x509lite.Parse(s.Certificates[0].Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		c.Trust = x509lite.Pin(secret, public.leaf)
		c.EncryptedClientHelloConfigList, s.EncryptedClientHelloKeys = list, []tls.EncryptedClientHelloKey{key}
		s.Certificates = append(s.Certificates, public.cert)
	}
}

// useOtherKey makes the server one that has another key, and gives the list that it will want to be used.
func (p *pair) useOtherKey() []byte {
	p.t.Helper()
	key, list := newECHKey(p.t, ECHKeyOptions{PublicName: testPublicName, ConfigID: 42})
	p.serverCfg = p.serverCfg.Clone()
	p.serverCfg.EncryptedClientHelloKeys = []tls.EncryptedClientHelloKey{key}
	if p.serverCfg.ClientAuth > tls.VerifyClientCertIfGiven { // it will get none
		p.serverCfg.ClientAuth = tls.VerifyClientCertIfGiven
	}
	p.restart()
	return list
}

// mustReject runs a handshake in which the server rejects ECH and wants this list to be used.
func (p *pair) mustReject(list []byte) {
	p.t.Helper()
	before := p.env.Stats
	p.handshake()
	p.wantAlert(p.client, AlertECHRequired)
	ends := uint64(1)
	if list != nil || len(p.serverCfg.EncryptedClientHelloKeys) > 0 { // otherwise the server knows of nothing
		ends = 2
	}
	p.wantECH(before, 0, ends)
	var rejected *tls.ECHRejectionError
	if !errors.As(p.client.Err(), &rejected) || !bytes.Equal(rejected.RetryConfigList, list) {
		p.t.Errorf("client: %v, %x", p.client.Err(), rejected)
	}
	if cs := p.client.ConnectionState(); cs.ECHAccepted || cs.ServerName != testPublicName {
		p.t.Errorf("%+v", cs)
	}
	if cs := p.server.ConnectionState(); cs.ECHAccepted || cs.ServerName != testPublicName || len(cs.PeerCertificates) > 0 {
		p.t.Errorf("server: %+v", cs)
	}
}

// wantECH checks what both ends have counted since.
func (p *pair) wantECH(before Stats, accepted, rejected uint64) {
	p.t.Helper()
	if s := p.env.Stats; s.ECHAccepted != before.ECHAccepted+accepted || s.ECHRejected != before.ECHRejected+rejected {
		p.t.Errorf("counted %d and %d instead of %d and %d", s.ECHAccepted-before.ECHAccepted, s.ECHRejected-before.ECHRejected, accepted, rejected)
	}
}

func (p *pair) mustAccept() {
	p.t.Helper()
	before := p.env.Stats
	p.mustHandshake()
	p.wantECH(before, 2, 0)
	p.exchange("in secret")
	for _, e := range []*Engine{p.client, p.server} {
		if cs := e.ConnectionState(); !cs.ECHAccepted || cs.ServerName != testServerName {
			p.t.Errorf("%v: %+v", e.role, cs)
		}
	}
}

// hellos gives what a client's hellos look like on their way, until the next restart.
func (p *pair) hellos() *[]wire.ClientHello {
	var seen []wire.ClientHello
	p.mangle = func(from Role, rec []byte) []byte {
		if from == RoleClient && rec[0] == byte(wire.Handshake) {
			var m wire.ClientHello
			if err := m.Parse(bytes.Clone(rec[5+wire.HeaderLen:])); err != nil {
				p.t.Error(err)
			}
			seen = append(seen, m)
		}
		return rec
	}
	return &seen
}

// Whoever sees the handshake sees the public name, and nothing of what is hidden.
func TestTheOuterHelloHidesTheInnerOne(t *testing.T) {
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP384} {
		p := newECHPair(t, func(c, s *Config) {
			c.CertificateAuthorities = [][]byte{[]byte("0\x0csecret names")}
			c.ClientSessionCache, c.IgnoreAuthorities = NewLRUClientSessionCache(0), true
			c.EnableEarlyData, s.MaxEarlyData = true, 1000
			c.CurvePreferences, s.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP384}, []tls.CurveID{group}
		})
		for n := range 2 {
			p.restart()
			var wire0 []byte
			seen := p.hellos()
			inner := p.mangle
			p.mangle = func(from Role, rec []byte) []byte { wire0 = append(wire0, rec...); return inner(from, rec) }
			p.mustAccept()
			p.mangle = nil
			if bytes.Contains(wire0, []byte(testServerName)) || bytes.Contains(wire0, []byte("secret names")) || !bytes.Contains(wire0, []byte(testPublicName)) {
				t.Errorf("connection %d: a name is seen", n)
			}
			retried := group == tls.CurveP384
			if len(*seen) != map[bool]int{false: 1, true: 2}[retried] {
				t.Fatalf("%d hellos", len(*seen))
			}
			for k, m := range *seen {
				if string(m.ServerName) != testPublicName || m.Has.Has(wire.ExtPreSharedKey) != (n > 0) || m.Has.Has(wire.ExtEarlyData) != (n > 0 && k == 0) {
					t.Errorf("connection %d, hello %d: %q, %x", n, k, m.ServerName, m.Has)
				}
				var e wire.ECHClientHello
				if !e.Parse(m.ECH) || e.Type != wire.ECHOuter || e.ConfigID != 42 || len(e.Enc) != map[int]int{0: 32}[k] || len(e.Payload)%32 != 16 {
					t.Errorf("connection %d, hello %d: %+v", n, k, e)
				}
				if k > 0 && (!bytes.Equal(m.Random, (*seen)[0].Random) || !bytes.Equal(m.PSKIdentities, (*seen)[0].PSKIdentities)) {
					t.Errorf("connection %d: the hellos differ in more than they may", n)
				}
			}
			if cs := p.client.ConnectionState(); cs.DidResume != (n > 0) || cs.HelloRetryRequest != retried {
				t.Errorf("connection %d: %+v", n, cs)
			}
		}
	}
}

func withEarlyData(c, s *Config) {
	c.ClientSessionCache, c.EnableEarlyData, s.MaxEarlyData = NewLRUClientSessionCache(0), true, 1000
}

func TestEarlyDataGoesWithAnInnerHello(t *testing.T) {
	p := newECHPair(t, withEarlyData)
	p.mustAccept()
	p.restart()
	p.sendEarly("GET /")
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	if got := p.readEarly(); got != "GET /" {
		t.Fatalf("server has %q early: %v", got, p.server.Err())
	}
	p.run()
	p.mustBeOpen()
	if cs := p.client.ConnectionState(); !cs.ECHAccepted || cs.EarlyData != EarlyDataAccepted || !cs.DidResume {
		t.Errorf("%+v", cs)
	}
}

// A server with another key passes early data over, and does not take the session.
func TestEarlyDataOfARejectedHelloIsPassedOver(t *testing.T) {
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP256} {
		p := newECHPair(t, withEarlyData, func(_, s *Config) { s.CurvePreferences = []tls.CurveID{group} })
		p.mustAccept()
		list := p.useOtherKey()
		p.sendEarly("GET /")
		p.mustReject(list)
		if cs := p.client.ConnectionState(); cs.DidResume || cs.EarlyData == EarlyDataAccepted || len(p.readEarly()) > 0 {
			t.Errorf("%v: %+v", group, cs)
		}
	}
}

// A client that knows its server by a key alone needs a certificate to believe that the server wants another
// configuration.
func TestExternalKeysWithinAnInnerHello(t *testing.T) {
	psk := ExternalPSK{Identity: []byte("device 7"), Key: bytes.Repeat([]byte{7}, 32)}
	p := newECHPair(t, func(c, s *Config) {
		c.Certificates, s.ClientAuth = nil, tls.NoClientCert
		c.ExternalPSKs, s.ExternalPSKs = []ExternalPSK{psk}, []ExternalPSK{psk}
	})
	trust := p.clientCfg.Trust
	for _, t := range []*x509lite.Trust{trust, nil} {
		p.clientCfg = p.clientCfg.Clone()
		p.clientCfg.Trust = t
		p.restart()
		p.mustAccept()
	}
	list := p.useOtherKey()
	p.handshake()
	p.wantAlert(p.client, AlertUnknownCA)
	p.clientCfg = p.clientCfg.Clone()
	p.clientCfg.Trust = trust
	p.restart()
	p.mustReject(list)
}

// Without a share of any group the inner hello and the outer one are answered by a HelloRetryRequest all the same.
func TestEncryptedHellosWithoutShares(t *testing.T) {
	p := newECHPair(t, func(c, _ *Config) { c.KeyShares = []tls.CurveID{} })
	p.mustAccept()
	if !p.client.ConnectionState().HelloRetryRequest {
		t.Error("no HelloRetryRequest")
	}
	p.mustReject(p.useOtherKey())
}

// A cookie comes back in the hello that counts, and in the outer one in any case.
func TestACookieComesBack(t *testing.T) {
	for _, accepted := range []bool{true, false} {
		p := newECHPair(t)
		if err := p.client.Start(); err != nil {
			t.Fatal(err)
		}
		seen := p.hellos()
		h := p.client.hs.client
		retry := helloRetry(t, p.client, func(m *wire.ServerHello) {
			m.Has.Add(wire.ExtCookie)
			m.Cookie, m.ECH = []byte("come back with this"), make([]byte, wire.ECHConfirmationLen)
		})
		if accepted {
			confirm(t, p.client, retry[5:])
		}
		p.take(p.client)
		p.feed(p.client, retry, &p.clientGot)
		p.take(p.client)
		if len(*seen) != 2 || string((*seen)[1].Cookie) != "come back with this" || (h.rejectedECH() == nil) != accepted {
			t.Fatalf("accepted %v: %d hellos, %v", accepted, len(*seen), p.client.Err())
		}
		if name := map[bool]string{true: testServerName, false: testPublicName}[accepted]; string(h.hello.Cookie) != "come back with this" || string(h.hello.ServerName) != name {
			t.Errorf("accepted %v: the hello that counts has %q and %q", accepted, h.hello.Cookie, h.hello.ServerName)
		}
	}
}

// confirm confirms in a HelloRetryRequest the inner hello that e has sent.
func confirm(t testing.TB, e *Engine, retry []byte) {
	t.Helper()
	var m wire.ServerHello
	if err := m.Parse(retry[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	inner, err := e.hs.client.hello.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	server := &handshake{e: e, suite: suite.ByID(m.CipherSuite)}
	_ = server.transcript.Add(inner)
	server.transcript.Choose(server.suite.Hash)
	server.transcript.Retry()
	at := retryConfirmationAt(retry, m.Extensions)
	c, err := server.echConfirmation(retry, at, labelECHRetryAccept, e.hs.client.random[:])
	if err != nil {
		t.Fatal(err)
	}
	copy(retry[at:], c[:])
}

// Every byte of the handshake counts, those of the outer hello too: no change of one goes by without the handshake
// failing, or going on as if nothing had happened.
func TestEveryByteOfAnEncryptedHandshakeCounts(t *testing.T) {
	p := newECHPair(t, func(c, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256} })
	_, total := flights(t, p)
	for at := 0; at < total; at += 3 {
		attack(t, p, at, func(rec []byte, i int) []byte { rec[i] ^= 0x20; return rec })
	}
}
