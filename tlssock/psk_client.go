package tlssock

import (
	"bytes"
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
	keys       []psk  // that are offered; memory kept
	protocol   string // of the session, for which early data was meant
}

// forget forgets what is offered, and keeps the memory.
func (o *offering) forget() {
	clear(o.keys[:cap(o.keys)])
	*o = offering{identities: kept(o.identities), binders: kept(o.binders), keys: o.keys[:0]}
}

// takeSession takes a session from the cache that can be offered: in time, for one of our suites, of who we are, and of
// a server that we would accept today.
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
		if s == nil || len(s.ticket) > maxTicket || !s.fresh(h.e.env.Now) || !h.hasHash(s.suite) || s.serverName != string(h.prep.sni) || !h.isStill(s.own) {
			continue
		}
		if !h.acceptsSession(&s.session) {
			h.forgetPeer()
			continue
		}
		f := h.e.facts // they tell of the server only when it has taken the offer
		h.offering.session, h.offering.leaf, h.offering.key = s, f.peer[0], f.peerKey
		f.peer[0], f.peerKey, h.peerType = nil, nil, CertificateTypeX509
		return
	}
}

// isStill reports whether we have the identity with that print, as which the server knows who goes on from a session.
// What GetClientCertificate would give nobody knows yet.
func (h *clientHandshake) isStill(print []byte) bool {
	return len(print) == 0 || h.e.cfg.GetClientCertificate != nil ||
		slices.ContainsFunc(h.prep.identities, func(id identity) bool { return bytes.Equal(id.print(), print) })
}

// acceptsSession reports whether we would accept its server today.
func (h *clientHandshake) acceptsSession(s *session) bool {
	if len(s.external) > 0 {
		return h.e.cfg.externalOf(s) != nil
	}
	return !h.prep.pskOnly && h.recheck(s, !h.e.cfg.InsecureSkipVerify, x509lite.RoleServer) == nil
}

// hasHash reports whether one of our suites has the hash of the suite with that identifier.
func (h *clientHandshake) hasHash(id uint16) bool {
	st := suite.ByID(id)
	return st != nil && slices.ContainsFunc(h.prep.suites, func(s *suite.Suite) bool { return s.Hash == st.Hash })
}

// offerPSK puts the session and the external keys into the hello: when the suite is known, those of its hash. They come
// last, and their binders are still missing.
func (h *clientHandshake) offerPSK() {
	if h.e.cfg.ClientSessionCache != nil && !h.e.cfg.SessionTicketsDisabled || len(h.prep.psks) > 0 {
		h.hello.PSKModes = h.prep.pskModes
		h.hello.Has.Add(wire.ExtPSKKeyExchangeModes)
	}
	o := &h.offering
	o.identities, o.binders, o.keys = o.identities[:0], o.binders[:0], o.keys[:0]
	if s := o.session; s != nil {
		age := uint32(max(0, h.e.env.Now.Sub(s.issued)) / time.Millisecond) // RFC 8446 §4.2.11.1; a clock may have been set back a little
		o.add(psk{identity: s.ticket, key: s.secret, hash: suite.ByID(s.suite).Hash}, age+s.ageAdd)
	}
	for _, p := range h.prep.psks {
		if h.suite == nil || h.suite.Hash == p.hash {
			o.add(p, 0)
		}
	}
	h.hello.PSKIdentities, h.hello.PSKBinders = o.identities, o.binders
	h.hello.Has &^= wire.SetOf(wire.ExtPreSharedKey)
	if len(o.keys) > 0 {
		h.hello.Has.Add(wire.ExtPreSharedKey)
	}
}

// add adds a key, with room for its binder.
func (o *offering) add(p psk, age uint32) {
	b := binary.BigEndian.AppendUint16(o.identities, uint16(len(p.identity)))
	b = append(b, p.identity...)
	o.identities = binary.BigEndian.AppendUint32(b, age)
	n := p.hash.Size()
	o.binders = append(append(o.binders, byte(n)), make([]byte, n)...)
	o.keys = append(o.keys, p)
}

// bind fills in the binders: msg is the whole hello, of which they are the end (RFC 8446 §4.2.11.2).
func (h *clientHandshake) bind(msg []byte) {
	if !h.hello.Has.Has(wire.ExtPreSharedKey) {
		return
	}
	binders := msg[len(msg)-len(h.hello.PSKBinders):]
	truncated := msg[:len(msg)-2-len(binders)]
	sc := h.scratch()
	var key [suite.MaxHashSize]byte
	defer clear(key[:])
	for i := range h.offering.keys {
		p := &h.offering.keys[i]
		h.early.Set(sc, p.hash, p.key)
		binderKey := h.early.ResumptionBinderKey
		switch {
		case p.ExternalPSK == nil:
		case p.Direct:
			binderKey = h.early.ExternalBinderKey
		default:
			binderKey = h.early.ImportedBinderKey
		}
		sum := h.transcript.SumWith(sc, h.sum[:0], p.hash, truncated)
		n := p.hash.Size()
		copy(binders[1:1+n], p.hash.FinishedMAC(sc, sum[:0], binderKey(sc, key[:0]), sum))
		binders = binders[1+n:]
	}
}

// takePSK takes the server's answer to the offer.
func (h *clientHandshake) takePSK(msg *wire.ServerHello) error {
	o, f := &h.offering, h.e.facts
	if !msg.Has.Has(wire.ExtPreSharedKey) {
		if h.prep.pskOnly && h.rejectedECH() == nil {
			return fault(AlertMissingExtension, ErrPSKRequired)
		}
		return nil
	}
	if int(msg.SelectedIdentity) >= len(o.keys) {
		return faultf(AlertIllegalParameter, "%w: server selects number %d of %d", ErrPSKIdentity, msg.SelectedIdentity, len(o.keys))
	}
	p := &o.keys[msg.SelectedIdentity]
	if p.hash != h.suite.Hash { // RFC 8446 §4.2.11
		return fault(AlertIllegalParameter, ErrPSKHash)
	}
	h.early.Set(h.scratch(), p.hash, p.key)
	if p.ExternalPSK != nil {
		f.note().external = p.ExternalPSK
		return nil
	}
	s := o.session
	f.resumed, f.peer[0], f.peerKey, f.peerScheme = true, o.leaf, o.key, s.peerScheme
	h.peerType = s.peerType
	f.restoreStaples(s)
	if len(s.external) > 0 {
		f.note().external = h.e.cfg.externalOf(&s.session)
	}
	f.verified = !h.e.cfg.InsecureSkipVerify && f.rarely().external == nil
	return nil
}
