package tlssock

import (
	"fmt"

	"smoltls/tlssock/internal/wire"
)

// noCertificate is a Certificate message with neither context nor certificates (RFC 8446 §4.4.2).
var noCertificate = []byte{byte(wire.TypeCertificate), 0, 0, 4, 0, 0, 0, 0}

// emitCertificate appends our certificate to the flight, or says that there is none, and the proof that its key is ours.
func (h *handshake) emitCertificate() error {
	if h.id == nil {
		return h.push(append(h.flight, noCertificate...), nil)
	}
	h.e.facts.local, h.e.facts.localKey, h.e.facts.localScheme = h.id.leaf, h.id.key, h.scheme.id
	if err := h.push(append(h.flight, h.id.messageFor(h.wants)...), nil); err != nil {
		return err
	}
	return h.emitCertificateVerify()
}

// emitCertificateVerify signs the handshake so far (RFC 8446 §4.4.3).
func (h *handshake) emitCertificateVerify() error {
	input := h.signed.input(h.scheme, h.e.role, h.transcriptHash())
	signature, err := h.id.signer.Sign(h.prep.rand, input, h.scheme.opts)
	if err != nil {
		return fmt.Errorf("signing the handshake: %w", err)
	}
	msg := wire.CertificateVerify{Algorithm: h.scheme.id, Signature: signature}
	return h.push(msg.Append(h.flight))
}
