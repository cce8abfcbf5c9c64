package tlssock

import (
	"crypto/tls"
	"slices"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// A rogue is a peer that has the right keys and certificates and does not keep to the protocol: it sends the messages
// of a script, each as it should be at its place, or edited.
type rogue struct {
	h      *handshake
	script []wire.Type
	edit   func(t wire.Type, msg []byte) []byte // before it is hashed; nil: as it should be
	late   func(flight []byte) []byte           // after the whole flight was hashed
	split  bool                                 // a record for each message
}

// What a script may hold beside the types of wire: a message of a type that nobody knows.
const typeUnknown wire.Type = 99

// typeHelloRetry is HelloRetryRequest, whose type on the wire is that of ServerHello.
const typeHelloRetry wire.Type = 200

// everyType is every message that a peer might send.
var everyType = []wire.Type{
	wire.TypeClientHello, wire.TypeServerHello, typeHelloRetry, wire.TypeNewSessionTicket, wire.TypeEndOfEarlyData,
	wire.TypeEncryptedExtensions, wire.TypeCertificate, wire.TypeCertificateRequest, wire.TypeCertificateVerify, wire.TypeFinished,
	wire.TypeKeyUpdate, wire.TypeCompressedCertificate, wire.TypeMessageHash, typeUnknown,
}

// build makes a message of a type as it should be at this point of the transcript.
func (r *rogue) build(t testing.TB, typ wire.Type) []byte {
	h := r.h
	var b []byte
	var err error
	switch typ {
	case wire.TypeEncryptedExtensions:
		b, err = new(wire.EncryptedExtensions).Append(nil)
	case wire.TypeCertificateRequest:
		b, err = (&wire.CertificateRequest{Has: wire.SetOf(wire.ExtSignatureAlgorithms), SignatureAlgorithms: offeredSchemes(false)}).Append(nil)
	case wire.TypeCertificate:
		b = slices.Clone(h.id.message[0].plain)
	case wire.TypeCertificateVerify:
		signature, sigErr := h.id.signer.Sign(h.prep.rand, h.signed.input(h.scheme, h.e.role, h.transcriptHash()), h.scheme.opts)
		if sigErr != nil {
			t.Fatal(sigErr)
		}
		b, err = (&wire.CertificateVerify{Algorithm: h.scheme.id, Signature: signature}).Append(nil)
	case wire.TypeFinished:
		base := h.cut(&h.clientSecret)
		if h.e.role == RoleServer {
			base = h.cut(&h.serverSecret)
		}
		b, err = (&wire.Finished{VerifyData: h.suite.Hash.FinishedMAC(h.scratch(), nil, base, h.transcriptHash())}).Append(nil)
	case wire.TypeKeyUpdate:
		b, err = new(wire.KeyUpdate).Append(nil)
	case wire.TypeNewSessionTicket:
		b, err = (&wire.NewSessionTicket{Lifetime: 1, Ticket: []byte("ticket")}).Append(nil)
	case wire.TypeClientHello:
		b = rawClientHello(t, nil)
	case wire.TypeServerHello, typeHelloRetry:
		random := make([]byte, 32)
		if typ == typeHelloRetry {
			random = []byte(wire.RetryRandom)
		}
		b, err = (&wire.ServerHello{
			LegacyVersion: wire.VersionTLS12, Random: random, CipherSuite: h.suite.ID, Has: wire.SetOf(wire.ExtSupportedVersions, wire.ExtKeyShare),
			SupportedVersion: wire.VersionTLS13, Group: 23, KeyShare: make([]byte, 32),
		}).Append(nil)
	default:
		b = []byte{byte(typ), 0, 0, 0}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// play sends the script.
func (r *rogue) play(t testing.TB) error {
	h := r.h
	for _, typ := range r.script {
		msg := r.build(t, typ)
		if r.edit != nil {
			msg = r.edit(typ, msg)
		}
		if err := h.push(append(h.flight, msg...), nil); err != nil {
			return err
		}
		if r.split {
			if err := h.send(); err != nil {
				return err
			}
		}
	}
	if r.late != nil {
		h.flight = r.late(h.flight)
	}
	return h.send()
}

// rogueServer is the server's state: it answers a ClientHello with a ServerHello, edited by hello, and the script.
type rogueServer struct {
	rogue
	*serverHandshake
	t     testing.TB
	hello func(m *wire.ServerHello)
	raw   func(msg []byte) []byte
}

// beRogueServer makes the pair's server one that sends the script after ServerHello.
func (p *pair) beRogueServer(script ...wire.Type) *rogueServer {
	p.t.Helper()
	hs, err := p.env.beginServer(p.server, p.server.prep)
	if err != nil {
		p.t.Fatal(err)
	}
	r := &rogueServer{rogue: rogue{h: &hs.handshake, script: script}, serverHandshake: hs, t: p.t}
	p.server.facts = &facts{}
	p.server.state = r
	return r
}

func (r *rogueServer) handle(m message) (state, error) {
	var msg wire.ClientHello
	m, err := r.readClientHello(m, &msg)
	if err != nil {
		return nil, err
	}
	s := r.serverHandshake
	s.e.flags |= flagCCSAllowed
	s.suite = s.chooseSuite(&msg)
	s.transcript.Choose(s.suite.Hash)
	if err := s.transcript.Add(m.raw); err != nil {
		return nil, err
	}
	share, err := s.chooseGroup(&msg)
	if err != nil {
		return nil, err
	}
	if err := s.chooseIdentity(&msg, s.prep.identities); err != nil {
		return nil, err
	}
	if s.share, s.shared, err = s.kex.Respond(s.group, s.prep.rand, share, nil, nil); err != nil {
		return nil, err
	}
	hello := wire.ServerHello{
		LegacyVersion: wire.VersionTLS12, Random: make([]byte, 32), SessionID: msg.SessionID, CipherSuite: s.suite.ID,
		Has:              wire.SetOf(wire.ExtSupportedVersions, wire.ExtKeyShare),
		SupportedVersion: wire.VersionTLS13, Group: s.group, KeyShare: s.share,
	}
	if r.hello != nil {
		r.hello(&hello)
	}
	raw, err := hello.Append(nil)
	if err != nil {
		return nil, err
	}
	if r.raw != nil {
		raw = r.raw(raw)
	}
	if err := s.push(raw, nil); err != nil {
		return nil, err
	}
	if err := s.send(); err != nil {
		return nil, err
	}
	if err := s.deriveHandshakeKeys(); err != nil {
		return nil, err
	}
	s.e.facts.suite = s.suite
	return &rogueSink{}, r.play(r.t)
}

// rogueSink takes every message and remembers its type.
type rogueSink struct{ got []wire.Type }

func (r *rogueSink) handle(m message) (state, error) {
	r.got = append(r.got, m.typ)
	return r, nil
}

// rogueClient stands before a client's state until it is time to answer the server, and then sends the script.
type rogueClient struct {
	rogue
	t     testing.TB
	inner state
}

// beRogueClient makes the pair's client one that sends the script as its second flight.
func (p *pair) beRogueClient(script ...wire.Type) *rogueClient {
	p.t.Helper()
	if err := p.client.Start(); err != nil {
		p.t.Fatal(err)
	}
	r := &rogueClient{rogue: rogue{h: p.client.hs, script: script}, t: p.t, inner: p.client.state}
	p.client.state = r
	return r
}

func (r *rogueClient) handle(m message) (state, error) {
	last, ok := r.inner.(clientExpectFinished)
	if !ok {
		next, err := r.inner.handle(m)
		r.inner = next
		return r, err
	}
	h := last.clientHandshake
	if err := h.checkFinished(m, h.cut(&h.serverSecret)); err != nil {
		return nil, err
	}
	_, server, err := h.deriveApplicationSecrets(nil, make([]byte, 0, suite.MaxHashSize))
	if err != nil {
		return nil, err
	}
	if h.id == nil {
		h.id = &h.prep.identities[0]
		h.scheme = h.id.schemes[0]
	}
	if err := r.play(r.t); err != nil {
		return nil, err
	}
	h.installKeys(nil, server)
	return &rogueSink{}, nil
}

// rawClientHello gives a ClientHello message that is in order but for what change makes of it.
func rawClientHello(t testing.TB, change func(h *clientHandshake)) []byte {
	t.Helper()
	cfg := &Config{InsecureSkipVerify: true, ServerName: testServerName, CurvePreferences: []tls.CurveID{tls.X25519}}
	e, err := NewEngine(&Env{Now: epoch}, cfg, RoleClient)
	if err != nil {
		t.Fatal(err)
	}
	h, err := e.env.beginClient(e, e.prep)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.generateShares([]uint16{29}); err != nil {
		t.Fatal(err)
	}
	h.fillHello()
	if change != nil {
		change(h)
	}
	raw, err := h.hello.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// entryOf is a certificate_list of one entry without extensions.
func entryOf(t testing.TB, cert []byte) wire.Entries {
	list, err := wire.AppendEntry(nil, cert, wire.EntryExtensions{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// handshakeRecord puts content into one unprotected record.
func handshakeRecord(content []byte) []byte {
	return append(appendHeader(nil, wire.Handshake, wire.VersionTLS12, len(content)), content...)
}

// wantFault checks that e failed and sent this alert.
func wantFault(t testing.TB, e *Engine, want Alert) {
	t.Helper()
	a := alertOf(e.Err())
	if a == nil || a.FromPeer || a.Alert != want {
		t.Fatalf("%v: got %v, want to send %v", e.role, e.Err(), want)
	}
	if len(e.Output()) == 0 {
		t.Fatalf("%v: no alert in the output", e.role)
	}
}

var (
	serverScript = []wire.Type{
		wire.TypeEncryptedExtensions, wire.TypeCertificateRequest, wire.TypeCertificate, wire.TypeCertificateVerify, wire.TypeFinished,
	}
	clientScript = []wire.Type{wire.TypeCertificate, wire.TypeCertificateVerify, wire.TypeFinished}
)
