package tlssock

import (
	"crypto/tls"
	"slices"

	"golang.org/x/crypto/cryptobyte"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// maxPSKIdentities is how many of the keys that a client offers are looked at.
const maxPSKIdentities = 5

// findSession takes the first of the client's pre-shared keys that is good for this connection, if there is one. That
// the client has it too is not yet known.
func (h *serverHandshake) findSession(msg *wire.ClientHello) error {
	h.resuming.found = false
	h.forgetPeer() // whose ticket the first hello had is not who sends the second
	h.noteTickets(msg)
	if !msg.Has.Has(wire.ExtPreSharedKey) {
		return nil
	}
	if n, binders := pskCounts(msg); n != binders { // RFC 8446 §4.2.11
		return faultf(AlertIllegalParameter, "%w: %d pre-shared keys, %d binders", ErrBinders, n, binders)
	}
	if _, ok := h.pskMode(msg); !ok || h.e.cfg.SessionTicketsDisabled {
		return nil
	}
	keys, err := h.ticketKeys(h.e.env.Now, h.prep.rand)
	if err != nil {
		return err
	}
	identities := cryptobyte.String(msg.PSKIdentities)
	for n := 0; n < maxPSKIdentities && !identities.Empty(); n++ {
		var identity cryptobyte.String
		var age uint32
		if !identities.ReadUint16LengthPrefixed(&identity) || !identities.ReadUint32(&age) {
			return faultf(AlertDecodeError, "pre_shared_key")
		}
		s := &h.resuming.session
		if openTicket(keys, identity, s) != nil {
			continue
		}
		if !h.usable(s, msg) {
			h.forgetPeer()
			continue
		}
		h.noteAge(s, age)
		h.selected, h.resuming.found = uint16(n), true
		return nil
	}
	return nil
}

// pskCounts counts the keys and the binders, whose lists are well formed.
func pskCounts(msg *wire.ClientHello) (identities, binders int) {
	var item cryptobyte.String
	var age uint32
	for s := cryptobyte.String(msg.PSKIdentities); s.ReadUint16LengthPrefixed(&item) && s.ReadUint32(&age); {
		identities++
	}
	for s := cryptobyte.String(msg.PSKBinders); s.ReadUint8LengthPrefixed(&item); {
		binders++
	}
	return identities, binders
}

// usable reports whether a session of ours may go on here: in time, for the name that it had, with a suite that is
// still offered and the hash of which is that of the one chosen, and with a client that we would accept today.
func (h *serverHandshake) usable(s *session, msg *wire.ClientHello) bool {
	st := suite.ByID(s.suite)
	if !slices.Contains(h.prep.suites, st) || !msg.CipherSuites.Contains(s.suite) || st.Hash != h.suite.Hash {
		return false
	}
	if !s.fresh(h.e.env.Now) || s.serverName != h.e.facts.serverName {
		return false
	}
	if len(s.external) > 0 {
		return h.e.cfg.externalOf(s) != nil
	}
	if len(h.prep.identities) == 0 && h.e.cfg.GetCertificate == nil { // only keys are taken, and it was not begun with one
		return false
	}
	switch auth := h.e.cfg.ClientAuth; {
	case len(s.chain) == 0:
		return auth != tls.RequireAnyClientCert && auth != tls.RequireAndVerifyClientCert
	case auth == tls.NoClientCert:
		return false
	}
	return h.recheck(s, h.e.cfg.verifiesClients(), x509lite.RoleClient) == nil
}

// resume goes on from the session that was found, if the client has its key too (RFC 8446 §4.2.11.2). m is the
// ClientHello, which is not yet part of the transcript.
func (h *serverHandshake) resume(m message, msg *wire.ClientHello) error {
	if !h.resuming.found {
		return nil
	}
	s := &h.resuming.session
	h.early.Set(h.scratch(), h.suite.Hash, s.secret)
	binder, err := h.checkBinder(m, msg, h.early.ResumptionBinderKey)
	if err != nil {
		return err
	}
	copy(h.earlyIn.hello.ID[:], binder)
	f := h.e.facts
	f.resumed, f.peerScheme, f.verified = true, s.peerScheme, len(s.chain) > 0 && h.e.cfg.verifiesClients() // by usable
	if len(s.external) > 0 {
		f.note().external = h.e.cfg.externalOf(s)
	}
	return nil
}

// checkBinder gives the binder of the key that is selected, which shows that the client has it (RFC 8446 §4.2.11.2).
// The early secret is of this key.
func (h *serverHandshake) checkBinder(m message, msg *wire.ClientHello, binderKey func(sc *suite.Scratch, dst []byte) []byte) ([]byte, error) {
	sc, hash := h.scratch(), h.suite.Hash
	binders := cryptobyte.String(msg.PSKBinders)
	var binder cryptobyte.String
	for range h.selected + 1 {
		binders.ReadUint8LengthPrefixed(&binder)
	}
	truncated := m.raw[:len(m.raw)-2-len(msg.PSKBinders)]
	sum := h.transcript.SumWith(sc, h.sum[:0], hash, truncated)
	var key [suite.MaxHashSize]byte
	defer clear(key[:])
	if len(binder) != hash.Size() || !hash.VerifyFinished(sc, binderKey(sc, key[:0]), sum, binder) {
		return nil, fault(AlertDecryptError, ErrBadBinder)
	}
	return binder, nil
}
