package tlssock

import (
	"crypto/tls"

	"smoltls/x509lite"
)

// Certificates gives identities in the form of [Config].Certificates, which is crypto/tls's. The chains are those of
// the identities, not copies; a nil identity is left out.
func Certificates(identities ...*x509lite.Identity) []tls.Certificate {
	certs := make([]tls.Certificate, 0, len(identities))
	for _, id := range identities {
		if id != nil {
			certs = append(certs, tls.Certificate{Certificate: id.Chain, PrivateKey: id.Key})
		}
	}
	return certs
}
