package simnet

import (
	"crypto/tls"
	"errors"
	"io"
	"strings"
	"testing"

	"smoltls/tcp"
	"smoltls/tlssock"
)

// fakeConn is a socket whose peer's bytes lie ready, and which takes so many bytes at a time.
type fakeConn struct {
	in      []byte
	eof     bool
	takes   int
	out     []byte
	err     error
	opened  bool
	closed  int
	aborted bool

	asked   []tls.ClientAuthType
	cantAsk error
	answers []tlssock.ClientCertificateAnswer
}

func (c *fakeConn) early([]byte) (int, error) { return 0, tcp.ErrWouldBlock }
func (c *fakeConn) update(bool) error         { return nil }

func (c *fakeConn) ask(policy tls.ClientAuthType) (uint32, error) {
	c.asked = append(c.asked, policy)
	return uint32(len(c.asked)), c.cantAsk
}

func (c *fakeConn) answer() (a tlssock.ClientCertificateAnswer, ok bool) {
	if len(c.answers) == 0 {
		return a, false
	}
	a, c.answers = c.answers[0], c.answers[1:]
	return a, true
}

func (c *fakeConn) TryRead(p []byte) (int, error) {
	n := copy(p, c.in)
	c.in = c.in[n:]
	if n == 0 {
		_, err := c.peek()
		return 0, err
	}
	return n, nil
}

func (c *fakeConn) TryWrite(p []byte) (int, error) {
	n := min(len(p), c.takes)
	c.takes -= n
	c.out = append(c.out, p[:n]...)
	if n < len(p) {
		return n, tcp.ErrWouldBlock
	}
	return n, nil
}

func (c *fakeConn) peek() ([]byte, error) {
	switch {
	case len(c.in) > 0:
		return c.in, nil
	case c.err != nil:
		return nil, c.err
	case c.eof:
		return nil, io.EOF
	}
	return nil, tcp.ErrWouldBlock
}

func (c *fakeConn) reserve(int) ([]byte, error) {
	if c.takes == 0 {
		return nil, tcp.ErrWouldBlock
	}
	return append(c.out, make([]byte, c.takes)...)[len(c.out):], nil
}

func (c *fakeConn) Commit(n int) error {
	c.out = c.out[:len(c.out)+n]
	c.takes -= n
	return nil
}

func (c *fakeConn) discard(n int)     { c.in = c.in[n:] }
func (c *fakeConn) open() bool        { return c.opened }
func (c *fakeConn) CloseWrite() error { c.closed++; return nil }
func (c *fakeConn) Close() error      { c.closed += 10; return nil }
func (c *fakeConn) Abort()            { c.aborted = true }
func (c *fakeConn) Err() error        { return c.err }
func (c *fakeConn) tell() string      { return "a fake" }

// newEndpoint makes an endpoint on a socket of its own.
func newEndpoint(c *fakeConn, h Habits, steps ...Step) *Endpoint {
	l := NewLab(1)
	e := &Endpoint{st: &Station{lab: l}, conn: c, script: steps, habits: h, in: NewStream(1), out: NewStream(2), name: "it"}
	l.begin(e)
	return e
}

func TestAnEndpointFollowsItsScriptAsFarAsItsSocketLets(t *testing.T) {
	for _, h := range []Habits{{}, {Chunk: 7}} {
		c := &fakeConn{}
		e := newEndpoint(c, h, Step{Write: 100, Read: 50}, Step{CloseWrite: true, Read: ToEOF})
		if e.advance(); e.begun {
			t.Fatal("began before the connection was open")
		}
		c.opened, c.takes = true, 60
		if e.advance(); e.Sent != 60 || e.Done {
			t.Fatalf("%v", e)
		}
		c.in = make([]byte, 80)
		NewStream(1).Fill(c.in, 0)
		if e.advance(); e.Received != 50 || c.closed != 0 {
			t.Fatalf("after what the step reads: %v", e)
		}
		c.takes = 1000
		if e.advance(); e.Sent != 100 || e.Received != 80 || c.closed != 1 || NewStream(2).Check(c.out, 0) >= 0 {
			t.Fatalf("in the last step: %v", e)
		}
		c.eof = true
		if e.advance(); !e.Done || e.Err != nil || !e.EOF || c.closed != 11 || e.st.lab.open != 0 {
			t.Errorf("at the end: %v", e)
		}
	}
}

func TestAnEndpointThatCopiesNothing(t *testing.T) {
	c := &fakeConn{opened: true, takes: 30, in: make([]byte, 40), out: make([]byte, 0, 100)}
	NewStream(1).Fill(c.in, 0)
	e := newEndpoint(c, Habits{ZeroCopy: true}, Step{Write: 50, Read: 40})
	if e.advance(); e.Sent != 30 || e.Received != 40 || len(c.in) != 0 {
		t.Fatalf("%v", e)
	}
	c.takes = 20
	if e.advance(); !e.Done || NewStream(2).Check(c.out, 0) >= 0 || len(c.out) != 50 {
		t.Errorf("%v, %d bytes", e, len(c.out))
	}
}

func TestAWrongByteIsFoundHoweverItIsRead(t *testing.T) {
	for _, h := range []Habits{{}, {ZeroCopy: true}} {
		c := &fakeConn{opened: true, in: make([]byte, 100)}
		NewStream(1).Fill(c.in, 0)
		c.in[42] ^= 1
		e := newEndpoint(c, h, Step{Read: ToEOF})
		e.advance()
		if !errors.Is(e.Err, ErrCorrupt) || !strings.Contains(e.Err.Error(), "offset 42") || e.st.lab.corrupt != e {
			t.Errorf("%v", e)
		}
	}
}

func TestAnEndpointSaysWhyItGaveUp(t *testing.T) {
	early := newEndpoint(&fakeConn{opened: true, eof: true}, Habits{}, Step{Read: 1})
	broken := newEndpoint(&fakeConn{opened: true, err: tcp.ErrReset}, Habits{}, Step{Read: 1})
	refused := newEndpoint(&fakeConn{err: tcp.ErrRefused}, Habits{}, Step{Read: 1})
	for want, e := range map[error]*Endpoint{io.ErrUnexpectedEOF: early, tcp.ErrReset: broken, tcp.ErrRefused: refused} {
		e.advance()
		if !e.Done || !errors.Is(e.Err, want) || !strings.Contains(e.String(), want.Error()) {
			t.Errorf("%v, want %v", e, want)
		}
	}
}

func TestAnEndpointAbortsWhenItsScriptSays(t *testing.T) {
	c := &fakeConn{opened: true, takes: 10}
	e := newEndpoint(c, Habits{}, Step{Write: 10, Abort: true}, Step{Write: 10})
	e.advance()
	if !c.aborted || !e.Aborted || !e.Done || e.Sent != 10 {
		t.Errorf("%v", e)
	}
}

func TestAnEndpointPauses(t *testing.T) {
	c := &fakeConn{opened: true, takes: 10}
	e := newEndpoint(c, Habits{}, Step{Pause: 5, Write: 10})
	for range 3 {
		if e.advance(); e.Sent != 0 {
			t.Fatal("wrote in its sleep")
		}
	}
	e.st.lab.now = 5
	e.st.lab.deliver()
	if e.advance(); e.Sent != 10 || len(e.st.due) != 2 {
		t.Errorf("%v, woken %d times", e, len(e.st.due))
	}
}
