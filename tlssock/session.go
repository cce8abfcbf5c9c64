package tlssock

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"smoltls/tlssock/internal/suite"
	"smoltls/x509lite"
)

// maxSessionLife is how long after the handshake that proved who the peer is it can be resumed (RFC 8446 §4.6.1).
const maxSessionLife = 7 * 24 * time.Hour

// session is what is kept of a connection so that another can go on from it: a server has it in its ticket, a client
// beside its ticket. It is bound to what it was made under.
type session struct {
	suite         uint16
	secret        []byte    // the PSK
	proved        time.Time // when a handshake last showed who the peer is
	issued        time.Time // when the server made the ticket, or the client got it
	lifetime      time.Duration
	ageAdd        uint32
	maxEarly      uint32 // bytes of early data; 0: none
	protocol      string
	serverName    string
	peerScheme    uint16
	peerType      CertificateType
	external      []byte   // the identity of the external key it was begun with; none: with certificates
	externalPrint []byte   // of that key
	chain         [][]byte // the peer's certificates, leaf first, or its raw key; none: it showed none
}

const sessionVersion = 3

var errSession = errors.New("tls: not a session of this version")

// append appends s in the form in which it is sealed or stored.
func (s *session) append(b []byte) ([]byte, error) {
	w := cryptobyte.NewBuilder(b)
	w.AddUint8(sessionVersion)
	w.AddUint16(s.suite)
	text := func(p []byte) {
		w.AddUint16LengthPrefixed(func(w *cryptobyte.Builder) { w.AddBytes(p) })
	}
	text(s.secret)
	w.AddUint64(uint64(s.proved.Unix()))
	w.AddUint64(uint64(s.issued.UnixMilli()))
	w.AddUint32(uint32(s.lifetime / time.Second))
	w.AddUint32(s.ageAdd)
	w.AddUint32(s.maxEarly)
	text([]byte(s.protocol))
	text([]byte(s.serverName))
	text(s.external)
	text(s.externalPrint)
	w.AddUint8(uint8(s.peerType))
	w.AddUint16(s.peerScheme)
	w.AddUint24LengthPrefixed(func(w *cryptobyte.Builder) {
		for _, der := range s.chain {
			w.AddUint24LengthPrefixed(func(w *cryptobyte.Builder) { w.AddBytes(der) })
		}
	})
	return w.Bytes()
}

// parse reads what append wrote. s aliases b.
func (s *session) parse(b []byte) error {
	r := cryptobyte.String(b)
	var version, peerType uint8
	var proved, issued uint64
	var lifetime uint32
	var secret, protocol, name, external, print, chain, der cryptobyte.String
	if !r.ReadUint8(&version) || version != sessionVersion ||
		!r.ReadUint16(&s.suite) || !r.ReadUint16LengthPrefixed(&secret) || !r.ReadUint64(&proved) || !r.ReadUint64(&issued) || !r.ReadUint32(&lifetime) ||
		!r.ReadUint32(&s.ageAdd) || !r.ReadUint32(&s.maxEarly) || !r.ReadUint16LengthPrefixed(&protocol) || !r.ReadUint16LengthPrefixed(&name) ||
		!r.ReadUint16LengthPrefixed(&external) || !r.ReadUint16LengthPrefixed(&print) ||
		!r.ReadUint8(&peerType) || !r.ReadUint16(&s.peerScheme) || !r.ReadUint24LengthPrefixed(&chain) || !r.Empty() {
		return errSession
	}
	st := suite.ByID(s.suite)
	if st == nil || peerType != uint8(CertificateTypeX509) && peerType != uint8(CertificateTypeRawPublicKey) || len(secret) != st.Hash.Size() || issued > 1<<55 || proved > 1<<45 {
		return errSession
	}
	if external.Empty() && !print.Empty() { // of no key
		return errSession
	}
	s.secret, s.protocol, s.serverName = secret, string(protocol), string(name)
	if s.external, s.externalPrint = nil, nil; len(external) > 0 {
		s.external, s.externalPrint = external, print
	}
	s.proved, s.issued, s.lifetime = time.Unix(int64(proved), 0), time.UnixMilli(int64(issued)), time.Duration(lifetime)*time.Second
	s.peerType, s.chain = CertificateType(peerType), nil
	for !chain.Empty() {
		if !chain.ReadUint24LengthPrefixed(&der) || der.Empty() {
			return errSession
		}
		s.chain = append(s.chain, der)
	}
	return nil
}

// fresh reports whether s can still be resumed at now. A clock that was set back makes a session that comes from the
// future, which is none.
func (s *session) fresh(now time.Time) bool {
	const skew = time.Minute // between machines of a fleet
	age := now.Sub(s.issued)
	return age > -skew && age < min(s.lifetime, maxSessionLife) && now.Sub(s.proved) < maxSessionLife
}

// recheck finds out anew whether we accept the peer that s is of: what we trust may have changed, and certificates
// expire. The facts tell who it is.
func (h *handshake) recheck(s *session, verify bool, role x509lite.Role) error {
	if len(s.chain) == 0 {
		if verify {
			return x509lite.ErrNoCertificate
		}
		return nil
	}
	h.chain, h.peerType = append(h.chain[:0], s.chain...), s.peerType
	if err := h.checkPeerType(); err != nil {
		return err
	}
	return h.acceptChain(verify, role)
}

// forgetPeer forgets what is known from a session that is not gone on from.
func (h *handshake) forgetPeer() {
	f := h.e.facts
	f.peer[0], f.peerKey, h.peerType = nil, nil, CertificateTypeX509
	if f.rare != nil {
		f.rare.paths, f.rare.presented, f.rare.ageSkew = nil, nil, 0
	}
}

// SessionError says why a stored session is of no use.
type SessionError struct{ Err error }

// Error implements error.
func (e *SessionError) Error() string { return fmt.Sprintf("tls: session: %v", e.Err) }

// Unwrap gives the reason.
func (e *SessionError) Unwrap() error { return e.Err }
