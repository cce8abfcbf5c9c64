package kex

import "testing"

func TestGroupsAreThoseOfTheRegistry(t *testing.T) {
	for _, want := range []Group{
		{ID: 0x0017, Name: "secp256r1", ClientShareLen: 65, ServerShareLen: 65, SecretLen: 32},
		{ID: 0x0018, Name: "secp384r1", ClientShareLen: 97, ServerShareLen: 97, SecretLen: 48},
		{ID: 0x001d, Name: "x25519", ClientShareLen: 32, ServerShareLen: 32, SecretLen: 32},
		{ID: 0x11ec, Name: "X25519MLKEM768", ClientShareLen: 1184 + 32, ServerShareLen: 1088 + 32, SecretLen: 64},
	} {
		g := ByID(want.ID)
		if g == nil {
			t.Errorf("%s is missing", want.Name)
			continue
		}
		got := *g
		got.parts = nil
		if got.ID != want.ID || got.Name != want.Name || got.ClientShareLen != want.ClientShareLen ||
			got.ServerShareLen != want.ServerShareLen || got.SecretLen != want.SecretLen {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestPostQuantumGroupsAreThoseWithMLKEM(t *testing.T) {
	for id, want := range map[uint16]bool{
		X25519: false, P256: false, P384: false, P521: false, X448: false, X25519MLKEM768: true, SecP256r1MLKEM768: true, SecP384r1MLKEM1024: true, MLKEM1024: true,
	} {
		if ByID(id).PostQuantum() != want {
			t.Errorf("group %#x: not %v", id, want)
		}
	}
}
