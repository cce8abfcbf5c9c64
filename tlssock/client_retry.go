package tlssock

import (
	"slices"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// retry answers a HelloRetryRequest with the second ClientHello (RFC 8446 §4.1.4).
func (h *clientHandshake) retry(m message, msg *wire.ServerHello) (state, error) {
	if !msg.Has.Has(wire.ExtKeyShare) && !msg.Has.Has(wire.ExtCookie) {
		return nil, faultf(AlertIllegalParameter, "HelloRetryRequest that changes nothing")
	}
	h.transcript.Retry()
	if err := h.judgeRetryECH(m, msg); err != nil {
		return nil, err
	}
	if msg.Has.Has(wire.ExtKeyShare) {
		if err := h.retryGroup(msg.Group); err != nil {
			return nil, err
		}
	}
	if err := h.transcript.Add(m.raw); err != nil {
		return nil, err
	}
	if msg.Has.Has(wire.ExtCookie) {
		h.cookie = append(h.cookie[:0], msg.Cookie...)
		h.hello.Cookie = h.cookie
		h.hello.Has.Add(wire.ExtCookie)
	}
	h.e.facts.retried = true
	h.withdrawEarly()
	if s := h.offering.session; s != nil && suite.ByID(s.suite).Hash != h.suite.Hash { // RFC 8446 §4.1.4
		h.offering.session = nil
	}
	if h.rejectedECH() == nil {
		h.offerPSK() // keys of other hashes are gone, and the session's age has changed
	}
	if len(h.hello.SessionID) > 0 {
		h.e.queueCCS()
	}
	if err := h.sendHello(); err != nil {
		return nil, err
	}
	return clientExpectSecondServerHello{h}, nil
}

// retryGroup makes the one share of the second hello.
func (h *clientHandshake) retryGroup(group uint16) error {
	share, _ := h.hello.KeyShares.Find(group)
	if !slices.Contains(h.prep.groups, group) || share != nil { // RFC 8446 §4.2.8
		return faultf(AlertIllegalParameter, "HelloRetryRequest for group %#04x, which was not offered or had a share", group)
	}
	if err := h.generateShares([]uint16{group}); err != nil {
		return err
	}
	h.hello.KeyShares = h.keyShares
	return nil
}
