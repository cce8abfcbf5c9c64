package x509lite

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/internal/nstest"
)

// openssl runs the program and returns what it prints.
func openssl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command(nstest.Program(t, "openssl"), args...).CombinedOutput()
	if err != nil {
		t.Errorf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestOpenSSLAcceptsWhatIsMadeHere(t *testing.T) {
	dir := t.TempDir()
	for _, typ := range []KeyType{RSA, RSAPSS, ECDSAP256, ECDSAP384, Ed25519Key} {
		for _, ca := range []bool{false, true} {
			id := mustSelfSigned(t, SelfSignedOptions{Now: time.Now(), KeyType: typ, IsCA: ca, Names: []string{"a.example", "192.0.2.7"}})
			keyPEM, err := id.PrivateKeyPEM()
			if err != nil {
				t.Fatal(err)
			}
			cert, key := filepath.Join(dir, "crt.pem"), filepath.Join(dir, "key.pem")
			if err := os.WriteFile(cert, id.CertificatePEM(), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(key, keyPEM, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, purpose := range []string{"sslserver", "sslclient"} {
				openssl(t, "verify", "-x509_strict", "-check_ss_sig", "-CAfile", cert, "-purpose", purpose, "-verify_hostname", "a.example", cert)
			}
			openssl(t, "verify", "-CAfile", cert, "-verify_ip", "192.0.2.7", cert)
			openssl(t, "pkey", "-in", key, "-check", "-noout")
			ofCert, ofKey := openssl(t, "x509", "-in", cert, "-noout", "-pubkey"), openssl(t, "pkey", "-in", key, "-pubout")
			if ofCert != ofKey && typ != RSAPSS { // whose key is written as rsaEncryption
				t.Errorf("%v: certificate's key\n%s, private key's\n%s", typ, ofCert, ofKey)
			}
		}
	}
}
