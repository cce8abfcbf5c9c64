package ech

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// A sealed outer hello is opened with its own AAD and, when any of its bytes is changed, no more.
func TestOuterHelloIsSealedAsAWhole(t *testing.T) {
	key, r := testKey(t, X25519, DefaultSuites...)
	plain := bytes.Repeat([]byte("inner "), 20)
	enc, sealer, err := r.NewSealer(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := testHello(t, func(h *wire.ClientHello) {
		psk := h.Has & wire.SetOf(wire.ExtPreSharedKey)
		beOuter(h)
		h.Has |= psk
		e := wire.ECHClientHello{KDF: r.Suite.KDF, AEAD: r.Suite.AEAD, ConfigID: r.ID, Enc: enc, Payload: make([]byte, len(plain)+Overhead)}
		h.ECH, _ = e.Append(nil)
	})
	body := raw[wire.HeaderLen:]
	zeros := bytes.Clone(body)
	if err := sealer.SealOuter(body, plain); err != nil {
		t.Fatal(err)
	}
	open := func(body []byte) error {
		var hello wire.ClientHello
		var e wire.ECHClientHello
		if hello.Parse(body) != nil || !e.Parse(hello.ECH) || e.Type != wire.ECHOuter {
			return ErrDecrypt
		}
		aad := OuterAAD(body, len(e.Payload))
		if bytes.Equal(body, zeros) != bytes.Equal(aad, body) {
			t.Error("the AAD is not the body with zeros")
		}
		opener, err := key.NewOpener(Suite{e.KDF, e.AEAD}, e.Enc)
		if err != nil {
			return err
		}
		got, err := opener.Open(e.Payload, aad)
		if err == nil && !bytes.Equal(got, plain) {
			t.Errorf("opened %q", got)
		}
		return err
	}
	if err := open(body); err != nil {
		t.Fatal(err)
	}
	for i := range body {
		changed := bytes.Clone(body)
		changed[i] ^= 0x40
		if err := open(changed); !errors.Is(err, ErrDecrypt) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
}

func TestNoPayloadNoAAD(t *testing.T) {
	raw, _ := testHello(t, func(h *wire.ClientHello) { h.ECH = nil })
	if OuterAAD(raw[wire.HeaderLen:], 1) != nil || OuterAAD(raw, 1) != nil {
		t.Error("AAD of what has no payload")
	}
	_, r := testKey(t, X25519, DefaultSuites...)
	_, sealer, err := r.NewSealer(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := sealer.SealOuter(raw[wire.HeaderLen:], nil); !errors.Is(err, ErrInner) {
		t.Error(err)
	}
}
