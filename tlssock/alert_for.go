package tlssock

import (
	"crypto/tls"
	"errors"

	"smoltls/tlssock/internal/ech"
	"smoltls/tlssock/internal/kex"
	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// alertTable says which alert tells the peer of an error that comes from a package below or from a callback. The first
// row that errors.Is finds counts. What a state finds itself carries its alert from there.
//
// Certificates (RFC 8446 §6.2):
//
//	not pinned, nor its key; no path to a root;             unknown_ca
//	  our own Trust is unusable
//	no well-formed DER                                      decode_error
//	expired, not yet valid                                  certificate_expired
//	signature invalid, weak signature or key,               bad_certificate
//	  name mismatch, too many certificates,
//	  an authority that may not certify this
//	key or signature algorithm unsupported, key usage,      unsupported_certificate
//	  extended key usage, unknown critical extension
//	none where there must be one                            certificate_required (server)
var alertTable = []struct {
	err   error
	alert Alert
}{
	{wire.ErrOrder, AlertIllegalParameter},
	{wire.ErrValue, AlertIllegalParameter},
	{wire.ErrSyntax, AlertDecodeError},
	{wire.ErrDuplicate, AlertDecodeError},
	{wire.ErrTooMany, AlertDecodeError},
	{wire.ErrAlert, AlertDecodeError},

	{ech.ErrConfigList, AlertDecodeError},
	{ech.ErrInner, AlertIllegalParameter},
	{ech.ErrPadding, AlertIllegalParameter},
	{ech.ErrOuterExtensions, AlertIllegalParameter},
	{ech.ErrDecrypt, AlertDecryptError},

	{suite.ErrBadRecordMAC, AlertBadRecordMAC},
	{suite.ErrRecordOverflow, AlertRecordOverflow},
	{suite.ErrNoContent, AlertUnexpectedMessage},
	{suite.ErrRecordLength, AlertDecodeError},
	{kex.ErrShare, AlertIllegalParameter},

	{x509lite.ErrNoCertificate, AlertCertificateRequired},
	{x509lite.ErrNotPinned, AlertUnknownCA},
	{x509lite.ErrBadTrust, AlertUnknownCA},
	{x509lite.ErrUnknownAuthority, AlertUnknownCA},
	{x509lite.ErrExpired, AlertCertificateExpired},
	{x509lite.ErrNotYetValid, AlertCertificateExpired},
	{x509lite.ErrUnknownCritical, AlertUnsupportedCertificate},
	{x509lite.ErrKeyUsage, AlertUnsupportedCertificate},
	{x509lite.ErrExtKeyUsage, AlertUnsupportedCertificate},
	{x509lite.ErrWeakKey, AlertBadCertificate},
	{x509lite.ErrWeakSignature, AlertBadCertificate},
	{x509lite.ErrUnsupportedKey, AlertUnsupportedCertificate},
	{x509lite.ErrUnsupportedSignature, AlertUnsupportedCertificate},
	{x509lite.ErrSelfSignature, AlertBadCertificate},
	{x509lite.ErrSignature, AlertBadCertificate},
	{x509lite.ErrNotAuthority, AlertBadCertificate},
	{x509lite.ErrPathLength, AlertBadCertificate},
	{x509lite.ErrNameConstraint, AlertBadCertificate},
	{x509lite.ErrPolicy, AlertBadCertificate},
	{x509lite.ErrNameMismatch, AlertBadCertificate},
	{x509lite.ErrTooLarge, AlertBadCertificate},
	{x509lite.ErrMalformed, AlertDecodeError},
}

// alertFor is the table, with internal_error for what is not the peer's doing.
func alertFor(err error) Alert {
	for i := range alertTable {
		if errors.Is(err, alertTable[i].err) {
			return alertTable[i].alert
		}
	}
	return AlertInternalError
}

// alertForCallback is the alert for an error that VerifyConnection returns: the one it names by a
// crypto/tls.AlertError, or that of the table, or bad_certificate.
func alertForCallback(err error) Alert {
	a := alertFor(err)
	if a == AlertInternalError {
		a = AlertBadCertificate
	}
	return alertNamed(err, a)
}

// alertNamed is the alert that an error of a callback names by a crypto/tls.AlertError, or another one. It is never one
// by which the peer would take a refusal for a clean end.
func alertNamed(err error, otherwise Alert) Alert {
	var named tls.AlertError
	if errors.As(err, &named) && levelOf(Alert(named)) == wire.LevelFatal {
		return Alert(named)
	}
	return otherwise
}
