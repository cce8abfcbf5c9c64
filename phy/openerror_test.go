package phy

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestEveryOpenErrorSaysWhatToDoInOneLine(t *testing.T) {
	for reason, what := range advice {
		e := &OpenError{Medium: MediumIP, Name: "tun9", Reason: reason, Err: fs.ErrInvalid}
		s := e.Error()
		if !strings.HasPrefix(s, "phy: open TUN tun9: ") || !strings.HasSuffix(s, "; "+what) || strings.Contains(s, "\n") {
			t.Errorf("%q", s)
		}
		if !errors.Is(e, reason) || !errors.Is(e, fs.ErrInvalid) {
			t.Errorf("%q hides its causes", s)
		}
	}
	if s := (&OpenError{Medium: MediumEthernet, Err: fs.ErrInvalid}).Error(); s != "phy: open TAP: invalid argument" {
		t.Errorf("%q", s)
	}
}
