package tlssock

import (
	"bytes"
	"errors"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// clientExpectServerHello is a client that has sent its first ClientHello.
type clientExpectServerHello struct{ *clientHandshake }

func (s clientExpectServerHello) handle(m message) (state, error) {
	var msg wire.ServerHello
	if err := s.readServerHello(m, &msg); err != nil {
		return nil, err
	}
	s.suite = suite.ByID(msg.CipherSuite)
	s.transcript.Choose(s.suite.Hash)
	if msg.IsRetry() {
		return s.retry(m, &msg)
	}
	if err := s.judgeECH(m, &msg); err != nil {
		return nil, err
	}
	return s.takeServerHello(m, &msg)
}

// The ends of ServerHello.random by which a server of TLS 1.3 says that it was made to select less (RFC 8446 §4.1.3).
const (
	downgradeTLS12 = "DOWNGRD\x01"
	downgradeTLS11 = "DOWNGRD\x00"
)

// readServerHello parses a ServerHello or HelloRetryRequest and makes the checks that they have in common.
func (h *clientHandshake) readServerHello(m message, msg *wire.ServerHello) error {
	if m.typ != wire.TypeServerHello {
		return unexpected(m, "ServerHello")
	}
	if err := msg.Parse(m.body()); err != nil {
		if msg.IsRetry() && errors.Is(err, wire.ErrDuplicate) {
			return fault(AlertIllegalParameter, err)
		}
		return err
	}
	if !m.last { // RFC 8446 §5.1: the keys change, or the next flight is ours
		return excess(m.typ)
	}
	if err := checkServerVersion(msg); err != nil {
		return err
	}
	allowed := wire.SetOf(wire.ExtSupportedVersions, wire.ExtKeyShare)
	if msg.IsRetry() {
		allowed.Add(wire.ExtCookie) // RFC 8446 §4.2.2: the one that need not have been offered
	} else if h.offered.Has(wire.ExtPreSharedKey) {
		allowed.Add(wire.ExtPreSharedKey)
	}
	for t := range msg.Extensions.All() {
		echo := t == wire.ExtEncryptedClientHello && msg.IsRetry() && h.hello.ECH != nil
		if !allowed.Has(t) && !echo {
			return faultf(AlertUnsupportedExtension, "%w: extension %d in ServerHello", ErrUnexpectedMessage, t)
		}
	}
	switch { // RFC 8446 §4.1.3
	case !bytes.Equal(msg.SessionID, h.hello.SessionID):
		return faultf(AlertIllegalParameter, "ServerHello does not echo legacy_session_id")
	case msg.Compression != 0:
		return faultf(AlertDecodeError, "ServerHello selects compression %d", msg.Compression)
	case !h.hello.CipherSuites.Contains(msg.CipherSuite) || suite.ByID(msg.CipherSuite) == nil:
		return faultf(AlertIllegalParameter, "ServerHello selects cipher suite %#04x, which was not offered", msg.CipherSuite)
	}
	return nil
}

// checkServerVersion makes sure that TLS 1.3 was selected (RFC 8446 §4.1.3, §4.2.1).
func checkServerVersion(msg *wire.ServerHello) error {
	if !msg.Has.Has(wire.ExtSupportedVersions) {
		if end := string(msg.Random[24:]); end == downgradeTLS12 || end == downgradeTLS11 {
			return fault(AlertIllegalParameter, ErrDowngrade)
		}
		return faultf(AlertProtocolVersion, "%w: it selected %s", ErrVersion, VersionName(msg.LegacyVersion))
	}
	if msg.SupportedVersion != wire.VersionTLS13 {
		return faultf(AlertIllegalParameter, "%w: it selected %#04x, which was not offered", ErrVersion, msg.SupportedVersion)
	}
	if msg.LegacyVersion != wire.VersionTLS12 {
		alert := AlertIllegalParameter
		if msg.LegacyVersion <= wire.VersionSSL30 { // RFC 8446 §D.5
			alert = AlertProtocolVersion
		}
		return faultf(alert, "ServerHello has legacy_version %#04x", msg.LegacyVersion)
	}
	return nil
}

// takeServerHello agrees on the shared secret.
func (h *clientHandshake) takeServerHello(m message, msg *wire.ServerHello) (state, error) {
	if err := h.agree(msg); err != nil {
		return nil, err
	}
	if err := h.transcript.Add(m.raw); err != nil {
		return nil, err
	}
	h.e.facts.suite, h.e.facts.group = h.suite, msg.Group
	h.forgetPrediction()
	if err := h.takePSK(msg); err != nil {
		return nil, err
	}
	h.keepEarly()
	h.e.flags |= flagCCSDue
	if len(h.hello.SessionID) == 0 {
		h.e.flags &^= flagCCSDue
	}
	if err := h.deriveHandshakeKeys(); err != nil {
		return nil, err
	}
	return clientExpectEncryptedExtensions{h}, nil
}
