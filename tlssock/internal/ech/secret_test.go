package ech

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"testing"
)

func TestBothSidesLogTheSameSecret(t *testing.T) {
	for _, kem := range kems {
		key, r := testKey(t, uint16(kem), DefaultSuites...)
		enc, secret, sealer, err := r.NewLoggedSealer(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		same, err := key.SharedSecret(enc)
		if err != nil || len(same) < 32 || !bytes.Equal(same, secret) {
			t.Errorf("KEM %#04x: %x and %x, %v", kem, secret, same, err)
		}
		sealed, err := sealer.Seal([]byte("plain"), nil)
		if err != nil {
			t.Fatal(err)
		}
		opener, err := key.NewOpener(r.Suite, enc)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := opener.Open(sealed, nil); string(plain) != "plain" || err != nil {
			t.Errorf("KEM %#04x: %q, %v", kem, plain, err)
		}
		if _, err := key.SharedSecret(enc[1:]); !errors.Is(err, ErrDecrypt) {
			t.Errorf("KEM %#04x: %v", kem, err)
		}
		if _, _, _, err := r.NewLoggedSealer(bytes.NewReader(nil)); !errors.Is(err, io.EOF) {
			t.Errorf("no randomness: %v", err)
		}
	}
}
