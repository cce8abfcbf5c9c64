package ccm

import (
	"bytes"
	"crypto/aes"
	"encoding/hex"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newAEAD(t testing.TB, key string, nonceSize, tagSize int) *AEAD {
	t.Helper()
	block, err := aes.NewCipher(unhex(t, key))
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(block, nonceSize, tagSize)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestRFC3610Packet1 is the first packet vector of RFC 3610 §8.
func TestRFC3610Packet1(t *testing.T) {
	c := newAEAD(t, "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", 13, 8)
	got := c.Seal(nil, unhex(t, "00000003020100a0a1a2a3a4a5"),
		unhex(t, "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e"), unhex(t, "0001020304050607"))
	want := unhex(t, "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0")
	if !bytes.Equal(got, want) {
		t.Fatalf("got %x want %x", got, want)
	}
}
