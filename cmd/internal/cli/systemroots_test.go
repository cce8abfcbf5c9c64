package cli

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"smoltls/x509lite"
)

func TestSystemRootsAreThoseThatCanBeRead(t *testing.T) {
	authority, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"server.example"}})
	if err != nil {
		t.Fatal(err)
	}
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	text := append([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n# a comment\n"), authority.CertificatePEM()...)
	if err := os.WriteFile(bundle, text, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", bundle)
	trust, err := SystemRoots()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Verify([][]byte{authority.Leaf.Raw}, x509lite.VerifyOptions{Now: time.Now(), Name: "server.example"}); err != nil {
		t.Error(err)
	}
	t.Setenv("SSL_CERT_FILE", filepath.Join(t.TempDir(), "absent"))
	if _, err := SystemRoots(); !errors.Is(err, ErrNoSystemRoots) {
		t.Error(err)
	}
}

func TestTheSystemsOwnRootsAreRead(t *testing.T) {
	t.Setenv("SSL_CERT_FILE", "")
	if _, err := os.Stat(systemRootFiles[0]); err != nil {
		t.Skip("this system keeps none in that place")
	}
	if _, err := SystemRoots(); err != nil {
		t.Error(err)
	}
}
