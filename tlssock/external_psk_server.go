package tlssock

import (
	"bytes"
	"slices"

	"golang.org/x/crypto/cryptobyte"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// chooseExternal looks for an external key that the client offers, and gives the suite for it; nil: there is none, or
// it is not wanted. first goes before all other suites.
func (h *serverHandshake) chooseExternal(msg *wire.ClientHello, first *suite.Suite) *suite.Suite {
	cfg := h.e.cfg
	if _, ok := h.pskMode(msg); !ok || !cfg.hasExternalPSKs() || !msg.Has.Has(wire.ExtPreSharedKey) {
		return nil
	}
	if cfg.PreferCertificates && h.chooseIdentity(msg, h.prep.identities) == nil {
		return nil
	}
	var tried [suite.SHA384 + 1]bool // by hash: whom we ask has more to do than to be asked again for every suite
	for _, st := range slices.Concat([]*suite.Suite{first}, h.prep.suites) {
		if st == nil || tried[st.Hash] || !msg.CipherSuites.Contains(st.ID) {
			continue
		}
		if h.findExternal(msg, st.Hash) {
			return st
		}
		tried[st.Hash] = true
	}
	return nil
}

// findExternal takes the first of our external keys that the client offers for a hash, or else the first of the
// client's that GetExternalPSK knows.
func (h *serverHandshake) findExternal(msg *wire.ClientHello, hash suite.Hash) bool {
	h.external = psk{}
	for i := range h.prep.psks {
		p := &h.prep.psks[i]
		if p.hash != hash {
			continue
		}
		if n := offeredAt(msg, p.identity); n >= 0 {
			h.external, h.selected = *p, uint16(n)
			return true
		}
	}
	get := h.e.cfg.GetExternalPSK
	if get == nil {
		return false
	}
	identities := cryptobyte.String(msg.PSKIdentities)
	var identity cryptobyte.String
	var age uint32
	for n := 0; n < maxPSKLookups && identities.ReadUint16LengthPrefixed(&identity) && identities.ReadUint32(&age); n++ {
		if p, ok := lookup(get, identity, hash); ok {
			h.external, h.selected = p, uint16(n)
			return true
		}
	}
	return false
}

// lookup asks for the key of an identity that is offered for a hash.
func lookup(get func([]byte) *ExternalPSK, identity []byte, hash suite.Hash) (psk, bool) {
	imported, direct := externalIdentity(identity)
	for _, name := range [][]byte{imported, direct} {
		if name == nil {
			continue
		}
		key := get(name)
		if key == nil || key.check() != nil {
			continue
		}
		if p, ok := key.offered(hash); ok && bytes.Equal(p.identity, identity) {
			return p, true
		}
	}
	return psk{}, false
}

// offeredAt gives the place at which an identity is offered, negative if it is not.
func offeredAt(msg *wire.ClientHello, identity []byte) int {
	identities := cryptobyte.String(msg.PSKIdentities)
	var got cryptobyte.String
	var age uint32
	for n := 0; identities.ReadUint16LengthPrefixed(&got) && identities.ReadUint32(&age); n++ {
		if bytes.Equal(got, identity) {
			return n
		}
	}
	return -1
}

// findExternalAgain finds the key that was found in the first hello in the second, where it may stand elsewhere (RFC
// 8446 §4.1.2).
func (h *serverHandshake) findExternalAgain(msg *wire.ClientHello) error {
	if h.external.ExternalPSK == nil || h.resuming.found {
		return nil
	}
	n := offeredAt(msg, h.external.identity)
	if n < 0 {
		return fault(AlertIllegalParameter, ErrPSKWithdrawn)
	}
	h.selected = uint16(n)
	return nil
}

// takeExternal goes on from the external key that was found, if the client has it too. m is the ClientHello, which is
// not yet part of the transcript.
func (h *serverHandshake) takeExternal(m message, msg *wire.ClientHello) error {
	p := &h.external
	if p.ExternalPSK == nil || h.resuming.found {
		return nil
	}
	h.early.Set(h.scratch(), p.hash, p.key)
	binderKey := h.early.ImportedBinderKey
	if p.Direct {
		binderKey = h.early.ExternalBinderKey
	}
	if _, err := h.checkBinder(m, msg, binderKey); err != nil {
		return err
	}
	h.e.facts.note().external = p.ExternalPSK
	return nil
}

// noIdentity is why a server without certificates can't go on without a pre-shared key.
func (h *serverHandshake) noIdentity(msg *wire.ClientHello) error {
	if !h.e.cfg.hasExternalPSKs() { // GetCertificate had none either
		return faultf(AlertUnrecognizedName, "%w %q", ErrUnknownName, h.e.facts.serverName)
	}
	if _, ok := h.pskMode(msg); !ok && msg.Has.Has(wire.ExtPreSharedKey) {
		return fault(AlertHandshakeFailure, ErrPSKMode)
	}
	return fault(AlertHandshakeFailure, ErrNoCommonPSK)
}
