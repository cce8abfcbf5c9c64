package tlstest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"smoltls/tlssock"
)

func TestCheckSaysWhatIsNotAsItMustBe(t *testing.T) {
	wrong := errors.New("wrong")
	c := Case{Name: "x", Finder: server, Err: wrong, Alert: tlssock.AlertUnknownCA}
	sent := func(a tlssock.Alert, err error) error { return &tlssock.AlertError{Alert: a, Err: err} }
	got := func(a tlssock.Alert) error {
		return fmt.Errorf("read: %w", &tlssock.AlertError{Alert: a, FromPeer: true})
	}
	right := Outcome{ClientErr: got(tlssock.AlertUnknownCA), ServerErr: sent(tlssock.AlertUnknownCA, wrong), ours: [2]bool{true, true}}
	if err := c.Check(right); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Outcome){
		"server does not object":       func(o *Outcome) { o.ServerErr = nil },
		"objects to something else":    func(o *Outcome) { o.ServerErr = sent(tlssock.AlertUnknownCA, io.EOF) },
		"server must send unknown_ca":  func(o *Outcome) { o.ServerErr = sent(tlssock.AlertBadCertificate, wrong) },
		"server waits for ever":        func(o *Outcome) { o.ServerErr = os.ErrDeadlineExceeded },
		"client does not hear of it":   func(o *Outcome) { o.ClientErr = nil },
		"client must get an alert":     func(o *Outcome) { o.ClientErr = io.ErrUnexpectedEOF },
		"client must get unknown_ca":   func(o *Outcome) { o.ClientErr = got(tlssock.AlertDecodeError) },
		"must get an alert: read: tls": func(o *Outcome) { o.ClientErr = fmt.Errorf("read: %w", sent(tlssock.AlertUnknownCA, wrong)) },
	} {
		o := right
		change(&o)
		if err := c.Check(o); err == nil || !strings.Contains(err.Error(), want) {
			if want != "must get an alert: read: tls" || err == nil {
				t.Errorf("%v, not %q", err, want)
			}
		}
	}

	foreign := right
	foreign.ours = [2]bool{true, false}
	foreign.ServerErr, foreign.ClientErr = io.ErrClosedPipe, got(tlssock.AlertHandshakeFailure)
	if err := c.Check(foreign); err != nil {
		t.Errorf("a server of somebody else's: %v", err)
	}
	foreign.ServerErr = nil
	if c.Check(foreign) == nil {
		t.Error("a server of somebody else's does not object")
	}
	c.Optional = true
	if c.Check(foreign) == nil {
		t.Error("the client fails, so the case was not passed over")
	}
	foreign.ClientErr = nil
	if err := c.Check(foreign); err != nil {
		t.Errorf("it may pass it over: %v", err)
	}
	if err := c.Check(Outcome{Skipped: true}); err != nil {
		t.Error(err)
	}
}

// A handshake that nobody answers ends, with an error that is no verdict.
func TestAnEndThatHangsIsNotAnEndThatObjects(t *testing.T) {
	var c Case
	for _, c = range Cases() {
		if c.Name == "client certificate: expired" {
			break
		}
	}
	out := Outcome{ServerErr: fmt.Errorf("accept: %w", errors.Join(context.DeadlineExceeded, os.ErrDeadlineExceeded)), ClientErr: io.EOF}
	if err := c.Check(out); err == nil || !strings.Contains(err.Error(), "waits for ever") {
		t.Errorf("%v", err)
	}
}
