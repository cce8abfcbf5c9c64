package kex

import (
	"bytes"
	"crypto/ecdh"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"testing"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// from generates the keys of group from the given bytes in place of random ones.
func from(t testing.TB, group uint16, entropy []byte) *Private {
	t.Helper()
	p := new(Private)
	if err := p.Generate(group, bytes.NewReader(entropy)); err != nil {
		t.Fatal(err)
	}
	return p
}

func share(t testing.TB, p *Private, group uint16) []byte {
	t.Helper()
	b, err := p.AppendShare(nil, group)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestX25519OfRFC7748(t *testing.T) {
	for _, v := range []struct{ name, scalar, u, want string }{
		{"§5.2, first",
			"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
			"e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
			"c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
		{"§5.2, second",
			"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
			"e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
			"95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"},
		{"§6.1, Alice",
			"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
			"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
			"4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
		{"§6.1, Bob",
			"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
			"8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
			"4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
	} {
		got, err := from(t, X25519, unhex(v.scalar)).Agree(X25519, unhex(v.u), nil)
		if err != nil || !bytes.Equal(got, unhex(v.want)) {
			t.Errorf("%s: %x, %v", v.name, got, err)
		}
	}
}

func TestX25519IteratedAsInRFC7748(t *testing.T) {
	k := unhex("0900000000000000000000000000000000000000000000000000000000000000")
	u := bytes.Clone(k)
	for i := range 1000 {
		secret, err := from(t, X25519, k).Agree(X25519, u, nil)
		if err != nil {
			t.Fatal(err)
		}
		u, k = k, secret
		if i == 0 && hex.EncodeToString(k) != "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079" {
			t.Errorf("after one: %x", k)
		}
	}
	if hex.EncodeToString(k) != "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51" {
		t.Errorf("after a thousand: %x", k)
	}
}

func TestX25519SharesOfRFC8448(t *testing.T) {
	for _, v := range []struct{ name, private, public, peer, secret string }{
		{"§3, client",
			"49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005",
			"99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c",
			"c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f",
			"8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"},
		{"§3, server",
			"b1580eeadf6dd589b8ef4f2d5652578cc810e9980191ec8d058308cea216a21e",
			"c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f",
			"99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c",
			"8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"},
	} {
		p := from(t, X25519, unhex(v.private))
		if got := share(t, p, X25519); !bytes.Equal(got, unhex(v.public)) {
			t.Errorf("%s: share %x", v.name, got)
		}
		if got, err := p.Agree(X25519, unhex(v.peer), nil); err != nil || !bytes.Equal(got, unhex(v.secret)) {
			t.Errorf("%s: secret %x, %v", v.name, got, err)
		}
		gotShare, got, err := new(Private).Respond(X25519, bytes.NewReader(unhex(v.private)), unhex(v.peer), nil, nil)
		if err != nil || !bytes.Equal(gotShare, unhex(v.public)) || !bytes.Equal(got, unhex(v.secret)) {
			t.Errorf("%s: responded %x and %x, %v", v.name, gotShare, got, err)
		}
	}
}

// smallOrder is every encoding of a point whose multiples by a clamped scalar are zero:
// 0, 1, the two of order 8, p-1, and what reduces to 0 and 1, without the unused top bit.
var smallOrder = []string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}

func TestX25519RefusesPointsOfSmallOrder(t *testing.T) {
	p := new(Private).mustGenerate(t, X25519)
	for _, s := range smallOrder {
		for _, top := range []byte{0, 0x80} {
			peer := unhex(s)
			peer[31] |= top
			got, err := p.Agree(X25519, peer, []byte("kept"))
			if !errors.Is(err, ErrZero) || !errors.Is(err, ErrShare) || string(got) != "kept" {
				t.Errorf("%x: Agree: %x, %v", peer, got, err)
			}
			gotShare, got, err := new(Private).Respond(X25519, nil, peer, []byte("this"), []byte("kept"))
			if !errors.Is(err, ErrZero) || string(gotShare) != "this" || string(got) != "kept" {
				t.Errorf("%x: Respond: %x, %x, %v", peer, gotShare, got, err)
			}
		}
	}
}

func TestX25519IsThatOfTheStandardLibrary(t *testing.T) {
	random := rand.NewChaCha8([32]byte{25})
	peers := [][]byte{
		unhex("efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"), // p+2: not reduced
		bytes.Repeat([]byte{0xff}, 32),
		unhex("0200000000000000000000000000000000000000000000000000000000000000"), // on the twist
	}
	for range 50 {
		peer := make([]byte, 32)
		random.Read(peer)
		peers = append(peers, peer)
	}
	for _, peer := range peers {
		checkX25519(t, random, peer)
	}
}

// checkX25519 compares Agree with crypto/ecdh for one peer share of 32 bytes.
func checkX25519(t *testing.T, random *rand.ChaCha8, peer []byte) {
	t.Helper()
	scalar := make([]byte, 32)
	random.Read(scalar)
	private, err := ecdh.X25519().NewPrivateKey(scalar)
	if err != nil {
		t.Fatal(err)
	}
	public, err := ecdh.X25519().NewPublicKey(peer)
	if err != nil {
		t.Fatal(err)
	}
	p := from(t, X25519, scalar)
	if got := share(t, p, X25519); !bytes.Equal(got, private.PublicKey().Bytes()) {
		t.Errorf("share %x, want %x", got, private.PublicKey().Bytes())
	}
	want, wantErr := private.ECDH(public)
	got, err := p.Agree(X25519, peer, nil)
	if (err == nil) != (wantErr == nil) || !bytes.Equal(got, want) {
		t.Errorf("peer %x: secret %x, %v; want %x, %v", peer, got, err, want, wantErr)
	}
}

func FuzzX25519Peer(f *testing.F) {
	for _, s := range smallOrder {
		f.Add(unhex(s))
	}
	f.Add(bytes.Repeat([]byte{0xff}, 32))
	f.Fuzz(func(t *testing.T, peer []byte) {
		if len(peer) != 32 {
			if _, err := new(Private).mustGenerate(t, X25519).Agree(X25519, peer, nil); !errors.Is(err, ErrLength) {
				t.Fatal(err)
			}
			return
		}
		checkX25519(t, rand.NewChaCha8([32]byte{1}), peer)
	})
}
