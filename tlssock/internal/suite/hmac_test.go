package suite

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"math/rand/v2"
	"testing"
)

// rfc4231 is RFC 4231 §4.2 to §4.8. Case 5 is given there with its first half only.
var rfc4231 = []struct {
	name           string
	key, data      []byte
	sha256, sha384 string
}{
	{"1", bytes.Repeat([]byte{0x0b}, 20),
		[]byte("Hi There"),
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
		"afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6"},
	{"2", []byte("Jefe"),
		[]byte("what do ya want for nothing?"),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"},
	{"3", bytes.Repeat([]byte{0xaa}, 20),
		bytes.Repeat([]byte{0xdd}, 50),
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
		"88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27"},
	{"4", unhex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
		bytes.Repeat([]byte{0xcd}, 50),
		"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
		"3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb"},
	{"5, not truncated", bytes.Repeat([]byte{0x0c}, 20),
		[]byte("Test With Truncation"),
		"a3b6167473100ee06e0c796c2955552bfa6f7c0a6a8aef8b93f860aab0cd20c5",
		"3abf34c3503b2a23a46efc619baef897f4c8e42c934ce55ccbae9740fcbc1af4ca62269e2a37cd88ba926341efe4aeea"},
	{"6", bytes.Repeat([]byte{0xaa}, 131),
		[]byte("Test Using Larger Than Block-Size Key - Hash Key First"),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
		"4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952"},
	{"7", bytes.Repeat([]byte{0xaa}, 131),
		[]byte("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."),
		"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
		"6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e"},
}

func TestHMACOfRFC4231(t *testing.T) {
	var sc Scratch
	for _, v := range rfc4231 {
		for h, want := range map[Hash]string{SHA256: v.sha256, SHA384: v.sha384} {
			equal(t, "case "+v.name+" "+h.String(), h.HMAC(&sc, nil, v.key, v.data), unhex(want))
			half := len(v.data) / 2
			equal(t, "case "+v.name+" "+h.String()+" in parts",
				h.HMAC(&sc, []byte("x"), v.key, v.data[:half], nil, v.data[half:]), append([]byte("x"), unhex(want)...))
		}
	}
}

func TestHMACIsThatOfTheStandardLibraryForAllKeyLengths(t *testing.T) {
	var sc Scratch
	seed := rand.NewChaCha8([32]byte{1})
	for n := range 2*maxBlockSize + 2 {
		key, data := make([]byte, n), make([]byte, n)
		seed.Read(key)
		seed.Read(data)
		for h, f := range map[Hash]func() hash.Hash{SHA256: sha256.New, SHA384: sha512.New384} {
			m := hmac.New(f, key)
			m.Write(data)
			equal(t, h.String(), h.HMAC(&sc, nil, key, data), m.Sum(nil))
		}
	}
}

func TestHMACMayOverwriteItsKey(t *testing.T) {
	var sc Scratch
	want := SHA256.HMAC(&sc, nil, rfc4231[0].key, rfc4231[0].data)
	key := append(make([]byte, 0, 64), rfc4231[0].key...)
	equal(t, "result", SHA256.HMAC(&sc, key[:0], key, rfc4231[0].data), want)
	if !bytes.Equal(key[:20], want[:20]) {
		t.Error("the result is not where the key was")
	}
}
