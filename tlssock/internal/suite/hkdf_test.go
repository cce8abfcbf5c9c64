package suite

import (
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"strings"
	"testing"
)

// rfc5869 is RFC 5869 appendix A.1 to A.3.
var rfc5869 = []struct {
	name, ikm, salt, info string
	prk, okm              string
}{
	{
		name: "A.1",
		ikm:  "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		salt: "000102030405060708090a0b0c",
		info: "f0f1f2f3f4f5f6f7f8f9",
		prk:  "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
		okm:  "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
	},
	{
		name: "A.2",
		ikm: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f" +
			"303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
		salt: "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f" +
			"909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
		info: "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf" +
			"e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		prk: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
		okm: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09" +
			"da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
	},
	{
		name: "A.3",
		ikm:  "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		salt: "",
		info: "",
		prk:  "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
		okm:  "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
	},
}

func TestHKDFOfRFC5869(t *testing.T) {
	var sc Scratch
	for _, v := range rfc5869 {
		prk := SHA256.Extract(&sc, nil, unhex(v.salt), unhex(v.ikm))
		equal(t, v.name+" PRK", prk, unhex(v.prk))
		okm, err := SHA256.Expand(&sc, nil, prk, unhex(v.info), len(v.okm)/2)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, v.name+" OKM", okm, unhex(v.okm))
	}
}

func TestExpandIsThatOfTheStandardLibraryForAllLengths(t *testing.T) {
	var sc Scratch
	prk := []byte("a pseudorandom key of some length or other, not that it matters")
	for _, n := range []int{0, 1, 31, 32, 33, 47, 48, 49, 64, 96, 97, 255 * 32} {
		want, err := hkdf.Expand(sha256.New, prk, "info", n)
		if err != nil {
			t.Fatal(err)
		}
		got, err := SHA256.Expand(&sc, nil, prk, []byte("info"), n)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "SHA256", got, want)
		if want, err = hkdf.Expand(sha512.New384, prk, "info", n); err != nil {
			t.Fatal(err)
		}
		if got, err = SHA384.Expand(&sc, nil, prk, []byte("info"), n); err != nil {
			t.Fatal(err)
		}
		equal(t, "SHA384", got, want)
	}
}

func TestExpandRefusesWhatHKDFCannotGive(t *testing.T) {
	var sc Scratch
	for _, n := range []int{-1, 255*32 + 1} {
		if got, err := SHA256.Expand(&sc, []byte("x"), nil, nil, n); !errors.Is(err, ErrDerivation) || string(got) != "x" {
			t.Errorf("length %d: %q, %v", n, got, err)
		}
	}
}

func TestExpandLabelBuildsTheStructureOfRFC8446(t *testing.T) {
	var sc Scratch
	secret, context := []byte("a secret"), []byte("a context")
	for _, n := range []int{1, 12, 32, 48, 300} {
		info := string([]byte{byte(n >> 8), byte(n), 6 + 5}) + "tls13 label" + string([]byte{9}) + "a context"
		want, err := hkdf.Expand(sha512.New384, secret, info, n)
		if err != nil {
			t.Fatal(err)
		}
		got, err := SHA384.ExpandLabel(&sc, nil, secret, "label", context, n)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "output", got, want)
	}
}

func TestExpandLabelHoldsItsBounds(t *testing.T) {
	var sc Scratch
	for _, c := range []struct {
		name           string
		label, context int
		length         int
		ok             bool
	}{
		{"longest label", MaxLabel, 0, 32, true},
		{"label too long", MaxLabel + 1, 0, 32, false},
		{"longest context", 0, MaxContext, 32, true},
		{"context too long", 0, MaxContext + 1, 32, false},
		{"both longest", MaxLabel, MaxContext, 255 * 32, true},
		{"output too long", 0, 0, 255*32 + 1, false},
		{"no output", 0, 0, 0, true},
		{"negative output", 0, 0, -1, false},
	} {
		got, err := SHA256.ExpandLabel(&sc, nil, []byte("secret"), strings.Repeat("l", c.label), make([]byte, c.context), c.length)
		if c.ok && (err != nil || len(got) != c.length) {
			t.Errorf("%s: %d bytes, %v", c.name, len(got), err)
		}
		if !c.ok && (!errors.Is(err, ErrDerivation) || got != nil) {
			t.Errorf("%s: %x, %v", c.name, got, err)
		}
	}
}
