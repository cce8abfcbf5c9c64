package x509lite

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestErrorsSayWhatAndWhere(t *testing.T) {
	pe := &ParseError{Field: "serialNumber", Offset: 13, Detail: "negative integer"}
	if got, want := pe.Error(), "x509lite: malformed serialNumber at byte 13: negative integer"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	cert := fixtureCert(t, "ed25519")
	for _, c := range []struct {
		err  *VerifyError
		want string
	}{
		{&VerifyError{Check: CheckChain, Err: ErrNoCertificate}, "x509lite: no certificate"},
		{&VerifyError{Check: CheckValidity, Cert: cert, Err: ErrExpired, Detail: "when"},
			`x509lite: certificate "O=smoltls tests, CN=ed25519": expired: when`},
		{&VerifyError{Check: CheckParse, Err: pe}, "x509lite: malformed serialNumber at byte 13: negative integer"},
		{&VerifyError{Check: CheckTrust, Err: ErrBadTrust, Cause: pe}, "x509lite: unusable trust: malformed serialNumber at byte 13: negative integer"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestErrorsAreFoundThroughEachOther(t *testing.T) {
	pe := &ParseError{Field: "f", Err: ErrTooLarge}
	ve := &VerifyError{Check: CheckSelfSignature, Err: ErrSelfSignature, Cause: pe}
	for _, target := range []error{ErrSelfSignature, ErrMalformed, ErrTooLarge} {
		if !errors.Is(ve, target) {
			t.Errorf("%v is not found", target)
		}
	}
	if errors.Is(ve, ErrExpired) || errors.Is(&ParseError{}, ErrTooLarge) || errors.Is(&VerifyError{Err: ErrExpired}, io.EOF) {
		t.Error("something is found that is not there")
	}
	var found *ParseError
	if !errors.As(ve, &found) || found != pe {
		t.Error("the cause is not found")
	}
}

func TestEveryCheckHasAName(t *testing.T) {
	seen := map[string]bool{}
	for c := CheckTrust; c <= CheckSignature; c++ {
		if s := c.String(); s == "" || strings.HasPrefix(s, "check ") || seen[s] {
			t.Errorf("check %d is called %q", c, s)
		} else {
			seen[s] = true
		}
	}
	for _, c := range []Check{0, CheckSignature + 1, 255} {
		if !strings.HasPrefix(c.String(), "check ") {
			t.Errorf("check %d is called %q", uint8(c), c)
		}
	}
}
