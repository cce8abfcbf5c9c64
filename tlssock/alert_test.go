package tlssock

import (
	"errors"
	"strings"
	"testing"
)

func TestAlertNames(t *testing.T) {
	if AlertCertificateRequired.String() != "certificate_required" || Alert(200).String() != "alert(200)" {
		t.Error(AlertCertificateRequired, Alert(200))
	}
	if len(alertNames) != 28 { // RFC 8446 §6, RFC 9849 §11.2
		t.Errorf("%d alerts have names", len(alertNames))
	}
}

func TestAlertErrorSaysWhoAndWhy(t *testing.T) {
	reason := errors.New("the reason")
	for _, c := range []struct {
		err  AlertError
		want []string
	}{
		{AlertError{Alert: AlertDecodeError, FromPeer: true}, []string{"peer sent", "decode_error"}},
		{AlertError{Alert: AlertDecodeError, Err: reason}, []string{"the reason", "sent alert decode_error"}},
		{AlertError{Alert: AlertDecodeError}, []string{"sent alert decode_error"}},
	} {
		for _, w := range c.want {
			if !strings.Contains(c.err.Error(), w) {
				t.Errorf("%q does not say %q", c.err.Error(), w)
			}
		}
	}
	if !errors.Is(&AlertError{Err: reason}, reason) {
		t.Error("the reason is not found")
	}
}
