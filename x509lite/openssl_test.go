package x509lite

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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

// otherwiseInOpenSSL are the cases in which OpenSSL, or some versions of it, say something else. It refuses less than
// is refused here, but for the last.
var otherwiseInOpenSSL = map[string]string{
	"wildcard that has an excluded name in it":                 "it compares the name as it is spelled",
	"DNS name that is none":                                    "the same",
	"DNS constraint that is none":                              "the same",
	"excluded address in another dress":                        "addresses of four octets are not those of sixteen",
	"excluded mailbox in another dress":                        "quotes are a part of the mailbox",
	"excluded internationalised mailbox":                       "a domain with a dot before it is none there",
	"internationalised mailbox with a host that is no A-label": "it converts it",
	"internationalised mailbox that is none":                   "it may pass it over",
	"mailbox in the subject, beside names":                     "it looks at those too, which RFC 5280 §4.2.1.10 asks for when there are no other names",
}

// RFC 5280 §4.2.1.10 as somebody else reads it.
func TestOpenSSLConstrainsNamesAsIsDoneHere(t *testing.T) {
	program, dir := nstest.Program(t, "openssl"), t.TempDir()
	file := func(name string, c *holder) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, CertificatePEM(c.Raw), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	same := 0
	for _, c := range nameCases() {
		root := issued(t, "root", nil, authority)
		upper := issued(t, "upper", root, changes(authority, c.by))
		leaf := issued(t, "leaf", upper, c.leaf)
		out, err := exec.Command(program, "verify", "-attime", strconv.FormatInt(testNow.Unix(), 10), "-CAfile", file("root", root), "-untrusted", file("upper", upper),
			file("leaf", leaf)).CombinedOutput()
		if (err == nil) == (c.wrong == "") {
			same++
		} else if otherwiseInOpenSSL[c.name] == "" {
			t.Errorf("%s: openssl says %v: %s", c.name, err, out)
		}
	}
	if all := len(nameCases()); same < all-len(otherwiseInOpenSSL) {
		t.Errorf("%d of %d", same, all)
	}
}
