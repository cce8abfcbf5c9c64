package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"

	"smoltls/tlssock/internal/wire"
)

// noCertificate is a Certificate message with neither context nor certificates (RFC 8446 §4.4.2).
var noCertificate = []byte{byte(wire.TypeCertificate), 0, 0, 4, 0, 0, 0, 0}

// emitCertificate appends our certificate to the flight, or says that there is none, and the proof that its key is
// ours. When p is not nil, that proof is missing until the signature that p asks for is given to takeSignature.
func (h *handshake) emitCertificate() (p *Pending, err error) {
	if h.id == nil {
		return nil, h.push(h.appendCertificate(noCertificate), nil)
	}
	h.e.facts.own, h.e.facts.localScheme = h.id, h.scheme.id
	if err := h.push(h.appendCertificate(h.id.messageFor(h.wants)), nil); err != nil {
		return nil, err
	}
	return h.sign()
}

// appendCertificate appends a Certificate message, whose context is empty, to the flight, with the context that it must
// have.
func (h *handshake) appendCertificate(msg []byte) []byte {
	if len(h.context) == 0 {
		return append(h.flight, msg...)
	}
	n := len(msg) - wire.HeaderLen + len(h.context)
	flight := append(h.flight, msg[0], byte(n>>16), byte(n>>8), byte(n), byte(len(h.context)))
	flight = append(flight, h.context...)
	return append(flight, msg[wire.HeaderLen+1:]...)
}

// sign signs the handshake so far (RFC 8446 §4.4.3), or asks for the signature.
func (h *handshake) sign() (*Pending, error) {
	input := h.signed.input(h.scheme, h.e.role, h.transcriptHash())
	signature, err := h.id.signer.Sign(h.prep.rand, input, h.scheme.opts)
	if err == nil {
		return nil, h.emitCertificateVerify(signature)
	}
	if !errors.Is(err, ErrPending) {
		return nil, faultf(AlertInternalError, "signing the handshake: %w", err)
	}
	key := h.id.signer
	if later, ok := key.(signLater); ok {
		key = later.Signer
	}
	return &Pending{
		Kind: PendingSignature, Key: key, Input: bytes.Clone(input), Options: h.scheme.opts, Scheme: tls.SignatureScheme(h.scheme.id),
	}, nil
}

// takeSignature takes the signature that was asked for. Nothing has been added to the transcript since.
func (h *handshake) takeSignature(a *Answer) error {
	if a.Err != nil {
		return faultf(AlertInternalError, "signing the handshake: %w", a.Err)
	}
	input := h.signed.input(h.scheme, h.e.role, h.transcriptHash())
	if !h.scheme.verify(h.id.key.PublicKey, input, a.Signature) {
		return faultf(AlertInternalError, "signing the handshake: %w", ErrBadSignature)
	}
	return h.emitCertificateVerify(a.Signature)
}

func (h *handshake) emitCertificateVerify(signature []byte) error {
	msg := wire.CertificateVerify{Algorithm: h.scheme.id, Signature: signature}
	return h.push(msg.Append(h.flight))
}
