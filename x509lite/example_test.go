package x509lite_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"smoltls/x509lite"
)

// Two ends that know each other: the server's certificate is made once, the client pins it.
func Example() {
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	server, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"device-7.example"}})
	if err != nil {
		log.Fatal(err)
	}
	trust := x509lite.Pin(server.Leaf)
	if err := trust.Err(); err != nil {
		log.Fatal(err)
	}

	// What arrives in the handshake is the chain, in DER.
	verify := func(now time.Time, name string) {
		leaf, err := trust.Verify(server.Chain, x509lite.VerifyOptions{Now: now, Name: name})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("accepted", leaf.Subject(), leaf.KeyType)
	}
	verify(now, "device-7.example")
	verify(now, "device-8.example")
	verify(now.AddDate(20, 0, 0), "device-7.example")
	// Output:
	// accepted CN=device-7.example ECDSA P-256
	// x509lite: certificate "CN=device-7.example": name mismatch: asked for "device-8.example", it is for "device-7.example"
	// x509lite: certificate "CN=device-7.example": expired: not valid after 2036-06-28T12:00:00Z, it is 2046-07-01T12:00:00Z
}

// A key that is pinned survives the renewal of its certificate.
func ExamplePinSPKI() {
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	first, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, NotAfter: now.AddDate(0, 1, 0)})
	if err != nil {
		log.Fatal(err)
	}
	trust := x509lite.PinSPKI(first.Leaf.SPKIHash())

	later := now.AddDate(0, 2, 0)
	renewed, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: later, Key: first.Key})
	if err != nil {
		log.Fatal(err)
	}
	_, err = trust.Verify(first.Chain, x509lite.VerifyOptions{Now: later})
	fmt.Println("first:", errors.Is(err, x509lite.ErrExpired))
	_, err = trust.Verify(renewed.Chain, x509lite.VerifyOptions{Now: later})
	fmt.Println("renewed:", err)
	// Output:
	// first: true
	// renewed: <nil>
}

// The error says which check failed.
func ExampleVerifyError() {
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	client, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, CommonName: "pump", ExtKeyUsage: x509lite.ExtClientAuth})
	if err != nil {
		log.Fatal(err)
	}
	_, err = x509lite.Pin(client.Leaf).Verify(client.Chain, x509lite.VerifyOptions{Now: now, Role: x509lite.RoleServer})
	var failed *x509lite.VerifyError
	if errors.As(err, &failed) {
		fmt.Println(failed.Check)
		fmt.Println(failed.Cert.Subject())
		fmt.Println(failed.Detail)
	}
	// Output:
	// extended key usage
	// CN=pump
	// a server needs one of anyExtendedKeyUsage, serverAuth, it has clientAuth
}

// An identity is kept as two PEM texts and loaded again.
func ExampleLoadIdentity() {
	made, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{
		Now: time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC), KeyType: x509lite.Ed25519Key, CommonName: "pump",
	})
	if err != nil {
		log.Fatal(err)
	}
	certPEM := made.CertificatePEM()
	keyPEM, err := made.PrivateKeyPEM()
	if err != nil {
		log.Fatal(err)
	}

	loaded, err := x509lite.LoadIdentity(certPEM, keyPEM)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(loaded.Leaf.Subject(), loaded.Leaf.KeyType, loaded.Leaf.Fingerprint() == made.Leaf.Fingerprint())

	other, err := x509lite.GenerateKey(x509lite.Ed25519Key, 0, nil)
	if err != nil {
		log.Fatal(err)
	}
	_, err = x509lite.NewIdentity(other, loaded.Leaf)
	fmt.Println(err)
	// Output:
	// CN=pump Ed25519 true
	// x509lite: private key does not fit the certificate "CN=pump" (Ed25519)
}

// What Parse says of something that is not strict DER.
func ExampleParse() {
	der, err := hex.DecodeString("3003020200")
	if err != nil {
		log.Fatal(err)
	}
	_, err = x509lite.Parse(der)
	fmt.Println(err)
	fmt.Println(errors.Is(err, x509lite.ErrMalformed))
	// Output:
	// x509lite: malformed tbsCertificate at byte 2: tag 0x02 where 0x30 belongs
	// true
}

// Whoever an authority has certified is accepted, for the name that is asked for.
func ExamplePathTo() {
	file, err := os.ReadFile("../testdata/x509/pathlen.crt.pem")
	if err != nil {
		log.Fatal(err)
	}
	roots, err := x509lite.LoadRoots(file)
	if err != nil {
		log.Fatal(err)
	}
	file, err = os.ReadFile("../testdata/x509/issued.crt.pem")
	if err != nil {
		log.Fatal(err)
	}
	certs, err := x509lite.LoadCertificates(file)
	if err != nil {
		log.Fatal(err)
	}

	trust := x509lite.PathTo(roots)
	now := time.Date(2100, 3, 4, 5, 6, 7, 0, time.UTC)
	_, path, err := trust.VerifyPath([][]byte{certs[0].Raw}, x509lite.VerifyOptions{Now: now, Role: x509lite.RoleServer})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range path {
		fmt.Println(c.Subject())
	}
	// Output:
	// CN=issued
	// O=smoltls tests, CN=pathlen
}
