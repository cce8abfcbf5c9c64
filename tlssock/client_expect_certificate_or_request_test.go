package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

func TestCertificateRequestDefects(t *testing.T) {
	for _, c := range []struct {
		name string
		msg  wire.CertificateRequest
		want Alert
	}{
		{"no signature_algorithms", wire.CertificateRequest{}, AlertMissingExtension},
		{"context", wire.CertificateRequest{Context: []byte("c")}, AlertDecodeError},
		{"empty signature_algorithms", wire.CertificateRequest{Has: wire.SetOf(wire.ExtSignatureAlgorithms)}, AlertDecodeError},
		{"empty certificate_authorities", wire.CertificateRequest{Has: wire.SetOf(wire.ExtCertificateAuthorities)}, AlertDecodeError},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificateRequest, func() ([]byte, error) { return c.msg.Append(nil) })
			p.handshake()
			p.wantAlert(p.client, c.want)
		})
	}
}

// replace gives an edit that puts another message in the place of one type.
func replace(t *testing.T, typ wire.Type, with func() ([]byte, error)) func(wire.Type, []byte) []byte {
	return func(got wire.Type, msg []byte) []byte {
		if got != typ {
			return msg
		}
		raw, err := with()
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
}

// A client whose certificate does not fit the request sends an empty Certificate, and the server decides.
func TestClientSendsNoCertificateThatDoesNotFit(t *testing.T) {
	client := makeID(t, "P-384", testClientName)
	other, err := wire.MakeAuthorities(makeID(t, "P-256", "other").leaf.RawSubject)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := wire.MakeAuthorities(client.leaf.RawSubject)
	if err != nil {
		t.Fatal(err)
	}
	all := offeredSchemes(false)
	for _, c := range []struct {
		name        string
		schemes     wire.Uint16s
		authorities wire.Names
		fits        bool
	}{
		{"fits", all, wire.Names{}, true},
		{"fits one of the authorities", all, ours, true},
		{"scheme", wire.MakeUint16s(tls.Ed25519, tls.ECDSAWithP256AndSHA256, tls.PKCS1WithSHA256), wire.Names{}, false},
		{"authorities", all, other, false},
	} {
		p := newPair(t, func(cc, _ *Config) { cc.Certificates = []tls.Certificate{client.cert} })
		request := wire.CertificateRequest{
			Has: wire.SetOf(wire.ExtSignatureAlgorithms), SignatureAlgorithms: c.schemes, CertificateAuthorities: c.authorities,
		}
		if !c.authorities.Empty() {
			request.Has.Add(wire.ExtCertificateAuthorities)
		}
		p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificateRequest, func() ([]byte, error) { return request.Append(nil) })
		p.handshake()
		if p.client.Err() != nil {
			t.Fatalf("%s: %v", c.name, p.client.Err())
		}
		cs := p.client.ConnectionState()
		sink := p.server.state.(*rogueSink)
		if (cs.LocalCertificate != nil) != c.fits || len(sink.got) != map[bool]int{true: 3, false: 2}[c.fits] || !cs.ClientCertificateRequested {
			t.Errorf("%s: presented %v, sent %v", c.name, cs.LocalCertificate != nil, sink.got)
		}
	}
}

func TestClientTakesTheFirstCertificateThatFits(t *testing.T) {
	a, b := makeID(t, "P-384", testClientName), makeID(t, "Ed25519", testClientName)
	p := newPair(t, func(c, s *Config) {
		c.Certificates = []tls.Certificate{a.cert, b.cert}
		s.Trust = x509lite.Pin(a.leaf, b.leaf)
	})
	p.mustHandshake()
	if got := p.server.ConnectionState().PeerSignatureScheme; got != tls.ECDSAWithP384AndSHA384 {
		t.Errorf("signed with %v", got)
	}
}

// With RequireOwnCertificate the client fails instead, and says what did not fit.
func TestClientThatMustPresentACertificate(t *testing.T) {
	other, err := wire.MakeAuthorities(makeID(t, "P-256", "other").leaf.RawSubject)
	if err != nil {
		t.Fatal(err)
	}
	raw := makeID(t, "P-384", testClientName)
	raw.cert.Certificate = nil
	for _, c := range []struct {
		cert        tls.Certificate
		schemes     wire.Uint16s
		authorities wire.Names
		want        error
	}{
		{makeID(t, "P-384", testClientName).cert, wire.MakeUint16s(tls.Ed25519), wire.Names{}, ErrNoCommonScheme},
		{makeID(t, "P-384", testClientName).cert, offeredSchemes(false), other, ErrNoCommonAuthority},
		{raw.cert, offeredSchemes(false), wire.Names{}, ErrNoCommonCertificateType},
	} {
		p := newPair(t, func(cc, _ *Config) { cc.Certificates, cc.RequireOwnCertificate = []tls.Certificate{c.cert}, true })
		request := wire.CertificateRequest{
			Has: wire.SetOf(wire.ExtSignatureAlgorithms), SignatureAlgorithms: c.schemes, CertificateAuthorities: c.authorities,
		}
		if !c.authorities.Empty() {
			request.Has.Add(wire.ExtCertificateAuthorities)
		}
		p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificateRequest, func() ([]byte, error) { return request.Append(nil) })
		p.handshake()
		p.wantAlert(p.client, AlertHandshakeFailure)
		if !errors.Is(p.client.Err(), c.want) {
			t.Errorf("%v is no %v", p.client.Err(), c.want)
		}
	}
	p := newPair(t, func(cc, s *Config) { // the authorities are passed over where that is wanted
		s.CertificateAuthorities, cc.RequireOwnCertificate, cc.IgnoreAuthorities = [][]byte{{0x30, 0}}, true, true
	})
	p.mustHandshake()
	if cs := p.client.ConnectionState(); cs.LocalCertificate == nil {
		t.Error("nothing presented")
	}
	newPair(t, func(cc, s *Config) { // one that has none at all has nothing to insist on
		cc.Certificates, cc.RequireOwnCertificate, s.ClientAuth = nil, true, tls.RequestClientCert
	}).mustHandshake()
}
