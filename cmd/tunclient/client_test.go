package main

import (
	"errors"
	"io"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/cmdtest"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// peer is a server in a goroutine at the other end of the client's wire: what it does with a connection is up to the
// test.
type peer struct {
	id   *cmdtest.Identity
	wire phy.Device
}

// newPeer starts a server; each connection is given to serve whenever it has news, and closed when that reports true.
func newPeer(t *testing.T, serve func(*tlssock.Socket) bool) *peer {
	t.Helper()
	p := &peer{id: cmdtest.Named(t, "peer")}
	var dev phy.Device
	p.wire, dev = phy.NewSharedPipe(phy.PipeConfig{})
	st, err := (&cli.Common{Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}}).OpenOn(dev)
	if err != nil {
		t.Fatal(err)
	}
	l, err := st.TLS.Listen(netip.MustParseAddrPort("192.0.2.2:443"), set.ListenConfig{TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(p.id.Identity), NextProtos: []string{"http/1.1"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for !st.Interrupted() && st.Poll() == nil {
			for _, ok := st.TLS.Accept(l); ok; _, ok = st.TLS.Accept(l) {
			}
			for h := range st.TLS.Ready() {
				if s, ok := st.TLS.Get(h); ok && serve(s) {
					s.Close()
					st.TLS.Remove(h)
				}
			}
			st.Wait(time.Time{})
		}
	}()
	t.Cleanup(func() {
		st.Interrupt()
		<-ended
		st.Close()
	})
	return p
}

// start starts the client with those flags more.
func (p *peer) start(t *testing.T, stdin io.Reader, args ...string) *cmdtest.Process {
	t.Helper()
	return cmdtest.Start(t, run, p.wire, stdin, append([]string{"-tap", "none", "-addr", "192.0.2.1/24", "-state", t.TempDir()}, args...)...)
}

// run runs the client with those flags more.
func (p *peer) run(t *testing.T, stdin string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	c := p.start(t, strings.NewReader(stdin), args...)
	err = c.Wait()
	return c.Stdout.String(), c.Stderr.String(), err
}

// echo sends back what comes, and ends when the client has.
func echo(s *tlssock.Socket) bool {
	for {
		p, err := s.Peek()
		if err != nil {
			return !errors.Is(err, tlssock.ErrWouldBlock)
		}
		n, err := s.TryWrite(p)
		s.Discard(n)
		if err != nil {
			return false
		}
	}
}

func TestClientChecksWhoTheServerIs(t *testing.T) {
	other := cmdtest.Named(t, "peer")
	for _, c := range []struct {
		args func(*peer) []string
		want error
	}{
		{func(p *peer) []string { return []string{"-server-cert", p.id.Cert, "-name", "peer"} }, nil},
		{func(p *peer) []string { return []string{"-server-cert", p.id.Cert, "-name", "somebody-else"} }, x509lite.ErrNameMismatch},
		{func(p *peer) []string { return []string{"-server-cert", other.Cert} }, x509lite.ErrNotPinned},
		{func(*peer) []string { return []string{"-insecure-skip-verify"} }, nil},
	} {
		p := newPeer(t, echo)
		_, _, err := p.run(t, "", append(c.args(p), "192.0.2.2:443")...)
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%v, want %v", err, c.want)
		}
		if err != nil && (!strings.Contains(err.Error(), "192.0.2.2:443") || !strings.Contains(err.Error(), "alert") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("not one line with the peer and the alert: %q", err)
		}
	}
}

func TestTruncatedAnswerIsAFailure(t *testing.T) {
	p := newPeer(t, func(s *tlssock.Socket) bool {
		if _, err := s.Peek(); err == nil {
			s.TryWrite([]byte("half an ans"))
			s.Transport().CloseWrite() // no close_notify
		}
		return false
	})
	out, _, err := p.run(t, "question", "-server-cert", p.id.Cert, "192.0.2.2:443")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("%q %v", out, err)
	}
}

func TestCtrlCBeforeTheHandshakeSaysSo(t *testing.T) {
	ours, _ := phy.NewSharedPipe(phy.PipeConfig{}) // nobody at its other end
	p := &peer{wire: ours}
	c := p.start(t, nil, "-insecure-skip-verify", "192.0.2.2:443")
	c.Stderr.Await(t, "WARNING")
	c.Interrupt()
	if err := c.Wait(); !errors.Is(err, errNotConnected) {
		t.Error(err)
	}
}

func TestWhatIsWrongWithFilesIsFoundBeforeTheDeviceIsTouched(t *testing.T) {
	id, other := cmdtest.Named(t, "client"), cmdtest.Named(t, "client")
	for _, c := range []struct {
		args []string
		want error
	}{
		{[]string{"-cert", id.Cert, "-key", other.Key, "-insecure-skip-verify"}, x509lite.ErrKeyMismatch},
		{[]string{"-cert", id.Cert, "-key", id.Key, "-server-cert", id.Key}, x509lite.ErrNoCertificate},
		{[]string{"-server-cert", "/no/such/file"}, os.ErrNotExist},
	} {
		args := append([]string{"-tap", "given", "-addr", "192.0.2.2/24", "-state", t.TempDir(), "192.0.2.1:443"}, c.args...)
		env := &cli.Env{Args: args, Stdout: io.Discard, Stderr: io.Discard} // without a way to open a device
		if err := run(env); !errors.Is(err, c.want) {
			t.Errorf("%q: %v, want %v", c.args, err, c.want)
		}
	}
}
