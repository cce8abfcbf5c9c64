package tlstest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"smoltls/set"
	"smoltls/tlssock"
)

// Case is one way in which two ends must not come together, or must come apart.
type Case struct {
	// Name says what is wrong, such as "client certificate: expired".
	Name string
	// Finder is the end that must object.
	Finder tlssock.Role
	// Err is what errors.Is finds in the finder's error if that is smoltls; nil: the alert says it all.
	Err error
	// Alert is what the finder, if it is smoltls, sends and the other one gets. NoAlert: nobody sends one.
	Alert   tlssock.Alert
	NoAlert bool

	// Optional: some implementations, crypto/tls among them, do not look at this. An end that is not smoltls may let it
	// pass.
	Optional bool
	// OnlyOurs: it takes smoltls at both ends.
	OnlyOurs bool

	prepare func(*plan)
	run     func(*plan, *Outcome) // nil: the usual way
}

// Outcome is what became of a connection.
type Outcome struct {
	// ClientErr and ServerErr are the first error at either end, nil for none. A client of TLS 1.3 whose certificate is
	// refused hears of it when it reads.
	ClientErr, ServerErr error

	// Skipped: the case needs what one of the ends does not have (Case.OnlyOurs), and was not tried.
	Skipped bool

	ours [2]bool // the ends that are smoltls, by role
}

// err gives the error of an end.
func (o *Outcome) err(r tlssock.Role) error {
	if r == tlssock.RoleClient {
		return o.ClientErr
	}
	return o.ServerErr
}

// Run lets the two ends of o meet under the case's circumstances: a handshake, a question, an answer, an end in good
// order. It ends the test only when that can't be tried.
func (c Case) Run(t testing.TB, o Options) Outcome {
	t.Helper()
	if c.OnlyOurs && (o.Client != nil || o.Server != nil) {
		return Outcome{Skipped: true}
	}
	p := newPlan(t, o)
	if c.prepare != nil {
		c.prepare(p)
	}
	out := Outcome{ours: [2]bool{o.Client == nil, o.Server == nil}}
	if c.run != nil {
		c.run(p, &out)
	} else {
		p.converse(&out)
	}
	return out
}

// The conversation of [Case.Run].
const (
	question = "who is there?"
	answer   = "it is me"
)

// converse lets both ends do all that they do when nothing is wrong.
func (p *plan) converse(out *Outcome) {
	p.t.Helper()
	came, err := p.serve()
	if err != nil {
		p.t.Fatalf("tlstest: %v", err)
	}
	served := make(chan error)
	go func() { served <- p.attend(<-came, answerTo) }()
	client := p.dial()
	if p.meanwhile != nil {
		p.meanwhile(client)
	}
	out.ClientErr = p.attend(client, ask)
	out.ServerErr = <-served
}

// attend lets an end have its part of the conversation, if it has come so far.
func (p *plan) attend(e established, part func(net.Conn) error) error {
	if e.err != nil {
		return e.err
	}
	defer e.conn.Close()
	e.conn.SetDeadline(time.Now().Add(p.o.timeout()))
	return part(e.conn)
}

func ask(c net.Conn) error {
	// A write that fails has the reason less often than the read that follows: the alert may be there already.
	_, wrote := io.WriteString(c, question)
	if err := hear(c, answer); err != nil {
		return err
	}
	return wrote
}

func answerTo(c net.Conn) error {
	if err := hear(c, question); err != nil {
		return err
	}
	if _, err := io.WriteString(c, answer); err != nil {
		return err
	}
	rest, err := io.ReadAll(c) // until the client ends, in good order or with an alert
	if len(rest) > 0 {
		return fmt.Errorf("tlstest: after the question comes %q", rest)
	}
	return err
}

// hear reads what must come.
func hear(c net.Conn, want string) error {
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil {
		return err
	}
	if string(got) != want {
		return fmt.Errorf("tlstest: %q arrives, not %q", got, want)
	}
	return nil
}

// Check says what is not as it must be; nil: nothing. Of an end that is not smoltls it only wants to see that it has
// failed.
func (c Case) Check(o Outcome) error {
	if o.Skipped || c.Optional && !o.ours[c.Finder] && o.ClientErr == nil && o.ServerErr == nil {
		return nil
	}
	return errors.Join(c.checkFinder(&o), c.checkOther(&o))
}

func (c Case) checkFinder(o *Outcome) error {
	err := o.err(c.Finder)
	var alert *tlssock.AlertError
	switch {
	case err == nil:
		return fmt.Errorf("%s: the %v does not object", c.Name, c.Finder)
	case errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, set.ErrHandshakeTimeout):
		return fmt.Errorf("%s: the %v waits for ever: %w", c.Name, c.Finder, err)
	case !o.ours[c.Finder]:
		return nil
	case c.Err != nil && !errors.Is(err, c.Err):
		return fmt.Errorf("%s: the %v objects to something else: %w; must be: %w", c.Name, c.Finder, err, c.Err)
	case c.NoAlert:
		return nil
	case !errors.As(err, &alert) || alert.FromPeer || alert.Alert != c.Alert:
		return fmt.Errorf("%s: the %v must send %v: %w", c.Name, c.Finder, c.Alert, err)
	}
	return nil
}

func (c Case) checkOther(o *Outcome) error {
	role := other(c.Finder)
	err := o.err(role)
	var alert *tlssock.AlertError
	switch {
	case c.NoAlert:
		return nil
	case err == nil:
		return fmt.Errorf("%s: the %v does not hear of it", c.Name, role)
	case !o.ours[role]:
		return nil
	case !errors.As(err, &alert) || !alert.FromPeer:
		return fmt.Errorf("%s: the %v must get an alert: %w", c.Name, role, err)
	case o.ours[c.Finder] && alert.Alert != c.Alert:
		return fmt.Errorf("%s: the %v must get %v: %w", c.Name, role, c.Alert, err)
	}
	return nil
}
