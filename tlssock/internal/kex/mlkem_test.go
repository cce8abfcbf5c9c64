package kex

import (
	"bytes"
	"crypto/ecdh"
	"crypto/mlkem"
	cryptorand "crypto/rand"
	"errors"
	"testing"

	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
)

// The standard library's ML-KEM and X25519 are the other side here.

func stdX25519(t testing.TB) *ecdh.PrivateKey {
	t.Helper()
	key, err := ecdh.X25519().GenerateKey(cryptorand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func stdAgree(t testing.TB, key *ecdh.PrivateKey, peer []byte) []byte {
	t.Helper()
	public, err := ecdh.X25519().NewPublicKey(peer)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := key.ECDH(public)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestHybridClientAgreesWithAServerOfTheStandardLibrary(t *testing.T) {
	var client Private
	offer := share(t, client.mustGenerate(t, X25519MLKEM768), X25519MLKEM768)

	encapsulation, err := mlkem.NewEncapsulationKey768(offer[:mlkem.EncapsulationKeySize768])
	if err != nil {
		t.Fatal(err)
	}
	kemSecret, ciphertext := encapsulation.Encapsulate()
	x := stdX25519(t)
	want := append(kemSecret, stdAgree(t, x, offer[mlkem.EncapsulationKeySize768:])...)

	got, err := client.Agree(X25519MLKEM768, append(ciphertext, x.PublicKey().Bytes()...), nil)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("client has %x, %v\nserver has %x", got, err, want)
	}
}

func TestHybridServerAgreesWithAClientOfTheStandardLibrary(t *testing.T) {
	decapsulation, err := mlkem.GenerateKey768()
	if err != nil {
		t.Fatal(err)
	}
	x := stdX25519(t)
	offer := append(decapsulation.EncapsulationKey().Bytes(), x.PublicKey().Bytes()...)

	answer, got, err := new(Private).Respond(X25519MLKEM768, nil, offer, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := decapsulation.Decapsulate(answer[:mlkem.CiphertextSize768])
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, stdAgree(t, x, answer[mlkem.CiphertextSize768:])...)
	if !bytes.Equal(got, want) {
		t.Errorf("server has %x\nclient has %x", got, want)
	}
}

func TestKeysAreMadeFromTheSourceOfRandomnessAsFIPS203Says(t *testing.T) {
	seed := make([]byte, mlkem.SeedSize+32)
	for i := range seed {
		seed[i] = byte(i)
	}
	want, err := mlkem.NewDecapsulationKey768(seed[:mlkem.SeedSize])
	if err != nil {
		t.Fatal(err)
	}
	got := share(t, from(t, X25519MLKEM768, seed), X25519MLKEM768)
	if !bytes.Equal(got[:mlkem.EncapsulationKeySize768], want.EncapsulationKey().Bytes()) {
		t.Error("the encapsulation key is another")
	}
	x, err := ecdh.X25519().NewPrivateKey(seed[mlkem.SeedSize:])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got[mlkem.EncapsulationKeySize768:], x.PublicKey().Bytes()) {
		t.Error("the X25519 share is another")
	}
}

func TestATamperedCiphertextGivesTheSecretOfImplicitRejection(t *testing.T) {
	seed := make([]byte, mlkem.SeedSize+32)
	p := from(t, X25519MLKEM768, seed)
	standard, err := mlkem.NewDecapsulationKey768(seed[:mlkem.SeedSize])
	if err != nil {
		t.Fatal(err)
	}
	answer, sent, err := new(Private).Respond(X25519MLKEM768, nil, share(t, p, X25519MLKEM768), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 500, mlkem.CiphertextSize768 - 1} {
		changed := bytes.Clone(answer)
		changed[i] ^= 1
		got, err := p.Agree(X25519MLKEM768, changed, nil)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(got, sent) {
			t.Errorf("byte %d changed and the same secret", i)
		}
		want, err := standard.Decapsulate(changed[:mlkem.CiphertextSize768])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got[:32], want) {
			t.Errorf("byte %d changed: secret %x, want %x", i, got[:32], want)
		}
	}
}

func TestEncapsulationKeysThatAreNotReducedAreRefused(t *testing.T) {
	good := share(t, new(Private).mustGenerate(t, X25519MLKEM768), X25519MLKEM768)
	const q, coefficients = 3329, 3 * 256
	for _, i := range []int{0, 1, 255, 256, 400, coefficients - 1} {
		for _, value := range []int{q, q + 1, 4095} {
			bad := bytes.Clone(good)
			setCoefficient(bad, i, value)
			if _, err := mlkem.NewEncapsulationKey768(bad[:mlkem.EncapsulationKeySize768]); err == nil {
				t.Fatal("the standard library takes it")
			}
			gotShare, secret, err := new(Private).Respond(X25519MLKEM768, nil, bad, []byte("this"), []byte("kept"))
			if !errors.Is(err, ErrEncapsulationKey) || !errors.Is(err, ErrShare) ||
				string(gotShare) != "this" || string(secret) != "kept" {
				t.Errorf("coefficient %d = %d: %x, %x, %v", i, value, gotShare, secret, err)
			}
		}
		setCoefficient(good, i, q-1)
		if _, _, err := new(Private).Respond(X25519MLKEM768, nil, good, nil, nil); err != nil {
			t.Errorf("coefficient %d = %d: %v", i, q-1, err)
		}
	}
}

// setCoefficient writes the i-th of the 12-bit coefficients that begin an encapsulation
// key (FIPS 203 §4.2.1, ByteEncode).
func setCoefficient(key []byte, i, value int) {
	b := key[3*(i/2):]
	if i%2 == 0 {
		b[0], b[1] = byte(value), b[1]&0xf0|byte(value>>8)
	} else {
		b[1], b[2] = b[1]&0x0f|byte(value<<4), byte(value>>4)
	}
}

func TestABadX25519PartSpoilsTheHybrid(t *testing.T) {
	p := new(Private).mustGenerate(t, X25519MLKEM768)
	offer := share(t, p, X25519MLKEM768)
	answer, _, err := new(Private).Respond(X25519MLKEM768, nil, offer, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	room := make([]byte, 4, 100)
	clear(answer[mlkem768.CiphertextSize:])
	if got, err := p.Agree(X25519MLKEM768, answer, room); !errors.Is(err, ErrZero) || len(got) != 4 {
		t.Errorf("Agree: %x, %v", got, err)
	}
	if !bytes.Equal(room[:100], make([]byte, 100)) {
		t.Error("Agree left the ML-KEM secret behind")
	}
	clear(offer[mlkem768.PublicKeySize:])
	if gotShare, secret, err := p.Respond(X25519MLKEM768, nil, offer, nil, room); !errors.Is(err, ErrZero) || len(gotShare) != 0 || len(secret) != 4 {
		t.Errorf("Respond: %d bytes, %x, %v", len(gotShare), secret, err)
	}
	if !bytes.Equal(room[:100], make([]byte, 100)) {
		t.Error("Respond left the ML-KEM secret behind")
	}
}

func FuzzHybridOffer(f *testing.F) {
	good := share(f, new(Private).mustGenerate(f, X25519MLKEM768), X25519MLKEM768)
	f.Add(good)
	f.Add(make([]byte, len(good)))
	f.Add(bytes.Repeat([]byte{0xff}, len(good)))
	f.Fuzz(func(t *testing.T, offer []byte) {
		answer, secret, err := new(Private).Respond(X25519MLKEM768, nil, offer, nil, nil)
		if err != nil && (!errors.Is(err, ErrShare) || len(answer) != 0 || len(secret) != 0) {
			t.Fatalf("%x, %x, %v", answer, secret, err)
		}
		if len(offer) != ByID(X25519MLKEM768).ClientShareLen {
			if !errors.Is(err, ErrLength) {
				t.Fatalf("%d bytes: %v", len(offer), err)
			}
			return
		}
		_, wantErr := mlkem.NewEncapsulationKey768(offer[:mlkem.EncapsulationKeySize768])
		if errors.Is(err, ErrEncapsulationKey) != (wantErr != nil) {
			t.Fatalf("%v, want %v", err, wantErr)
		}
	})
}

func FuzzHybridAnswer(f *testing.F) {
	p := from(f, X25519MLKEM768, bytes.Repeat([]byte{7}, 96))
	answer, _, err := new(Private).Respond(X25519MLKEM768, nil, share(f, p, X25519MLKEM768), nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(answer)
	f.Add(make([]byte, len(answer)))
	f.Fuzz(func(t *testing.T, answer []byte) {
		secret, err := p.Agree(X25519MLKEM768, answer, nil)
		if err != nil && (!errors.Is(err, ErrShare) || len(secret) != 0) {
			t.Fatalf("%x, %v", secret, err)
		}
		if err == nil && len(secret) != ByID(X25519MLKEM768).SecretLen {
			t.Fatalf("secret of %d bytes", len(secret))
		}
	})
}
