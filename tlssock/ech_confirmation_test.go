package tlssock

import (
	"bytes"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// A confirmation depends on all but the place that it belongs to.
func TestECHConfirmationIsOfEverythingElse(t *testing.T) {
	hello := wire.ServerHello{
		LegacyVersion: wire.VersionTLS12, Random: []byte(wire.RetryRandom), CipherSuite: suite.AES256GCM, ECH: []byte("whatever"), Has: wire.SetOf(wire.ExtKeyShare), Group: 23,
	}
	msg, err := hello.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var parsed wire.ServerHello
	if err := parsed.Parse(msg[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	retryAt := retryConfirmationAt(msg, parsed.Extensions)
	if string(msg[retryAt:retryAt+8]) != "whatever" || !bytes.Equal(msg[echConfirmationAt:echConfirmationAt+8], hello.Random[24:]) {
		t.Fatalf("at %d and %d of %x", retryAt, echConfirmationAt, msg)
	}
	e, err := NewEngine(&Env{}, &Config{InsecureSkipVerify: true}, RoleClient)
	if err != nil {
		t.Fatal(err)
	}
	confirm := func(change func(h *handshake, msg []byte, random []byte), at int, label string) string {
		h := &handshake{e: e, suite: suite.ByID(suite.AES256GCM)}
		h.transcript.Choose(h.suite.Hash)
		msg, random := bytes.Clone(msg), make([]byte, 32)
		if change != nil {
			change(h, msg, random)
		}
		c, err := h.echConfirmation(msg, at, label, random)
		if err != nil {
			t.Fatal(err)
		}
		return string(c[:])
	}
	is := confirm(nil, retryAt, labelECHRetryAccept)
	if got := confirm(func(_ *handshake, msg, _ []byte) { msg[retryAt]++ }, retryAt, labelECHRetryAccept); got != is {
		t.Error("it depends on itself")
	}
	for what, got := range map[string]string{
		"message":    confirm(func(_ *handshake, msg, _ []byte) { msg[len(msg)-9]++ }, retryAt, labelECHRetryAccept),
		"transcript": confirm(func(h *handshake, _, _ []byte) { _ = h.transcript.Add([]byte{1}) }, retryAt, labelECHRetryAccept),
		"random":     confirm(func(_ *handshake, _, random []byte) { random[31]++ }, retryAt, labelECHRetryAccept),
		"label":      confirm(nil, retryAt, labelECHAccept),
		"place":      confirm(nil, echConfirmationAt, labelECHRetryAccept),
	} {
		if got == is {
			t.Errorf("it does not depend on the %s", what)
		}
	}
}
