package tlssock

import (
	"smoltls/tlssock/internal/ech"
	"smoltls/tlssock/internal/wire"
)

// greaseECH makes the hello, to which nothing is missing, look as if there were an inner one, if that is wanted (RFC
// 9849 §6.2.1). A second hello has the same extension.
func (h *clientHandshake) greaseECH() error {
	if !h.e.cfg.EncryptedClientHelloGREASE {
		return nil
	}
	h.hello.ECH = wire.ECHInnerExtension
	msg, err := h.hello.Append(nil)
	if err != nil {
		return err
	}
	inner, err := ech.EncodeInner(nil, msg[wire.HeaderLen:], 0)
	if err != nil {
		return err
	}
	var id [1]byte
	if err := h.readRandom(id[:]); err != nil {
		return err
	}
	enc, _, err := ech.GenerateKey(ech.X25519, h.prep.rand)
	if err != nil {
		return err
	}
	payload := make([]byte, len(inner)+ech.Overhead)
	if err := h.readRandom(payload); err != nil {
		return err
	}
	extension := wire.ECHClientHello{KDF: ech.SHA256, AEAD: ech.AES128GCM, ConfigID: id[0], Enc: enc, Payload: payload}
	var ok bool
	if h.hello.ECH, ok = extension.Append(nil); !ok {
		return &wire.Error{Msg: wire.TypeClientHello, Field: "encrypted_client_hello", Kind: wire.ErrTooLong}
	}
	return nil
}
