package tlssock

import (
	"crypto/tls"
	"errors"
	"fmt"
	"testing"

	"smoltls/tlssock/internal/kex"
	"smoltls/x509lite"
)

func TestAlertForErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Alert
	}{
		{&x509lite.VerifyError{Check: x509lite.CheckPin, Err: x509lite.ErrNotPinned}, AlertUnknownCA},
		{&x509lite.VerifyError{Check: x509lite.CheckValidity, Err: x509lite.ErrExpired}, AlertCertificateExpired},
		{&x509lite.VerifyError{Check: x509lite.CheckParse, Err: x509lite.ErrMalformed, Cause: &x509lite.ParseError{Err: x509lite.ErrTooLarge}}, AlertBadCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckSelfSignature, Err: x509lite.ErrSelfSignature}, AlertBadCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckSelfSignature, Err: x509lite.ErrSelfSignature, Cause: x509lite.ErrUnsupportedKey}, AlertUnsupportedCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckPath, Err: x509lite.ErrUnknownAuthority, Cause: &x509lite.ParseError{}}, AlertUnknownCA},
		{&x509lite.VerifyError{Check: x509lite.CheckPath, Err: x509lite.ErrTooLarge}, AlertBadCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckSignature, Err: x509lite.ErrSignature}, AlertBadCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckSignature, Err: x509lite.ErrSignature, Cause: x509lite.ErrUnsupportedSignature}, AlertUnsupportedCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckAuthority, Err: x509lite.ErrNotAuthority}, AlertBadCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckPathLength, Err: x509lite.ErrPathLength}, AlertBadCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckNameConstraints, Err: x509lite.ErrNameConstraint}, AlertBadCertificate},
		{&x509lite.VerifyError{Check: x509lite.CheckPolicy, Err: x509lite.ErrPolicy}, AlertBadCertificate},
		{fmt.Errorf("more: %w", kex.ErrZero), AlertIllegalParameter},
		{kex.ErrEntropy, AlertInternalError},
		{errors.New("anything"), AlertInternalError},
	} {
		if got := alertFor(c.err); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}

func TestAlertForCallback(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Alert
	}{
		{tls.AlertError(48), AlertUnknownCA}, {x509lite.ErrExpired, AlertCertificateExpired}, {errors.New("no"), AlertBadCertificate},
	} {
		if got := alertForCallback(c.err); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}

// A callback that names close_notify or user_canceled refuses all the same, and the peer must not hear of it as of an
// end without error (RFC 8446 §6.1).
func TestNoErrorOfACallbackIsACleanEnd(t *testing.T) {
	for _, named := range []tls.AlertError{tls.AlertError(AlertCloseNotify), tls.AlertError(AlertUserCanceled)} {
		p := newPair(t, func(_, s *Config) { s.VerifyConnection = func(ConnectionState) error { return named } })
		p.handshake()
		p.wantAlert(p.server, AlertBadCertificate)
		p = newPair(t, func(_, s *Config) {
			s.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, named }
		})
		p.handshake()
		p.wantAlert(p.server, AlertInternalError)
	}
}
