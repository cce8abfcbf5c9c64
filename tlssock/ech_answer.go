package tlssock

import (
	"bytes"
	"crypto/subtle"
	"crypto/tls"

	"smoltls/tlssock/internal/ech"
	"smoltls/tlssock/internal/wire"
)

// judgeECH finds out by a ServerHello which of our hellos the server has taken, and goes on with that one (RFC 9849
// §6.1.4). The transcript ends before the message.
func (h *clientHandshake) judgeECH(m message, msg *wire.ServerHello) error {
	x := h.ech
	if x == nil || x.status == echRejected { // by a HelloRetryRequest
		return nil
	}
	confirmed, err := h.confirmsECH(m, echConfirmationAt, labelECHAccept)
	switch {
	case err != nil:
		return err
	case confirmed:
		x.status, h.e.facts.echAccepted = echAccepted, true
		h.e.env.Stats.ECHAccepted++
		return nil
	case x.status == echAccepted: // RFC 9849 §6.1.5
		return fault(AlertIllegalParameter, ErrECHInconsistent)
	}
	if err := h.goOuter(); err != nil {
		return err
	}
	h.transcript.Choose(h.suite.Hash)
	if msg.Has.Has(wire.ExtPreSharedKey) { // RFC 9849 §6.1.2
		return faultf(AlertIllegalParameter, "%w: the server takes one of an outer ClientHello", ErrPSKIdentity)
	}
	return nil
}

// judgeRetryECH does that by a HelloRetryRequest. The transcript has the first hello in the form that it has then.
func (h *clientHandshake) judgeRetryECH(m message, msg *wire.ServerHello) error {
	x := h.ech
	if x == nil {
		return nil
	}
	if msg.ECH != nil {
		confirmed, err := h.confirmsECH(m, retryConfirmationAt(m.raw, msg.Extensions), labelECHRetryAccept)
		if err != nil {
			return err
		}
		if confirmed {
			x.status = echAccepted
			return nil
		}
	}
	if err := h.goOuter(); err != nil {
		return err
	}
	h.transcript.Choose(h.suite.Hash)
	h.transcript.Retry()
	return nil
}

// confirmsECH reports whether the server confirms in m, at a place of it, that it has taken the inner hello.
func (h *clientHandshake) confirmsECH(m message, at int, label string) (bool, error) {
	want, err := h.echConfirmation(m.raw, at, label, h.random[:])
	return err == nil && subtle.ConstantTimeCompare(want[:], m.raw[at:at+len(want)]) == 1, err
}

// goOuter goes on as if the outer hello were all that was ever sent (RFC 9849 §6.1.6). The transcript has nothing but
// that hello, and wants a hash.
func (h *clientHandshake) goOuter() error {
	x := h.ech
	x.status = echRejected
	h.e.env.Stats.ECHRejected++
	h.hello, h.offered = x.outer, x.outer.Has
	h.random = x.random
	h.hello.Random = h.random[:]
	h.e.facts.serverName = x.recipient.PublicName
	h.offering.forget()
	h.transcript.Reset()
	return h.transcript.Add(x.sent)
}

// takesRetryConfigs reports whether the server may say by which configurations it wants an inner hello: when it has
// taken none.
func (h *clientHandshake) takesRetryConfigs() bool {
	return h.hello.ECH != nil && (h.ech == nil || h.ech.status == echRejected)
}

// takeRetryConfigs takes what it says. That it is well formed is all that one who only looks as if wants to know (RFC
// 9849 §6.2.1).
func (h *clientHandshake) takeRetryConfigs(list []byte) error {
	if list == nil {
		return nil
	}
	if _, err := ech.ParseList(list); err != nil {
		return err
	}
	if h.ech != nil {
		h.ech.retry = bytes.Clone(list)
	}
	return nil
}

// rejectedECH gives what there is of an inner hello that the server has not taken; nil: it has, or there was none.
func (h *handshake) rejectedECH() *clientECH {
	if h.client == nil || h.client.ech == nil || h.client.ech.status != echRejected {
		return nil
	}
	return h.client.ech
}

// verifiesServer reports whether the server must be one that Trust accepts. Who has not taken the inner hello is
// verified by EncryptedClientHelloRejectionVerify or, whatever InsecureSkipVerify says, by Trust: what it says of retry
// configurations is believed.
func (h *clientHandshake) verifiesServer() bool {
	if h.rejectedECH() != nil {
		return h.e.cfg.EncryptedClientHelloRejectionVerify == nil
	}
	return !h.e.cfg.InsecureSkipVerify
}

// endRejectedECH is the end of a handshake with a server that is who it should be and has not taken the inner hello
// (RFC 9849 §6.1.6).
func (x *clientECH) endRejectedECH() error {
	return fault(AlertECHRequired, &tls.ECHRejectionError{RetryConfigList: x.retry})
}
