package tlssock

import (
	"bytes"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// By these labels a server confirms that it has taken the inner hello (RFC 9849 §7.2).
const (
	labelECHAccept      = "ech accept confirmation"
	labelECHRetryAccept = "hrr ech accept confirmation"
)

// echConfirmationAt is where it does in a ServerHello: the end of random.
const echConfirmationAt = wire.HeaderLen + 2 + 32 - wire.ECHConfirmationLen

// retryConfirmationAt is where it does in a HelloRetryRequest, if that has encrypted_client_hello.
func retryConfirmationAt(msg []byte, extensions wire.Extensions) int {
	_, after := extensions.After(wire.ExtEncryptedClientHello)
	return len(msg) - len(after) - wire.ECHConfirmationLen
}

// echConfirmation gives the confirmation that belongs at a place of msg, a ServerHello or HelloRetryRequest that is not
// yet part of the transcript, for the inner hello with that random.
func (h *handshake) echConfirmation(msg []byte, at int, label string, random []byte) (c [wire.ECHConfirmationLen]byte, err error) {
	blank := bytes.Clone(msg)
	clear(blank[at : at+len(c)])
	sc, hash := h.scratch(), h.suite.Hash
	sum := h.transcript.SumWith(sc, h.sum[:0], hash, blank)
	var key [suite.MaxHashSize]byte
	defer clear(key[:])
	_, err = hash.ExpandLabel(sc, c[:0], hash.Extract(sc, key[:0], nil, random), label, sum, len(c))
	return c, err
}
