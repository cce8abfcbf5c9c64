package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tcp"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

func TestAServerWithAnotherKeyIsToldApart(t *testing.T) {
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP256} {
		p := newECHPair(t, func(c, s *Config) {
			s.CurvePreferences = []tls.CurveID{group}
			c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				t.Error("a certificate for a server that is only the way to another")
				return &tls.Certificate{}, nil
			}
			c.VerifyConnection = func(ConnectionState) error { t.Error("VerifyConnection is asked about it"); return nil }
			c.ClientSessionCache = NewLRUClientSessionCache(0)
			c.RequireOwnCertificate = true
		})
		p.mustReject(p.useOtherKey())
		if _, ok := p.clientCfg.ClientSessionCache.Get(p.clientCfg.SessionKey()); ok {
			t.Error("a session of it is kept")
		}
		p.serverCfg = p.serverCfg.Clone()
		p.serverCfg.EncryptedClientHelloKeys[0].SendAsRetry = false
		p.restart()
		p.mustReject(nil)
		p.serverCfg = p.serverCfg.Clone()
		p.serverCfg.EncryptedClientHelloKeys = nil
		p.restart()
		p.mustReject(nil)
	}
}

// Over sockets, with buffers in which the hello is cut to pieces: accepted, and rejected before anything is written,
// whichever end would write first.
func TestEncryptedHellosOverSockets(t *testing.T) {
	for _, reject := range []bool{false, true} {
		for _, buffer := range []int{0, 2048} {
			key, list := newECHKey(t, ECHKeyOptions{PublicName: testPublicName, ConfigID: 42})
			w := newLine(t, &tcp.Config{SendBuffer: buffer, RecvBuffer: buffer}, withECH(t), func(c, s *Config) {
				c.CurvePreferences, s.ClientAuth = nil, tls.NoClientCert
				if reject {
					s.EncryptedClientHelloKeys = []tls.EncryptedClientHelloKey{key}
				}
			})
			if !reject {
				c, s := w.connect()
				cs, ss := c.ConnectionState(), s.ConnectionState()
				if !cs.ECHAccepted || !ss.ECHAccepted {
					t.Errorf("%+v", cs)
				}
				continue
			}
			w.run()
			var rejected *tls.ECHRejectionError
			if err := w.c.tls.Err(); !errors.As(err, &rejected) || !bytes.Equal(rejected.RetryConfigList, list) {
				t.Errorf("client: %v", err)
			}
			if n, err := w.c.tls.TryWrite([]byte("secret")); n > 0 || !errors.As(err, &rejected) {
				t.Errorf("wrote %d bytes: %v", n, err)
			}
			if a := alertOf(w.s.tls.Err()); a == nil || !a.FromPeer || a.Alert != AlertECHRequired {
				t.Errorf("server: %v", w.s.tls.Err())
			}
		}
	}
}

// Who says that ECH is off must be the public name's server.
func TestOnlyThePublicServerMayReject(t *testing.T) {
	p := newECHPair(t, func(c, s *Config) { s.Certificates = s.Certificates[:1] })
	p.useOtherKey()
	p.handshake()
	var rejected *tls.ECHRejectionError
	if errors.As(p.client.Err(), &rejected) || !errors.Is(p.client.Err(), x509lite.ErrNameMismatch) {
		t.Error(p.client.Err())
	}
}

// Ends that know each other by raw public keys need a certificate for the public name, and no more.
func TestRawPublicKeysBehindAPublicName(t *testing.T) {
	p := newECHPair(t, func(c, s *Config) {
		secret, err1 := x509lite.Parse(s.Certificates[0].Certificate[0])
		public, err2 := x509lite.Parse(s.Certificates[1].Certificate[0])
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		s.Certificates[0].Certificate = nil
		c.Certificates, s.ClientAuth = nil, tls.NoClientCert
		c.PeerCertificateTypes = []CertificateType{CertificateTypeRawPublicKey}
		c.Trust = x509lite.AnyOf(x509lite.PinSPKI(secret.SPKIHash()), x509lite.Pin(public))
	})
	p.mustAccept()
	if cs := p.client.ConnectionState(); cs.PeerRawPublicKey == nil || !cs.PeerVerified {
		t.Errorf("%+v", cs)
	}
	p.mustReject(p.useOtherKey())
}

func TestEncryptedClientHelloRejectionVerify(t *testing.T) {
	refuse := errors.New("refused")
	var asked int
	var answer error
	p := newECHPair(t, func(c, s *Config) {
		c.Trust = x509lite.Pin()
		c.InsecureSkipVerify = true
		c.EncryptedClientHelloRejectionVerify = func(cs ConnectionState) error {
			asked++
			if cs.ServerName != testPublicName || len(cs.PeerCertificates) != 1 || !cs.PeerCertificates[0].MatchName(testPublicName) || cs.PeerVerified {
				t.Errorf("asked about %+v", cs)
			}
			return answer
		}
	})
	p.mustAccept()
	if asked > 0 {
		t.Error("it is asked about a server that has not rejected")
	}
	list := p.useOtherKey()
	p.mustReject(list)
	answer = refuse
	p.restart()
	p.handshake()
	p.wantAlert(p.client, AlertBadCertificate)
	if !errors.Is(p.client.Err(), refuse) || asked != 2 {
		t.Errorf("asked %d times: %v", asked, p.client.Err())
	}
	answer = ErrPending
	p.restart()
	p.handshake()
	pending := p.client.Pending()
	if pending == nil || pending.Kind != PendingVerification || pending.ConnectionState.ServerName != testPublicName {
		t.Fatalf("%+v", pending)
	}
	_ = p.client.Deliver(pending, Answer{})
	p.run()
	p.wantAlert(p.client, AlertECHRequired)
}

// A server that takes the inner hello and says so in one of its answers only is none.
func TestConfirmationsThatDoNotFit(t *testing.T) {
	retry := func(_, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256} }
	for what, c := range map[string]struct {
		change func(c, s *Config)
		mangle func(p *pair)
		alert  Alert
		err    error
	}{
		"confirmation of the second flight missing": {retry, func(p *pair) {
			p.mangle = func(from Role, rec []byte) []byte {
				if from == RoleServer && rec[0] == byte(wire.Handshake) && !bytes.Contains(rec, []byte(wire.RetryRandom)) {
					rec[5+echConfirmationAt]++
				}
				return rec
			}
		}, AlertIllegalParameter, ErrECHInconsistent},
		"key of the outer hello": {func(c, _ *Config) { c.ClientSessionCache = NewLRUClientSessionCache(0) }, func(p *pair) {
			p.mustAccept()
			p.useOtherKey()
			p.changeServerHello(func(m *wire.ServerHello) { m.Has.Add(wire.ExtPreSharedKey) })
		}, AlertIllegalParameter, ErrPSKIdentity},
		"confirmation in ServerHello's extensions": {nil, func(p *pair) {
			p.changeServerHello(func(m *wire.ServerHello) { m.ECH = make([]byte, 8) })
		}, AlertUnsupportedExtension, nil},
		"confirmation of another length": {retry, func(p *pair) {
			p.changeServerHello(func(m *wire.ServerHello) { m.ECH = m.ECH[1:] })
		}, AlertDecodeError, nil},
		"confirmation to who did not ask": {func(c, s *Config) { retry(c, s); c.EncryptedClientHelloConfigList = nil }, func(p *pair) {
			p.changeServerHello(func(m *wire.ServerHello) { m.ECH = make([]byte, 8) })
		}, AlertUnsupportedExtension, nil},
	} {
		p := newECHPair(t, func(client, server *Config) {
			if c.change != nil {
				c.change(client, server)
			}
		})
		c.mangle(p)
		p.handshake()
		if a := alertOf(p.client.Err()); a == nil || a.FromPeer || a.Alert != c.alert || c.err != nil && !errors.Is(a, c.err) {
			t.Errorf("%s: %v", what, p.client.Err())
		}
	}
}

// A confirmation in HelloRetryRequest that is wrong is none (RFC 9849 §6.1.4).
func TestAWrongConfirmationInARetryIsARejection(t *testing.T) {
	p := newECHPair(t, func(c, s *Config) {
		c.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}
		s.CurvePreferences, s.ClientAuth = []tls.CurveID{tls.CurveP256}, tls.VerifyClientCertIfGiven
	})
	p.useOtherKey()
	var confirmations int
	p.mangle = func(from Role, rec []byte) []byte {
		if from == RoleServer && bytes.Contains(rec, []byte(wire.RetryRandom)) {
			var m wire.ServerHello
			if err := m.Parse(rec[5+wire.HeaderLen:]); err != nil || m.ECH == nil {
				t.Errorf("HelloRetryRequest without what looks like a confirmation: %v", err)
			}
			confirmations++
		}
		return rec
	}
	p.handshake()
	p.wantAlert(p.client, AlertECHRequired)
	if confirmations != 1 {
		t.Errorf("%d", confirmations)
	}
}

// Whatever a server answers to an encrypted hello, the client takes no data, and says why it fails.
func FuzzClientWithAnInnerHello(f *testing.F) {
	hello := wire.ServerHello{
		LegacyVersion: wire.VersionTLS12, Random: make([]byte, 32), SessionID: bytes.Repeat([]byte{7}, 32), CipherSuite: 0x1301,
		Has: wire.SetOf(wire.ExtSupportedVersions, wire.ExtKeyShare), SupportedVersion: wire.VersionTLS13, Group: 29, KeyShare: bytes.Repeat([]byte{9}, 32),
	}
	for _, confirmation := range [][]byte{nil, make([]byte, 8)} {
		raw, err := hello.Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(handshakeRecord(raw))
		hello.Random, hello.Group, hello.ECH = []byte(wire.RetryRandom), 23, confirmation
		if raw, err = hello.Append(nil); err != nil {
			f.Fatal(err)
		}
		f.Add(handshakeRecord(raw))
	}
	p := newECHPair(f, func(c, _ *Config) { c.Rand = constant(7) }) // so that the session to be echoed is known
	f.Fuzz(func(t *testing.T, stream []byte) {
		p.t = t
		p.restart()
		p.client.Start()
		p.take(p.client)
		fuzzReceive(t, p, p.client, stream)
		p.server.Free()
	})
}

// Retry configurations are for who was not understood.
func TestNoRetryConfigurationsForWhoWasUnderstood(t *testing.T) {
	_, list := newECHKey(t, ECHKeyOptions{PublicName: testPublicName})
	p := newECHPair(t)
	r := p.beRogueServer(serverScript...)
	r.raw = func(msg []byte) []byte {
		c, err := r.serverHandshake.echConfirmation(msg, echConfirmationAt, labelECHAccept, p.client.hs.client.random[:])
		if err != nil {
			t.Fatal(err)
		}
		copy(msg[echConfirmationAt:], c[:])
		return msg
	}
	r.edit = func(typ wire.Type, msg []byte) []byte { return withRetryConfigs(t, typ, msg, list) }
	p.handshake()
	p.wantFault(AlertUnsupportedExtension)
	// And malformed ones for nobody.
	p.useOtherKey()
	r = p.beRogueServer(serverScript...)
	r.edit = func(typ wire.Type, msg []byte) []byte { return withRetryConfigs(t, typ, msg, list[1:]) }
	p.handshake()
	p.wantFault(AlertDecodeError)
	if !errors.Is(p.client.Err(), ErrECHConfigList) {
		t.Error(p.client.Err())
	}
}
