package tlssock

import (
	"bytes"
	"errors"

	"smoltls/tlssock/internal/ech"
	"smoltls/tlssock/internal/wire"
)

// serverECH is what a server's handshake has of a client's encrypted_client_hello, if it knows what to do with it.
type serverECH struct {
	role  echRole
	retry []byte // ECHConfigList for who was not understood; nil: none

	// Of an echOpened.
	random [32]byte // of the outer hello
	opener *ech.Opener
	first  wire.ECHClientHello // KDF, AEAD and ConfigID
	outer  []byte              // the outer hello, whole, for as long as it may still be the one that counts
	inner  []byte              // the inner one, likewise
}

// echRole is what a server is to a client's encrypted_client_hello.
type echRole uint8

const (
	echUnreadable echRole = iota // encrypted to another key, or to none
	echOpened                    // encrypted to one of ours
	echBackend                   // an inner hello, decrypted by who is before us (RFC 9849 §7.2)
)

// openECH gives the hello that counts: the inner one, if m is one that it is sealed in for us. msg is what is parsed of
// it.
func (h *serverHandshake) openECH(m message, msg *wire.ClientHello) (message, error) {
	if h.e.facts.retried {
		return h.openSecondECH(m, msg)
	}
	return h.openFirstECH(m, msg)
}

// openFirstECH decides about the first hello (RFC 9849 §7.1).
func (h *serverHandshake) openFirstECH(m message, msg *wire.ClientHello) (message, error) {
	if msg.ECH == nil {
		return m, nil
	}
	var e wire.ECHClientHello
	e.Parse(msg.ECH)
	keys, err := h.echKeys(msg)
	switch {
	case err != nil:
		return m, err
	case e.Type > wire.ECHInner, e.Type == wire.ECHInner && keys != nil: // who decrypts does it himself
		return m, faultf(AlertIllegalParameter, "%w: of type %d, and not encrypted", ErrECHInner, e.Type)
	case e.Type == wire.ECHInner:
		h.ech = &serverECH{role: echBackend}
		return m, nil
	case keys == nil:
		return m, nil
	}
	h.ech = &serverECH{retry: keys.retry}
	plain, key := h.ech.open(keys.keys, &e, m)
	if key == nil {
		return m, nil
	}
	if err := h.logOpened(key, &e, msg); err != nil {
		return m, err
	}
	if h.e.cfg.GetConfigForClient != nil {
		h.ech.outer = bytes.Clone(m.raw)
	}
	copy(h.ech.random[:], msg.Random)
	return h.takeInner(m, msg, plain)
}

// logOpened logs what has opened an outer hello, of which msg is what is parsed.
func (h *serverHandshake) logOpened(key *ech.Key, e *wire.ECHClientHello, msg *wire.ClientHello) error {
	if h.e.cfg.KeyLogWriter == nil {
		return nil
	}
	secret, err := key.SharedSecret(e.Enc)
	if err != nil {
		return err
	}
	return h.logECH(msg.Random, secret, key.Raw)
}

// open gives what is sealed in m, and the key that it is for; nil: it is for none of them. Those with another number
// are not tried.
func (x *serverECH) open(keys []*ech.Key, e *wire.ECHClientHello, m message) (plain []byte, by *ech.Key) {
	var aad []byte
	for _, key := range keys {
		if key.ID != e.ConfigID {
			continue
		}
		if aad == nil {
			aad = ech.OuterAAD(m.body(), len(e.Payload))
		}
		opener, err := key.NewOpener(ech.Suite{KDF: e.KDF, AEAD: e.AEAD}, e.Enc)
		if err != nil {
			continue
		}
		if plain, err := opener.Open(e.Payload, aad); err == nil {
			x.role, x.opener, x.first = echOpened, opener, wire.ECHClientHello{KDF: e.KDF, AEAD: e.AEAD, ConfigID: e.ConfigID}
			return plain, key
		}
	}
	return nil, nil
}

// takeInner goes over from an outer hello, of which msg is what is parsed, to the inner one that plain encodes.
func (h *serverHandshake) takeInner(m message, msg *wire.ClientHello, plain []byte) (message, error) {
	x := h.ech
	var err error
	if x.inner, err = ech.DecodeInner(x.inner[:0], plain, msg); err != nil {
		return m, err
	}
	m.raw = x.inner
	if err := msg.Parse(m.body()); err != nil {
		return m, err
	}
	if !bytes.Equal(msg.ECH, wire.ECHInnerExtension) {
		return m, faultf(AlertIllegalParameter, "%w: it does not say that it is one", ErrECHInner)
	}
	if !msg.Has.Has(wire.ExtSupportedVersions) || newest(msg) != 0 { // RFC 9849 §7.1
		return m, faultf(AlertIllegalParameter, "%w: it offers versions before TLS 1.3", ErrECHInner)
	}
	return m, nil
}

// openSecondECH decides about the hello after a HelloRetryRequest: what was decided about the first holds (RFC 9849
// §7.1.1).
func (h *serverHandshake) openSecondECH(m message, msg *wire.ClientHello) (message, error) {
	x := h.ech
	if x == nil || x.role == echUnreadable {
		return m, nil
	}
	if msg.ECH == nil {
		return m, faultf(AlertMissingExtension, "%w: not at all", ErrECHSecond)
	}
	var e wire.ECHClientHello
	e.Parse(msg.ECH)
	if x.role == echBackend {
		if e.Type != wire.ECHInner {
			return m, fault(AlertIllegalParameter, ErrECHSecond)
		}
		return m, nil
	}
	if e.Type != wire.ECHOuter || e.KDF != x.first.KDF || e.AEAD != x.first.AEAD || e.ConfigID != x.first.ConfigID || len(e.Enc) > 0 {
		return m, fault(AlertIllegalParameter, ErrECHSecond)
	}
	plain, err := x.opener.Open(e.Payload, ech.OuterAAD(m.body(), len(e.Payload)))
	if err != nil {
		return m, err
	}
	return h.takeInner(m, msg, plain)
}

// ErrDeclineECH is what GetConfigForClient returns for a hello that was encrypted although its name must not be: the
// handshake goes on with the outer one, about which it is asked anew, as that of a server without keys, so that the
// client comes again without ECH. Of a hello that was not encrypted it is an error like any other.
var ErrDeclineECH = errors.New("tls: encrypted ClientHello is declined")

// declinesECH reports whether err is to be answered by declineECH.
func (h *serverHandshake) declinesECH(err error) bool {
	return h.ech != nil && h.ech.role == echOpened && errors.Is(err, ErrDeclineECH)
}

// declineECH goes back to the outer hello.
func (h *serverHandshake) declineECH(msg *wire.ClientHello) (message, error) {
	m := message{wire.TypeClientHello, h.ech.outer, true}
	h.ech = nil
	if err := msg.Parse(m.body()); err != nil {
		return m, err
	}
	return m, h.checkClientHello(msg)
}
