package cli

import (
	"encoding/pem"
	"errors"
	"os"
	"strings"

	"smoltls/x509lite"
)

// ErrNoSystemRoots says that the system has no file of authorities that we know of.
var ErrNoSystemRoots = errors.New("the system's authorities were not found")

// systemRootFiles are where systems keep the authorities that they trust, in one file of PEM: Debian and its like,
// Fedora, openSUSE, Alpine, the BSDs and macOS.
var systemRootFiles = []string{
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
	"/usr/local/share/certs/ca-root-nss.crt",
}

// SystemRoots are the authorities that the system trusts: those in the file that the environment variable SSL_CERT_FILE
// names, or else in the first of the usual ones. One that can't be read is left out, for the user did not choose it:
// who is certified by it is not accepted.
func SystemRoots() (*x509lite.Trust, error) {
	files := systemRootFiles
	if named := os.Getenv("SSL_CERT_FILE"); named != "" {
		files = []string{named}
	}
	return rootsOf(files)
}

func rootsOf(files []string) (*x509lite.Trust, error) {
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		var certs []*x509lite.Certificate
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			if r, err := x509lite.LoadRoots(block.Bytes); err == nil && block.Type == "CERTIFICATE" {
				certs = append(certs, r.Certificates()...)
			}
		}
		if len(certs) > 0 {
			return x509lite.PathTo(x509lite.NewRoots(certs...)), nil
		}
	}
	return nil, &os.PathError{Op: "read", Path: strings.Join(files, ", "), Err: ErrNoSystemRoots}
}
