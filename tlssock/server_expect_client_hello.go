package tlssock

import (
	"cmp"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// serverExpectClientHello is a server to which a client has begun to speak.
type serverExpectClientHello struct{ *serverHandshake }

func (s serverExpectClientHello) handle(m message) (state, error) {
	var msg wire.ClientHello
	m, err := s.readClientHello(m, &msg)
	if err != nil {
		return nil, err
	}
	s.e.flags |= flagCCSAllowed
	return s.configure(m, &msg)
}

// configure settles the configuration, and then answers.
func (h *serverHandshake) configure(m message, msg *wire.ClientHello) (state, error) {
	p, err := h.askForConfig(msg)
	if h.declinesECH(err) {
		return h.configureOuter(msg)
	}
	if err != nil {
		return nil, err
	}
	if p != nil {
		return h.waitWith(m, p, serverAwaitConfig{h})
	}
	return h.greet(m, msg)
}

// configureOuter does so for the outer hello, when the inner one is declined.
func (h *serverHandshake) configureOuter(msg *wire.ClientHello) (state, error) {
	m, err := h.declineECH(msg)
	if err != nil {
		return nil, err
	}
	return h.configure(m, msg)
}

// greet answers the first hello: with all that follows, or with a request for another one.
func (h *serverHandshake) greet(m message, msg *wire.ClientHello) (state, error) {
	h.e.facts.serverName = h.prep.sameName(serverName(msg))
	if h.suite = h.chooseSuite(msg); h.suite == nil {
		return nil, fault(AlertHandshakeFailure, ErrNoCommonSuite)
	}
	if err := h.findSession(msg); err != nil {
		return nil, err
	}
	h.transcript.Choose(h.suite.Hash)
	if msg.Has.Has(wire.ExtEarlyData) { // RFC 8446 §4.2.10: not accepted, so passed over
		h.e.passOver = int32(h.prep.passesOver(h.resuming.session.maxEarly)) + 1
	}
	if h.withoutDHE(msg) {
		return h.answer(m, msg)
	}
	if err := needShares(msg); err != nil {
		return nil, err
	}
	share, err := h.chooseGroup(msg)
	if err != nil {
		return nil, err
	}
	if share != nil {
		return h.answer(m, msg)
	}
	if err := h.transcript.Add(m.raw); err != nil {
		return nil, err
	}
	return h.askForShare(m, msg)
}

// chooseSuite gives the first suite of our preference that the client offers. A client that puts ChaCha20 first has no
// AES in hardware: where we have no order of our own, it gets what it wants.
func (h *serverHandshake) chooseSuite(msg *wire.ClientHello) *suite.Suite {
	var first *suite.Suite
	if h.e.cfg.CipherSuites == nil && h.wantsChaCha(msg) {
		first = suite.ByID(suite.ChaCha20Poly1305)
	}
	if st := h.chooseExternal(msg, first); st != nil || first != nil {
		return cmp.Or(st, first)
	}
	for _, s := range h.prep.suites {
		if msg.CipherSuites.Contains(s.ID) {
			return s
		}
	}
	return nil
}

// wantsChaCha reports whether the first of the client's suites that we have is ChaCha20-Poly1305.
func (h *serverHandshake) wantsChaCha(msg *wire.ClientHello) bool {
	for i := range msg.CipherSuites.Len() {
		if id := msg.CipherSuites.At(i); h.prep.suiteList.Contains(id) {
			return id == suite.ChaCha20Poly1305
		}
	}
	return false
}

// answer settles everything with the client whose hello has what is needed, and sends our flight.
func (h *serverHandshake) answer(m message, msg *wire.ClientHello) (state, error) {
	copy(h.random[:], msg.Random)
	if h.withoutDHE(msg) {
		h.group = 0
	}
	f := h.e.facts
	f.suite, f.group = h.suite, h.group
	h.lists.note(msg.SignatureAlgorithms, msg.CertificateAuthorities)
	if h.e.cfg.VerifyConnection != nil {
		h.lists.protocols = msg.ALPN.Clone()
	}
	if err := h.noteWants(msg.Has, msg.CertificateCompression); err != nil {
		return nil, err
	}
	if msg.Has.Has(wire.ExtRecordSizeLimit) {
		if err := h.e.holdRecordSizes(msg.RecordSizeLimit); err != nil {
			return nil, err
		}
	}
	h.mayAskLater = h.e.cfg.PostHandshakeAuth && msg.Has.Has(wire.ExtPostHandshakeAuth)
	if err := h.resume(m, msg); err != nil {
		return nil, err
	}
	if err := h.takeExternal(m, msg); err != nil {
		return nil, err
	}
	if err := h.transcript.Add(m.raw); err != nil {
		return nil, err
	}
	if h.e.facts.byPSK() { // both are known to each other
		return h.respond(m, msg, h.nameTypes(msg))
	}
	ids, p, err := h.askForCertificate(msg)
	if err != nil {
		return nil, err
	}
	if p != nil {
		return h.waitWith(m, p, serverAwaitCertificate{h})
	}
	return h.respond(m, msg, h.chooseIdentities(msg, ids))
}

// respond settles the rest and sends our flight, if the identities could be settled.
func (h *serverHandshake) respond(m message, msg *wire.ClientHello, err error) (state, error) {
	if err != nil {
		return nil, err
	}
	if err := h.chooseProtocol(msg); err != nil {
		return nil, err
	}
	p, err := h.chooseEarly(msg)
	if err != nil {
		return nil, err
	}
	if p != nil {
		return h.waitWith(m, p, serverAwaitReplayGuard{h})
	}
	return h.accept(msg)
}

// accept sends our flight. Everything is settled.
func (h *serverHandshake) accept(msg *wire.ClientHello) (state, error) {
	share, _ := msg.KeyShares.Find(h.group)
	if err := h.sendServerHello(msg, share); err != nil {
		return nil, err
	}
	return h.sendFlight()
}

// chooseIdentities settles who shows what.
func (h *serverHandshake) chooseIdentities(msg *wire.ClientHello, ids []identity) error {
	if err := h.chooseIdentity(msg, ids); err != nil {
		return err
	}
	return h.chooseCertificateTypes(msg)
}

// chooseIdentity takes, of those identities of ours of a form that the client takes, with a key that it can check
// signatures of, the one that goes best with its hello, and of several the first. A raw public key is for no name and
// goes with every one.
func (h *serverHandshake) chooseIdentity(msg *wire.ClientHello, ids []identity) error {
	if len(ids) == 0 {
		return h.noIdentity(msg)
	}
	if !msg.Has.Has(wire.ExtSignatureAlgorithms) { // RFC 8446 §9.2
		return faultf(AlertMissingExtension, "ClientHello without signature_algorithms")
	}
	types, err := typesIn(msg, wire.ExtServerCertificateType, msg.ServerCertificateTypes)
	if err != nil {
		return err
	}
	name := h.e.facts.serverName
	known, typed, best := false, false, -1
	h.id = nil
	for i := range ids {
		id := &ids[i]
		if !contains(types, id.typ) {
			continue
		}
		typed = true
		named := name != "" && id.leaf != nil && id.leaf.MatchName(name)
		known = known || named || id.leaf == nil
		if s, rank := id.schemeFor(msg, h.e.env.Now), id.rank(msg, named); s != nil && rank > best {
			best, h.id, h.scheme, h.ownType = rank, id, s, id.typ
		}
	}
	if !typed {
		return fault(AlertHandshakeFailure, ErrNoCommonCertificateType)
	}
	if name != "" && !known && h.e.cfg.RejectUnknownServerName { // RFC 6066 §3
		return faultf(AlertUnrecognizedName, "%w %q", ErrUnknownName, name)
	}
	if h.id == nil { // RFC 8446 §4.4.2.2
		return fault(AlertHandshakeFailure, ErrNoCommonScheme)
	}
	return nil
}

// serverName is the name that the client asked for, empty if it did not.
func serverName(msg *wire.ClientHello) string {
	name := msg.ServerName
	if n := len(name); n > 1 && name[n-1] == '.' {
		name = name[:n-1]
	}
	return string(name)
}

// chooseProtocol takes the first application protocol of our preference that the client offers (RFC 7301 §3.2).
func (h *serverHandshake) chooseProtocol(msg *wire.ClientHello) error {
	ours := h.e.cfg.NextProtos
	if len(ours) == 0 || !msg.Has.Has(wire.ExtALPN) {
		return nil
	}
	for _, name := range ours {
		if msg.ALPN.Contains(name) {
			h.e.facts.protocol = name
			return nil
		}
	}
	return fault(AlertNoApplicationProtocol, ErrNoCommonProtocol)
}
