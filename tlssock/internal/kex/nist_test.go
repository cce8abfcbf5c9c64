package kex

import (
	"bytes"
	"crypto/ecdh"
	"errors"
	"math/big"
	"testing"
)

// curves is what a test needs to know of the NIST groups.
var curves = []struct {
	group uint16
	curve ecdh.Curve
	p, n  string // field prime and group order
}{
	{P256, ecdh.P256(),
		"ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
		"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"},
	{P384, ecdh.P384(),
		"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
		"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"},
}

func TestNISTCurvesOfTheirValidationSuiteAndRFC8448(t *testing.T) {
	for _, v := range []struct {
		name                          string
		group                         uint16
		private, public, peer, secret string
	}{
		{"ECC CDH P-256, 0", P256,
			"7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
			"04ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230" +
				"28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141",
			"04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287" +
				"db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
			"46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b"},
		{"ECC CDH P-384, 0", P384,
			"3cc3122a68f0d95027ad38c067916ba0eb8c38894d22e1b15618b6818a661774ad463b205da88cf699ab4d43c9cf98a1",
			"04" + "9803807f2f6d2fd966cdd0290bd410c0190352fbec7ff6247de1302df86f25d34fe4a97bef60cff548355c015dbb3e5f" +
				"ba26ca69ec2f5b5d9dad20cc9da711383a9dbe34ea3fa5a2af75b46502629ad54dd8b7d73a8abb06a3a3be47d650cc99",
			"04" + "a7c76b970c3b5fe8b05d2838ae04ab47697b9eaf52e764592efda27fe7513272734466b400091adbf2d68c58e0c50066" +
				"ac68f19f2e1cb879aed43a9969b91a0839c4c38a49749b661efedf243451915ed0905a32b060992b468c64766fc8437a",
			"5f9d29dc5e31a163060356213669c8ce132e22f57c9a04f40ba7fcead493b457e5621e766c40a2e3d4d6a04b25e533f1"},
		{"RFC 8448 §5, client", P256,
			"ab5473467e19346ceb0a0414e41da21d4d2445bc3025afe97c4e8dc8d513da39",
			"04a6da7392ec591e17abfd535964b99894d13befb221b3def2ebe3830eac8f0151" +
				"812677c4d6d2237e85cf01d6910cfb83954e76ba7352830534159897e8065780",
			"04583e054b7a66672ae020ad9d2686fcc85b5ad41a134a0f03ee72b893052bd85b" +
				"4c8de6776f5b04ac07d83540eab3e3d9c547bc6528c4317d294686093a6cad7d",
			"c142ce13ca11b5c2233652e63ad3d97844f1621fbfb9de69d547dc8fedeabeb4"},
		{"RFC 8448 §5, server", P256,
			"8c510601f9765bfb8ed693449a48989859b5cfa879cb9f5443c41c5ff10634ed",
			"04583e054b7a66672ae020ad9d2686fcc85b5ad41a134a0f03ee72b893052bd85b" +
				"4c8de6776f5b04ac07d83540eab3e3d9c547bc6528c4317d294686093a6cad7d",
			"04a6da7392ec591e17abfd535964b99894d13befb221b3def2ebe3830eac8f0151" +
				"812677c4d6d2237e85cf01d6910cfb83954e76ba7352830534159897e8065780",
			"c142ce13ca11b5c2233652e63ad3d97844f1621fbfb9de69d547dc8fedeabeb4"},
	} {
		p := from(t, v.group, unhex(v.private))
		if got := share(t, p, v.group); !bytes.Equal(got, unhex(v.public)) {
			t.Errorf("%s: share %x", v.name, got)
		}
		got, err := p.Agree(v.group, unhex(v.peer), nil)
		if err != nil || !bytes.Equal(got, unhex(v.secret)) {
			t.Errorf("%s: secret %x, %v", v.name, got, err)
		}
	}
}

func number(hexadecimal string) *big.Int { return new(big.Int).SetBytes(unhex(hexadecimal)) }

func TestPointsThatAreNotUncompressedOrNotOnTheCurveAreRefused(t *testing.T) {
	for _, c := range curves {
		size := len(c.p) / 2
		good := share(t, new(Private).mustGenerate(t, c.group), c.group)
		p := new(Private).mustGenerate(t, c.group)
		change := func(f func(b []byte)) []byte {
			b := bytes.Clone(good)
			f(b)
			return b
		}
		for name, peer := range map[string][]byte{
			"all zeros":          make([]byte, len(good)),
			"the origin":         change(func(b []byte) { clear(b[1:]) }),
			"compressed":         change(func(b []byte) { b[0] = 2 }),
			"hybrid form, even":  change(func(b []byte) { b[0] = 6 }),
			"hybrid form, odd":   change(func(b []byte) { b[0] = 7 }),
			"y changed":          change(func(b []byte) { b[len(b)-1] ^= 1 }),
			"x changed":          change(func(b []byte) { b[size] ^= 1 }),
			"x is the prime":     change(func(b []byte) { copy(b[1:], unhex(c.p)) }),
			"y is the prime":     change(func(b []byte) { copy(b[1+size:], unhex(c.p)) }),
			"x is all ones":      change(func(b []byte) { copy(b[1:1+size], bytes.Repeat([]byte{0xff}, size)) }),
			"point at infinity":  append([]byte{0}, make([]byte, 2*size)...),
			"coordinates traded": append(append([]byte{4}, good[1+size:]...), good[1:1+size]...),
		} {
			got, err := p.Agree(c.group, peer, []byte("kept"))
			if !errors.Is(err, ErrPoint) || !errors.Is(err, ErrShare) || string(got) != "kept" {
				t.Errorf("%s, %s: Agree: %x, %v", ByID(c.group).Name, name, got, err)
			}
			if _, _, err := p.Respond(c.group, nil, peer, nil, nil); !errors.Is(err, ErrPoint) {
				t.Errorf("%s, %s: Respond: %v", ByID(c.group).Name, name, err)
			}
			p.mustGenerate(t, c.group) // Respond took the key
		}
	}
}

func TestScalarsOutOfRangeAreDrawnAgain(t *testing.T) {
	for _, c := range curves {
		size := len(c.n) / 2
		one := new(big.Int).FillBytes(make([]byte, size))
		one[size-1] = 1
		for name, bad := range map[string][]byte{
			"zero": make([]byte, size), "the order": unhex(c.n), "all ones": bytes.Repeat([]byte{0xff}, size),
			"one more than the order": new(big.Int).Add(number(c.n), big.NewInt(1)).Bytes(),
		} {
			p := from(t, c.group, append(bytes.Clone(bad), one...))
			want, err := c.curve.NewPrivateKey(one)
			if err != nil {
				t.Fatal(err)
			}
			if got := share(t, p, c.group); !bytes.Equal(got, want.PublicKey().Bytes()) {
				t.Errorf("%s: share %x", name, got)
			}
			// A source that gives nothing else is broken.
			var q Private
			err = q.Generate(c.group, bytes.NewReader(bytes.Repeat(bad, maxScalarTries)))
			if !errors.Is(err, ErrEntropy) || q.Has(c.group) {
				t.Errorf("%s for ever: %v", name, err)
			}
		}
	}
}

func FuzzNISTPeer(f *testing.F) {
	for _, c := range curves {
		f.Add(c.group, share(f, new(Private).mustGenerate(f, c.group), c.group))
		f.Add(c.group, make([]byte, 1+len(c.p)))
	}
	f.Fuzz(func(t *testing.T, group uint16, peer []byte) {
		for _, c := range curves {
			if c.group != group {
				continue
			}
			_, wantErr := c.curve.NewPublicKey(peer)
			secret, err := new(Private).mustGenerate(t, group).Agree(group, peer, nil)
			if (err == nil) != (wantErr == nil) || err != nil && !errors.Is(err, ErrShare) {
				t.Fatalf("%x: %v, want %v", peer, err, wantErr)
			}
			if err == nil && len(secret) != ByID(group).SecretLen {
				t.Fatalf("secret of %d bytes", len(secret))
			}
		}
	})
}
