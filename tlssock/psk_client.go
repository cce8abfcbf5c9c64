package tlssock

import (
	"encoding/binary"
	"slices"
	"time"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// offering is what a client's handshake notes of sessions.
type offering struct {
	session    *ClientSession        // that is offered; nil: none
	leaf       *x509lite.Certificate // of its server, or else
	key        *x509lite.PublicKeyInfo
	identities []byte // memory kept
	binders    []byte // memory kept
	protocol   string // of the session, for which early data was meant
}

// pskModes is what a client that has a session cache says of keys to come.
var pskModes = []byte{pskDHE}

// takeSession takes a session from the cache that can be offered: in time, for one of our suites, and of a server that we would accept today.
func (h *clientHandshake) takeSession() {
	cache := h.e.cfg.ClientSessionCache
	if cache == nil || h.e.cfg.SessionTicketsDisabled {
		return
	}
	const tries = 2 * DefaultSessionsPerKey // a cache need not forget what it gives
	for range tries {
		s, ok := cache.Get(h.e.cfg.SessionKey())
		if !ok {
			return
		}
		if s == nil || !s.fresh(h.e.env.Now) || !h.hasHash(s.suite) || s.serverName != string(h.prep.sni) {
			continue
		}
		if h.recheck(&s.session, !h.e.cfg.InsecureSkipVerify, x509lite.RoleServer) != nil {
			continue
		}
		f := h.e.facts // they tell of the server only when it has taken the offer
		h.offering.session, h.offering.leaf, h.offering.key = s, f.peer[0], f.peerKey
		f.peer[0], f.peerKey, h.peerType = nil, nil, CertificateTypeX509
		return
	}
}

// hasHash reports whether one of our suites has the hash of the suite with that identifier.
func (h *clientHandshake) hasHash(id uint16) bool {
	st := suite.ByID(id)
	return st != nil && slices.ContainsFunc(h.prep.suites, func(s *suite.Suite) bool { return s.Hash == st.Hash })
}

// offerPSK puts the session into the hello. It comes last, and its binder is still missing.
func (h *clientHandshake) offerPSK() {
	if h.e.cfg.ClientSessionCache != nil && !h.e.cfg.SessionTicketsDisabled {
		h.hello.PSKModes = pskModes
		h.hello.Has.Add(wire.ExtPSKKeyExchangeModes)
	}
	o := &h.offering
	if o.session == nil {
		return
	}
	s := o.session
	b := binary.BigEndian.AppendUint16(o.identities[:0], uint16(len(s.ticket)))
	b = append(b, s.ticket...)
	age := uint32(h.e.env.Now.Sub(s.issued) / time.Millisecond) // RFC 8446 §4.2.11.1
	o.identities = binary.BigEndian.AppendUint32(b, age+s.ageAdd)
	n := suite.ByID(s.suite).Hash.Size()
	o.binders = append(append(o.binders[:0], byte(n)), make([]byte, n)...)
	h.hello.PSKIdentities, h.hello.PSKBinders = o.identities, o.binders
	h.hello.Has.Add(wire.ExtPreSharedKey)
}

// withdrawPSK takes the session out of the hello again.
func (h *clientHandshake) withdrawPSK() {
	h.offering.session = nil
	h.hello.Has &^= wire.SetOf(wire.ExtPreSharedKey)
	h.hello.PSKIdentities, h.hello.PSKBinders = nil, nil
}

// bind fills in the binder: msg is the whole hello, of which the binders are the end (RFC 8446 §4.2.11.2).
func (h *clientHandshake) bind(msg []byte) {
	if h.offering.session == nil {
		return
	}
	s := h.offering.session
	sc, hash := h.scratch(), suite.ByID(s.suite).Hash
	h.early.Set(sc, hash, s.secret)
	truncated := msg[:len(msg)-2-len(h.hello.PSKBinders)]
	var key, mac [suite.MaxHashSize]byte
	defer clear(key[:])
	sum := h.transcript.SumWith(sc, h.sum[:0], hash, truncated)
	binder := hash.FinishedMAC(sc, mac[:0], h.early.ResumptionBinderKey(sc, key[:0]), sum)
	copy(msg[len(msg)-len(binder):], binder)
}

// takePSK takes the server's answer to the offer.
func (h *clientHandshake) takePSK(msg *wire.ServerHello) error {
	if !msg.Has.Has(wire.ExtPreSharedKey) {
		return nil
	}
	o := &h.offering
	if msg.SelectedIdentity != 0 {
		return faultf(AlertIllegalParameter, "%w: server selects number %d of one", ErrPSKIdentity, msg.SelectedIdentity)
	}
	if suite.ByID(o.session.suite).Hash != h.suite.Hash { // RFC 8446 §4.2.11
		return fault(AlertIllegalParameter, ErrPSKHash)
	}
	f, s := h.e.facts, o.session
	f.resumed, f.peer[0], f.peerKey, f.peerScheme = true, o.leaf, o.key, s.peerScheme
	h.peerType = s.peerType
	f.restoreStaples(s)
	f.verified = !h.e.cfg.InsecureSkipVerify
	return nil
}
