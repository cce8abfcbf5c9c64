package tlssock

import (
	"golang.org/x/crypto/cryptobyte"

	"smoltls/tlssock/internal/ech"
	"smoltls/tlssock/internal/wire"
)

// clientECH is what a client's handshake has of an inner hello that it offers. The inner one is handshake.hello until
// the server says that it has not taken it.
type clientECH struct {
	recipient *ech.Recipient
	sealer    *ech.Sealer
	enc       []byte // for the first hello
	status    echStatus

	random      [32]byte
	outer       wire.ClientHello // the last one sent
	sent        []byte           // that, as a whole message
	fakeKeys    []byte           // the outer hello's identities of pre-shared keys
	fakeBinders []byte

	retry []byte // ECHConfigList that the server wants to be used instead; nil: it said none
}

// echStatus is what became of an inner hello.
type echStatus uint8

const (
	echOffered echStatus = iota
	echAccepted
	echRejected
)

// offerECH makes the hello, to which nothing is missing, an inner one, if there is somebody to encrypt it to (RFC 9849
// §6.1). Otherwise it may look as if it had one.
func (h *clientHandshake) offerECH() error {
	r := h.prep.ech.recipient
	if r == nil {
		return h.greaseECH()
	}
	x := &clientECH{recipient: r}
	if err := h.readRandom(x.random[:]); err != nil {
		return err
	}
	if err := h.beginSealer(x); err != nil {
		return err
	}
	h.hello.ECH = wire.ECHInnerExtension
	h.ech = x
	return nil
}

// beginSealer makes what seals our hellos, and logs what opens them.
func (h *clientHandshake) beginSealer(x *clientECH) (err error) {
	if h.e.cfg.KeyLogWriter == nil {
		x.enc, x.sealer, err = x.recipient.NewSealer(h.prep.rand)
		return asInternal(err)
	}
	var secret []byte
	if x.enc, secret, x.sealer, err = x.recipient.NewLoggedSealer(h.prep.rand); err != nil {
		return asInternal(err)
	}
	return h.logECH(x.random[:], secret, x.recipient.Raw)
}

// asInternal makes an error one that is told as internal_error.
func asInternal(err error) error {
	if err == nil {
		return nil
	}
	return fault(AlertInternalError, err)
}

// coverECH puts the outer hello into the flight in the place of the inner one, which is all that the flight holds and
// which it seals in it.
func (h *clientHandshake) coverECH() error {
	x := h.ech
	if x == nil || x.status == echRejected {
		return nil
	}
	inner, err := ech.EncodeInner(nil, h.flight[wire.HeaderLen:], int(x.recipient.MaxNameLength))
	if err != nil {
		return err
	}
	if err := h.fillOuter(len(inner) + ech.Overhead); err != nil {
		return err
	}
	if x.sent, err = x.outer.Append(x.sent[:0]); err != nil {
		return err
	}
	if err := x.sealer.SealOuter(x.sent[wire.HeaderLen:], inner); err != nil {
		return fault(AlertInternalError, err)
	}
	x.enc = nil // RFC 9849 §6.1.5: the context goes on
	var sealed wire.ClientHello
	if err := sealed.Parse(x.sent[wire.HeaderLen:]); err != nil {
		return err
	}
	x.outer.ECH = sealed.ECH
	h.flight = append(h.flight[:0], x.sent...)
	return nil
}

// fillOuter makes the outer hello: the inner one without what is to be hidden, and with room for a payload of so many
// bytes.
func (h *clientHandshake) fillOuter(payload int) error {
	x := h.ech
	x.outer = h.hello
	x.outer.Random = x.random[:]
	x.outer.ServerName = []byte(x.recipient.PublicName)
	x.outer.Has.Add(wire.ExtServerName)
	x.outer.Has &^= ech.InnerOnly
	if err := h.fakePSK(); err != nil {
		return err
	}
	extension := wire.ECHClientHello{
		KDF: x.recipient.Suite.KDF, AEAD: x.recipient.Suite.AEAD, ConfigID: x.recipient.ID, Enc: x.enc, Payload: make([]byte, payload),
	}
	var ok bool
	if x.outer.ECH, ok = extension.Append(nil); !ok {
		return &wire.Error{Msg: wire.TypeClientHello, Field: "encrypted_client_hello", Kind: wire.ErrTooLong}
	}
	return nil
}

// fakePSK gives the outer hello pre-shared keys that look like those of the inner one and are none (RFC 9849 §6.1.2).
func (h *clientHandshake) fakePSK() error {
	x := h.ech
	if !x.outer.Has.Has(wire.ExtPreSharedKey) {
		return nil
	}
	if len(x.fakeKeys) != len(h.hello.PSKIdentities) {
		x.fakeKeys = append(x.fakeKeys[:0], h.hello.PSKIdentities...)
		for s := cryptobyte.String(x.fakeKeys); !s.Empty(); {
			var identity cryptobyte.String
			var age []byte
			if !s.ReadUint16LengthPrefixed(&identity) || !s.ReadBytes(&age, 4) {
				break
			}
			if err := h.readRandom(identity); err != nil {
				return err
			}
			if err := h.readRandom(age); err != nil {
				return err
			}
		}
	}
	x.fakeBinders = append(x.fakeBinders[:0], h.hello.PSKBinders...)
	for s := cryptobyte.String(x.fakeBinders); !s.Empty(); {
		var binder cryptobyte.String
		if !s.ReadUint8LengthPrefixed(&binder) {
			break
		}
		if err := h.readRandom(binder); err != nil {
			return err
		}
	}
	x.outer.PSKIdentities, x.outer.PSKBinders = x.fakeKeys, x.fakeBinders
	return nil
}
