package kex

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
)

// RFC 7748 §6.2.
func TestX448OfRFC7748(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	alice := unhex("9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b")
	alicePublic := unhex("9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0")
	bob := unhex("1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d")
	bobPublic := unhex("3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609")
	want := unhex("07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d")
	var p Private
	if err := p.Generate(X448, bytes.NewReader(alice)); err != nil {
		t.Fatal(err)
	}
	if share, err := p.AppendShare(nil, X448); err != nil || !bytes.Equal(share, alicePublic) {
		t.Errorf("%x, %v", share, err)
	}
	if secret, err := p.Agree(X448, bobPublic, nil); err != nil || !bytes.Equal(secret, want) {
		t.Errorf("%x, %v", secret, err)
	}
	var s Private
	if share, secret, err := s.Respond(X448, bytes.NewReader(bob), alicePublic, nil, nil); err != nil || !bytes.Equal(share, bobPublic) || !bytes.Equal(secret, want) {
		t.Errorf("%x, %x, %v", share, secret, err)
	}
	for _, small := range [][]byte{make([]byte, 56), append([]byte{1}, make([]byte, 55)...)} {
		if _, err := p.Agree(X448, small, nil); !errors.Is(err, ErrZero) {
			t.Errorf("%x: %v", small, err)
		}
	}
}
