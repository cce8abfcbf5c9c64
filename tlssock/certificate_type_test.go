package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

var (
	rawOnly  = []CertificateType{CertificateTypeRawPublicKey}
	rawFirst = []CertificateType{CertificateTypeRawPublicKey, CertificateTypeX509}
	x509Only = []CertificateType{CertificateTypeX509}
)

// rawID is the key of an identity without its certificate, and trust in it.
func rawID(t testing.TB, key string) (tls.Certificate, *x509lite.Trust) {
	id := makeID(t, key, "nobody.example")
	return tls.Certificate{PrivateKey: id.cert.PrivateKey}, x509lite.PinSPKI(id.leaf.SPKIHash())
}

func TestRawPublicKeysOfBothEnds(t *testing.T) {
	for _, key := range keyNames {
		cert, trust := rawID(t, key)
		p := newPair(t, func(c, s *Config) {
			c.Certificates, c.Trust, c.PeerCertificateTypes = []tls.Certificate{cert}, trust, rawOnly
			s.Certificates, s.Trust, s.PeerCertificateTypes = []tls.Certificate{cert}, trust, rawOnly
			s.RejectUnknownServerName = true // a raw key goes with every name
		})
		p.mustHandshake()
		p.exchange("data under raw keys")
		for _, e := range []*Engine{p.client, p.server} {
			cs := e.ConnectionState()
			if cs.PeerRawPublicKey == nil || cs.LocalRawPublicKey == nil || cs.PeerCertificates != nil || cs.LocalCertificate != nil || !cs.PeerVerified ||
				cs.PeerRawPublicKey.SPKIHash() != cs.LocalRawPublicKey.SPKIHash() {
				t.Errorf("%s, %v: %+v", key, e.role, cs)
			}
		}
	}
}

// The kinds of keys that are taken only where they are asked for make raw keys too.
func TestRawPublicKeysOfRareKinds(t *testing.T) {
	for typ, scheme := range map[x509lite.KeyType]tls.SignatureScheme{
		x509lite.ECDSAP521: tls.ECDSAWithP521AndSHA512, x509lite.Ed448Key: signEd448, x509lite.MLDSA44Key: signMLDSA44, x509lite.MLDSA87Key: signMLDSA87,
	} {
		key, err := x509lite.GenerateKey(typ, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		info, err := x509lite.NewPublicKeyInfo(key)
		if err != nil {
			t.Fatal(err)
		}
		p := newPair(t, func(c, s *Config) {
			s.Certificates = []tls.Certificate{{PrivateKey: key}}
			c.Trust, c.PeerCertificateTypes, c.SignatureSchemes = x509lite.PinSPKI(info.SPKIHash()), rawOnly, []tls.SignatureScheme{scheme}
		})
		p.mustHandshake()
		if cs := p.client.ConnectionState(); cs.PeerRawPublicKey == nil || cs.PeerRawPublicKey.KeyType != typ || cs.PeerSignatureScheme != scheme {
			t.Errorf("%v: %+v", typ, cs)
		}
	}
}

// What is agreed on when the ends have and take different forms: the server's order of preference counts for both.
func TestCertificateTypesAreNegotiated(t *testing.T) {
	raw, rawTrust := rawID(t, "P-256")
	whole := makeID(t, "Ed25519", testServerName)
	trust := x509lite.AnyOf(rawTrust, whole.pin())
	both, swapped := []tls.Certificate{raw, whole.cert}, []tls.Certificate{whole.cert, raw}
	for _, c := range []struct {
		name         string
		certs        []tls.Certificate // of both ends
		client, peer []CertificateType // what the client takes, what the server takes
		server, own  CertificateType   // what becomes of it: the server's identity, and the client's
	}{
		{"nobody says anything", swapped, nil, nil, CertificateTypeX509, CertificateTypeX509},
		{"X.509 is not said", both, x509Only, x509Only, CertificateTypeX509, CertificateTypeX509},
		{"raw of the server only", both, rawOnly, nil, CertificateTypeRawPublicKey, CertificateTypeX509},
		{"raw of the client only", swapped, nil, rawOnly, CertificateTypeX509, CertificateTypeRawPublicKey},
		{"server's own order", swapped, rawFirst, nil, CertificateTypeX509, CertificateTypeX509},
		{"server's order of clients", swapped, nil, rawFirst, CertificateTypeX509, CertificateTypeRawPublicKey},
	} {
		p := newPair(t, func(cc, s *Config) {
			cc.Certificates, cc.Trust, cc.PeerCertificateTypes = c.certs, trust, c.client
			s.Certificates, s.Trust, s.PeerCertificateTypes = c.certs, trust, c.peer
		})
		p.mustHandshake()
		for _, e := range []struct {
			e    *Engine
			want CertificateType
		}{{p.client, c.server}, {p.server, c.own}} {
			cs := e.e.ConnectionState()
			if raw := e.want == CertificateTypeRawPublicKey; raw != (cs.PeerRawPublicKey != nil) || raw != (cs.PeerCertificates == nil) || !cs.PeerVerified {
				t.Errorf("%s: %v sees another form than %v", c.name, e.e.role, e.want)
			}
		}
	}
}

func TestCertificateTypesThatNobodyShares(t *testing.T) {
	raw, trust := rawID(t, "P-256")
	stranger, _ := rawID(t, "P-256-other")
	for _, c := range []struct {
		name   string
		change func(c, s *Config)
		server bool // who notices
		alert  Alert
		err    error
	}{
		{"server has no raw key", func(c, s *Config) { c.PeerCertificateTypes = rawOnly }, true, AlertHandshakeFailure, ErrNoCommonCertificateType},
		{"server has nothing else", func(c, s *Config) { s.Certificates = []tls.Certificate{raw} }, true, AlertHandshakeFailure, ErrNoCommonCertificateType},
		{"client has no raw key", func(c, s *Config) { s.PeerCertificateTypes = rawOnly }, true, AlertUnsupportedCertificate, ErrCertificateType},
		{"client has nothing else", func(c, s *Config) { c.Certificates = []tls.Certificate{raw} }, true, AlertUnsupportedCertificate, ErrCertificateType},
		{"server's key is not pinned", func(c, s *Config) {
			s.Certificates, c.PeerCertificateTypes, c.Trust = []tls.Certificate{stranger}, rawOnly, trust
		},
			false, AlertUnknownCA, x509lite.ErrNotPinned},
		{"client's key is not pinned", func(c, s *Config) {
			c.Certificates, s.PeerCertificateTypes, s.Trust = []tls.Certificate{stranger}, rawOnly, trust
		},
			true, AlertUnknownCA, x509lite.ErrNotPinned},
	} {
		p := newPair(t, c.change)
		p.handshake()
		e := p.client
		if c.server {
			e = p.server
		}
		p.wantAlert(e, c.alert)
		if !errors.Is(e.Err(), c.err) {
			t.Errorf("%s: %v", c.name, e.Err())
		}
	}
}

func TestCertificateTypeExtensionDefects(t *testing.T) {
	for _, c := range []struct {
		list []byte
		want Alert
	}{{nil, AlertIllegalParameter}, {[]byte{0}, AlertIllegalParameter}, {[]byte{5}, 0}, {[]byte{5, 0}, 0}} {
		for _, ext := range []wire.ExtensionType{wire.ExtClientCertificateType, wire.ExtServerCertificateType} {
			p := newPair(t)
			raw := rawClientHello(t, func(h *clientHandshake) {
				h.hello.Has.Add(ext)
				h.hello.ClientCertificateTypes, h.hello.ServerCertificateTypes = c.list, c.list
			})
			if _, err := p.server.Receive(nil, handshakeRecord(raw)); c.want != 0 || len(c.list) == 1 {
				if err == nil || c.want != 0 && alertOf(err).Alert != c.want {
					t.Errorf("extension %d of %v: %v", ext, c.list, err)
				}
			} else if err != nil { // an unknown type beside a known one
				t.Errorf("extension %d of %v: %v", ext, c.list, err)
			}
		}
	}
}

// What a server may not select: extensions that were not offered, types that were not, and certificates in another form
// than agreed.
func TestServerSelectsAWrongCertificateType(t *testing.T) {
	raw, _ := rawID(t, "Ed25519")
	for _, c := range []struct {
		name         string
		own, peer    []CertificateType
		ext          wire.ExtensionSet
		client, serv uint8
		want         Alert
		err          error
	}{
		{"client type, not offered", nil, nil, wire.SetOf(wire.ExtClientCertificateType), 0, 0, AlertUnsupportedExtension, ErrUnexpectedMessage},
		{"server type, not offered", nil, nil, wire.SetOf(wire.ExtServerCertificateType), 0, 0, AlertUnsupportedExtension, ErrUnexpectedMessage},
		{"client type X.509", rawOnly, nil, wire.SetOf(wire.ExtClientCertificateType), 0, 0, AlertUnsupportedCertificate, ErrCertificateType},
		{"server type X.509", nil, rawOnly, wire.SetOf(wire.ExtServerCertificateType), 0, 0, AlertUnsupportedCertificate, ErrCertificateType},
		{"server type unknown", nil, rawFirst, wire.SetOf(wire.ExtServerCertificateType), 0, 9, AlertUnsupportedCertificate, ErrCertificateType},
		{"server type X.509 by saying nothing", nil, rawOnly, 0, 0, 0, AlertUnsupportedCertificate, ErrCertificateType},
		{"raw key agreed, certificate sent", nil, rawFirst, wire.SetOf(wire.ExtServerCertificateType), 0, 2, AlertDecodeError, x509lite.ErrMalformed},
	} {
		p := newPair(t, func(cc, s *Config) {
			cc.OwnCertificateTypes, cc.PeerCertificateTypes = c.own, c.peer
			s.Certificates = append(s.Certificates, raw)
		})
		r := p.beRogueServer(serverScript...)
		r.edit = replace(t, wire.TypeEncryptedExtensions, func() ([]byte, error) {
			return (&wire.EncryptedExtensions{Has: c.ext, ClientCertificateType: c.client, ServerCertificateType: c.serv}).Append(nil)
		})
		r.hello = func(*wire.ServerHello) { r.id = &r.prep.identities[0]; r.scheme = r.id.schemes[0] } // the certificate
		p.handshake()
		if a := alertOf(p.client.Err()); a == nil || a.FromPeer || a.Alert != c.want || !errors.Is(a, c.err) {
			t.Errorf("%s: %v", c.name, p.client.Err())
		}
	}
}

func mustIdentity(t testing.TB, cert tls.Certificate) identity {
	t.Helper()
	id, err := newIdentity(&cert)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// The Certificate of a raw key: one entry, whole, and nothing else.
func TestRawPublicKeyMessageDefects(t *testing.T) {
	raw, trust := rawID(t, "Ed25519")
	spki := mustIdentity(t, raw).key.RawSPKI
	one := entryOf(t, spki)
	for _, c := range []struct {
		name string
		msg  wire.Certificate
		want Alert
	}{
		{"none", wire.Certificate{}, AlertDecodeError},
		{"empty", wire.Certificate{Entries: entryOf(t, nil)}, AlertDecodeError},
		{"two", wire.Certificate{Entries: append(append(wire.Entries{}, one...), one...)}, AlertIllegalParameter},
		{"cut", wire.Certificate{Entries: entryOf(t, spki[:len(spki)-1])}, AlertDecodeError},
		{"certificate", wire.Certificate{Entries: entryOf(t, makeID(t, "Ed25519", "x").leaf.Raw)}, AlertDecodeError},
	} {
		for _, verify := range []bool{true, false} {
			p := newPair(t, func(cc, s *Config) {
				cc.Trust, cc.PeerCertificateTypes, cc.InsecureSkipVerify = trust, rawOnly, !verify
				s.Certificates = []tls.Certificate{raw}
			})
			r := p.beRogueServer(serverScript...)
			r.edit = func(typ wire.Type, msg []byte) []byte {
				msg = replace(t, wire.TypeCertificate, func() ([]byte, error) { return c.msg.Append(nil) })(typ, msg)
				return replace(t, wire.TypeEncryptedExtensions, rawServerExtensions)(typ, msg)
			}
			p.handshake()
			p.wantAlert(p.client, c.want)
		}
	}
}

func rawServerExtensions() ([]byte, error) {
	return (&wire.EncryptedExtensions{Has: wire.SetOf(wire.ExtServerCertificateType), ServerCertificateType: 2}).Append(nil)
}

// Whatever byte of a raw key is wrong, or wherever it ends, the handshake ends with an alert.
func TestRawPublicKeyWithAnyByteWrong(t *testing.T) {
	raw, trust := rawID(t, "P-256")
	spki := mustIdentity(t, raw).key.RawSPKI
	for i := range spki {
		flipped := append([]byte(nil), spki...)
		flipped[i] ^= 0x41
		for _, bad := range [][]byte{flipped, spki[:i]} {
			p := newPair(t, func(cc, s *Config) {
				cc.Certificates, s.Trust, s.PeerCertificateTypes = []tls.Certificate{raw}, trust, rawOnly
			})
			p.beRogueClient(clientScript...).edit = replace(t, wire.TypeCertificate, func() ([]byte, error) {
				return (&wire.Certificate{Entries: entryOf(t, bad)}).Append(nil)
			})
			p.handshake()
			a := alertOf(p.server.Err())
			if a == nil || a.FromPeer || p.server.HandshakeComplete() {
				t.Fatalf("byte %d: %v", i, p.server.Err())
			}
		}
	}
}

func TestRawPublicKeyThatIsNotThePeers(t *testing.T) {
	raw, trust := rawID(t, "P-256")
	p := newPair(t, func(cc, s *Config) {
		cc.Certificates, s.Trust, s.PeerCertificateTypes = []tls.Certificate{raw}, trust, rawOnly
	})
	p.beRogueClient(clientScript...).edit = func(typ wire.Type, msg []byte) []byte {
		if typ == wire.TypeCertificateVerify {
			msg[len(msg)-1] ^= 1
		}
		return msg
	}
	p.handshake()
	p.wantAlert(p.server, AlertDecryptError)
	p = newPair(t, func(cc, s *Config) {
		cc.Certificates, s.Trust, s.PeerCertificateTypes = []tls.Certificate{raw}, trust, rawOnly
	})
	p.beRogueClient(wire.TypeCertificate, wire.TypeFinished)
	p.handshake()
	p.wantAlert(p.server, AlertUnexpectedMessage)
}

// A client with InsecureSkipVerify takes any raw key, and says so.
func TestRawPublicKeyUnverified(t *testing.T) {
	raw, _ := rawID(t, "P-384")
	p := newPair(t, func(c, s *Config) {
		c.Trust, c.InsecureSkipVerify, c.PeerCertificateTypes, s.Certificates = nil, true, rawOnly, []tls.Certificate{raw}
	})
	p.mustHandshake()
	if cs := p.client.ConnectionState(); cs.PeerVerified || cs.PeerRawPublicKey == nil {
		t.Errorf("%+v", cs)
	}
}

func TestCertificateTypeNames(t *testing.T) {
	for typ, want := range map[CertificateType]string{0: "X.509", 2: "raw public key", 9: "certificate type 9"} {
		if typ.String() != want {
			t.Errorf("%d is %q", typ, typ)
		}
	}
}

// A raw key is known again when a session is resumed, unless it is no longer trusted, or taken.
func TestRawPublicKeysAreResumed(t *testing.T) {
	cert, trust := rawID(t, "P-256")
	for _, c := range []struct {
		name    string
		change  func(c, s *Config)
		resumed bool
	}{
		{"as it was", func(c, s *Config) {}, true},
		{"client trusts another", func(c, s *Config) {
			c.Trust = x509lite.AnyOf(x509lite.PinSPKI([32]byte{1}), makeID(t, "Ed25519", testServerName).pin())
		}, false},
		{"client takes X.509 only", func(c, s *Config) { c.PeerCertificateTypes = nil }, false},
		{"server takes X.509 only", func(c, s *Config) { s.PeerCertificateTypes = nil }, false},
	} {
		p := newPair(t, func(cc, s *Config) {
			cc.ClientSessionCache = NewLRUClientSessionCache(4)
			cc.Certificates, cc.Trust, cc.PeerCertificateTypes = append(cc.Certificates, cert), x509lite.AnyOf(cc.Trust, trust), rawFirst
			s.Certificates, s.Trust, s.PeerCertificateTypes = append([]tls.Certificate{cert}, s.Certificates...), x509lite.AnyOf(s.Trust, trust), rawFirst
		})
		p.mustHandshake()
		p.exchange("tickets come with it")
		p.clientCfg, p.serverCfg = p.clientCfg.Clone(), p.serverCfg.Clone()
		c.change(p.clientCfg, p.serverCfg)
		p.restart()
		p.handshake()
		cs, ss := p.client.ConnectionState(), p.server.ConnectionState()
		if p.client.HandshakeComplete() && (cs.DidResume != c.resumed || ss.DidResume != c.resumed) {
			t.Errorf("%s: resumed %v, %v", c.name, cs.DidResume, ss.DidResume)
		}
		if c.resumed && (cs.PeerRawPublicKey == nil || ss.PeerRawPublicKey == nil || !cs.PeerVerified || !ss.PeerVerified) {
			t.Errorf("%s: %+v, %+v", c.name, cs, ss)
		}
	}
}

// What is negotiated by extensions is the same in a second ClientHello (RFC 8446 §4.1.2).
func TestCertificateTypesAndCompressionAfterHelloRetryRequest(t *testing.T) {
	raw, trust := rawID(t, "P-256")
	long := longChain(t, testServerName)
	p := newPair(t, func(c, s *Config) {
		c.Certificates, c.Trust, s.Trust = []tls.Certificate{raw}, long.pin(), trust
		s.Certificates, s.PeerCertificateTypes = []tls.Certificate{long.cert}, rawOnly
		s.CurvePreferences, c.CertificateAuthorities = []tls.CurveID{tls.CurveP256}, [][]byte{{0x30, 0}}
		c.SignatureSchemes = []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}
	})
	compressed := false
	p.client.Start()
	p.client.state = &spy{p.client.state, func(m message) { compressed = compressed || m.typ == wire.TypeCompressedCertificate }}
	p.run()
	p.mustBeOpen()
	if cs := p.server.ConnectionState(); !cs.HelloRetryRequest || cs.PeerRawPublicKey == nil || !compressed {
		t.Errorf("retried %v, raw %v, compressed %v", cs.HelloRetryRequest, cs.PeerRawPublicKey, compressed)
	}
}
