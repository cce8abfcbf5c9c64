package x509lite

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestLoadCertificates(t *testing.T) {
	pemCert := fixture(t, "p256-sha256.crt.pem")
	for name, c := range map[string]struct {
		data []byte
		want int
	}{
		"PEM":                    {pemCert, 1},
		"DER":                    {fixture(t, "p256-sha256.crt.der"), 1},
		"chain":                  {fixture(t, "issued-chain.crt.pem"), 2},
		"certificate and key":    {fixture(t, "p256-both.pem"), 1},
		"key and certificate":    {append(fixture(t, "p256.key.pem"), pemCert...), 1},
		"text around it":         {[]byte("subject=x\n" + string(pemCert) + "\nthe end\n"), 1},
		"carriage returns":       {bytes.ReplaceAll(pemCert, []byte("\n"), []byte("\r\n")), 1},
		"text that begins as 0x": {append([]byte("0x is not DER\n"), pemCert...), 1},
	} {
		certs, err := LoadCertificates(c.data)
		if err != nil || len(certs) != c.want {
			t.Errorf("%s: %d certificates, %v", name, len(certs), err)
		}
	}
	chain, err := LoadCertificates(fixture(t, "issued-chain.crt.pem"))
	if err != nil || chain[0].Subject() != "CN=issued" {
		t.Errorf("order: %v", err)
	}
	der, err := LoadCertificates(fixture(t, "p256-sha256.crt.der"))
	if err != nil || !bytes.Equal(der[0].Raw, fixtureCert(t, "p256-sha256").Raw) {
		t.Errorf("DER and PEM differ: %v", err)
	}
}

func TestLoadCertificatesRefuses(t *testing.T) {
	good := fixture(t, "p256-sha256.crt.pem")
	damaged := bytes.Replace(good, []byte("MII"), []byte("M!I"), 1)
	cut := fixture(t, "p256-sha256.crt.der")[:100]
	for _, c := range []struct {
		name string
		data []byte
		want error
		text string
	}{
		{"nothing", nil, ErrMalformed, "neither DER nor PEM"},
		{"text", []byte("hello"), ErrMalformed, "neither DER nor PEM"},
		{"a key only", fixture(t, "p256.key.pem"), ErrNoCertificate, `"PRIVATE KEY"`},
		{"other blocks only", []byte("-----BEGIN " + strings.Repeat("X", 1000) + "-----\n-----END " + strings.Repeat("X", 1000) + "-----\n"), ErrNoCertificate, "it has"},
		{"damaged block", damaged, ErrMalformed, "1 of 1 PEM blocks"},
		{"damaged block among good ones", append(append(append([]byte{}, good...), damaged...), good...), ErrMalformed, "1 of 3 PEM blocks"},
		{"block without an end", good[:len(good)-30], ErrMalformed, "1 of 1 PEM blocks"},
		{"bad certificate in good PEM", CertificatePEM(fixtureCert(t, "ed25519").Raw, cut), ErrMalformed, "certificate 2"},
		{"DER and more", append(fixture(t, "p256-sha256.crt.der"), 0), ErrMalformed, "trailing"},
		{"DER cut", fixture(t, "p256-sha256.crt.der")[:100], ErrMalformed, ""},
		{"too much", make([]byte, MaxLoadSize+1), ErrTooLarge, "above"},
		{"too much DER", append([]byte{0x30, 0x83}, make([]byte, MaxCertificateSize)...), ErrTooLarge, "above"},
	} {
		certs, err := LoadCertificates(c.data)
		if certs != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) || len(err.Error()) > 200 {
			t.Errorf("%s: %d certificates, %v", c.name, len(certs), err)
		}
	}
	if _, err := ParsePEM(fixture(t, "p256-sha256.crt.der")); !errors.Is(err, ErrMalformed) {
		t.Errorf("DER as PEM: %v", err)
	}
	full := append(bytes.Repeat([]byte("\n"), MaxLoadSize-len(good)), good...)
	if certs, err := ParsePEM(full); err != nil || len(certs) != 1 {
		t.Errorf("MaxLoadSize bytes: %v", err)
	}
}

func TestCertificatePEMReadsAsItWasWritten(t *testing.T) {
	a, b := fixtureCert(t, "ed25519"), fixtureCert(t, "p384-sha384")
	certs, err := ParsePEM(CertificatePEM(a.Raw, b.Raw))
	if err != nil || len(certs) != 2 || !bytes.Equal(certs[0].Raw, a.Raw) || !bytes.Equal(certs[1].Raw, b.Raw) {
		t.Errorf("%d certificates, %v", len(certs), err)
	}
	if string(CertificatePEM(fixtureCert(t, "p256-sha256").Raw)) != string(fixture(t, "p256-sha256.crt.pem")) {
		t.Error("OpenSSL writes it otherwise")
	}
}

func FuzzLoadCertificates(f *testing.F) {
	f.Add(fixture(f, "p256-both.pem"))
	f.Add(fixture(f, "p256-sha256.crt.der"))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		certs, err := LoadCertificates(data)
		if (len(certs) == 0) == (err == nil) {
			t.Fatalf("%d certificates, %v", len(certs), err)
		}
	})
}
