package main

import (
	"errors"
	"testing"

	"smoltls/tlssock"
)

// What is resumed is verified again on request only, and what is not accepted early by the flags of the retry.
func TestAResumedPeerIsVerifiedAgainOnRequest(t *testing.T) {
	for _, c := range []struct {
		args []string
		cs   tlssock.ConnectionState
		want error
	}{
		{[]string{"-on-resume-verify-fail", "-use-custom-verify-callback"}, tlssock.ConnectionState{DidResume: true}, nil},
		{[]string{"-on-resume-verify-fail", "-use-custom-verify-callback", "-reverify-on-resume"}, tlssock.ConnectionState{DidResume: true}, errVerify},
		{[]string{"-on-retry-verify-fail", "-use-custom-verify-callback", "-reverify-on-resume"}, tlssock.ConnectionState{DidResume: true}, nil},
		{[]string{"-on-retry-verify-fail", "-use-custom-verify-callback", "-reverify-on-resume"}, tlssock.ConnectionState{DidResume: true, EarlyData: tlssock.EarlyDataDeclined}, errVerify},
		{[]string{"-on-retry-verify-fail", "-use-custom-verify-callback"}, tlssock.ConnectionState{EarlyData: tlssock.EarlyDataNotResumed}, errVerify},
	} {
		o, err := parseFlags(c.args)
		if err != nil {
			t.Fatal(err)
		}
		s := newShim(o)
		if err := s.verifies(&s.options[resume])(c.cs); !errors.Is(err, c.want) {
			t.Errorf("%v, %+v: %v", c.args, c.cs, err)
		}
	}
}
