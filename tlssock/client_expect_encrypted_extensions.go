package tlssock

import (
	"smoltls/tlssock/internal/wire"
)

// clientExpectEncryptedExtensions is a client that shares the handshake's keys with the server.
type clientExpectEncryptedExtensions struct{ *clientHandshake }

// inEncryptedExtensions are the extensions that can stand there, of those that a client offers here (RFC 8446 §4.2).
var inEncryptedExtensions = wire.SetOf(wire.ExtServerName, wire.ExtSupportedGroups, wire.ExtEarlyData, wire.ExtALPN, wire.ExtRecordSizeLimit,
	wire.ExtClientCertificateType, wire.ExtServerCertificateType)

func (s clientExpectEncryptedExtensions) handle(m message) (state, error) {
	if m.typ != wire.TypeEncryptedExtensions {
		return nil, unexpected(m, "EncryptedExtensions")
	}
	var msg wire.EncryptedExtensions
	if err := msg.Parse(m.body()); err != nil {
		return nil, err
	}
	for t := range msg.Extensions.All() {
		// One that was offered but has its answer elsewhere was not offered for here.
		if t == wire.ExtEncryptedClientHello && s.takesRetryConfigs() {
			continue
		}
		if !inEncryptedExtensions.Has(t) || !s.offered.Has(t) {
			return nil, faultf(AlertUnsupportedExtension, "%w: extension %d in EncryptedExtensions", ErrUnexpectedMessage, t)
		}
	}
	if msg.Has.Has(wire.ExtALPN) {
		if err := s.takeProtocol(msg.ALPN); err != nil {
			return nil, err
		}
	}
	if msg.Has.Has(wire.ExtRecordSizeLimit) {
		if err := s.e.holdRecordSizes(msg.RecordSizeLimit); err != nil {
			return nil, err
		}
	}
	if err := s.takeRetryConfigs(msg.ECH); err != nil {
		return nil, err
	}
	if err := s.takeEarlyAnswer(&msg); err != nil {
		return nil, err
	}
	if err := s.takeCertificateTypes(&msg); err != nil {
		return nil, err
	}
	if s.e.facts.byPSK() { // RFC 8446 §2.2: neither certificate nor request for one
		return clientExpectFinished(s), s.transcript.Add(m.raw)
	}
	return clientExpectCertificateOrRequest(s), s.transcript.Add(m.raw)
}

// takeProtocol notes the application protocol, which must be one of ours (RFC 7301 §3.1).
func (h *clientHandshake) takeProtocol(name []byte) error {
	for _, ours := range h.e.cfg.NextProtos {
		if ours == string(name) {
			h.e.facts.protocol = ours
			return nil
		}
	}
	return faultf(AlertIllegalParameter, "server selects application protocol %q, which was not offered", name)
}
