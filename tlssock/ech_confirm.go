package tlssock

import (
	"smoltls/tlssock/internal/wire"
)

// confirmECH confirms in msg, the ServerHello that is about to be sent, that the inner hello was taken, if it was (RFC
// 9849 §7.2). The transcript ends before it.
func (h *serverHandshake) confirmECH(msg []byte) error {
	if h.ech == nil {
		return nil
	}
	switch h.ech.role {
	case echUnreadable:
		h.e.env.Stats.ECHRejected++
		return nil
	case echOpened:
		h.e.facts.echAccepted = true
		h.e.env.Stats.ECHAccepted++
	}
	h.ech.outer, h.ech.inner = nil, nil // they have served
	c, err := h.echConfirmation(msg, echConfirmationAt, labelECHAccept, h.random[:])
	copy(msg[echConfirmationAt:], c[:])
	return err
}

// offerRetryConfirmation makes room in a HelloRetryRequest for a confirmation: where there is none, that cannot be seen
// from outside (RFC 9849 §10.10.4).
func (h *serverHandshake) offerRetryConfirmation(retry *wire.ServerHello) error {
	if h.ech == nil {
		return nil
	}
	retry.ECH = make([]byte, wire.ECHConfirmationLen)
	return h.readRandom(retry.ECH)
}

// confirmRetryECH is confirmECH for a HelloRetryRequest, which answers hello.
func (h *serverHandshake) confirmRetryECH(msg []byte, hello *wire.ClientHello) error {
	if h.ech == nil || h.ech.role == echUnreadable {
		return nil
	}
	var retry wire.ServerHello
	if err := retry.Parse(msg[wire.HeaderLen:]); err != nil {
		return err
	}
	at := retryConfirmationAt(msg, retry.Extensions)
	c, err := h.echConfirmation(msg, at, labelECHRetryAccept, hello.Random)
	copy(msg[at:], c[:])
	return err
}

// retryConfigs is the answer to an outer hello that was not understood; nil: nothing.
func (h *serverHandshake) retryConfigs() []byte {
	if h.ech == nil || h.ech.role != echUnreadable {
		return nil
	}
	return h.ech.retry
}
