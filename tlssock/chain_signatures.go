package tlssock

import (
	"bytes"
	"crypto/tls"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// schemesOfSignature are the code points that a signature in a certificate goes by (RFC 8446 §4.2.3). Which of the two
// of RSA-PSS it is, is a matter of the issuer's key, which need not be at hand.
var schemesOfSignature = map[x509lite.SignatureAlgorithm][]tls.SignatureScheme{
	x509lite.SHA256WithRSA:    {tls.PKCS1WithSHA256},
	x509lite.SHA384WithRSA:    {tls.PKCS1WithSHA384},
	x509lite.SHA512WithRSA:    {tls.PKCS1WithSHA512},
	x509lite.SHA256WithRSAPSS: {tls.PSSWithSHA256, pssPSSWithSHA256},
	x509lite.SHA384WithRSAPSS: {tls.PSSWithSHA384, pssPSSWithSHA384},
	x509lite.SHA512WithRSAPSS: {tls.PSSWithSHA512, pssPSSWithSHA512},
	x509lite.ECDSAWithSHA256:  {tls.ECDSAWithP256AndSHA256},
	x509lite.ECDSAWithSHA384:  {tls.ECDSAWithP384AndSHA384},
	x509lite.ECDSAWithSHA512:  {tls.ECDSAWithP521AndSHA512},
	x509lite.Ed25519:          {tls.Ed25519},
	x509lite.Ed448:            {signEd448},
	x509lite.MLDSA44:          {signMLDSA44},
	x509lite.MLDSA65:          {signMLDSA65},
	x509lite.MLDSA87:          {signMLDSA87},
}

// noteSignature adds the signature of a certificate of the chain to those that a peer must be able to check. That of a
// certificate which names itself as its issuer is none (RFC 8446 §4.4.2.2).
func (id *identity) noteSignature(c *x509lite.Certificate) {
	if !bytes.Equal(c.RawIssuer, c.RawSubject) {
		id.signatures = append(id.signatures, schemesOfSignature[c.SignatureAlgorithm])
	}
}

// checkable reports whether a peer that accepts the listed schemes in certificates can check every signature of the
// chain.
func (id *identity) checkable(accepted wire.Uint16s) bool {
	for _, schemes := range id.signatures {
		found := false
		for _, s := range schemes {
			found = found || accepted.Contains(uint16(s))
		}
		if !found {
			return false
		}
	}
	return true
}

// inCertificates is the list of schemes that a peer accepts in certificates: signature_algorithms, where
// signature_algorithms_cert is not there (RFC 8446 §4.2.3).
func inCertificates(has wire.ExtensionSet, schemes, cert wire.Uint16s) wire.Uint16s {
	if has.Has(wire.ExtSignatureAlgorithmsCert) {
		return cert
	}
	return schemes
}

// rank says how well one of a server's identities goes with a ClientHello: what is for the name before what is issued
// by an authority that the client names, and that before a chain whose signatures it can check. None of it keeps an
// identity from being presented (RFC 8446 §4.4.2.2).
func (id *identity) rank(msg *wire.ClientHello, named bool) (rank int) {
	if named || id.leaf == nil { // a raw public key goes with every name
		rank |= 4
	}
	if id.issuedBy(msg.CertificateAuthorities) {
		rank |= 2
	}
	if id.checkable(inCertificates(msg.Has, msg.SignatureAlgorithms, msg.SignatureAlgorithmsCert)) {
		rank |= 1
	}
	return rank
}
