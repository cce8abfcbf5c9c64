package main

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// peer is a server in a goroutine at the other end of the client's wire: what it does with a connection is up to the test.
type peer struct {
	id   *x509lite.Identity
	cert string // its certificate's file
	wire phy.Device
}

// newPeer starts a server; each connection is given to serve whenever it has news, and closed when that reports true.
func newPeer(t *testing.T, serve func(*tlssock.Socket) bool) *peer {
	t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"peer"}})
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{id: id, cert: filepath.Join(t.TempDir(), "peer.pem")}
	if err := os.WriteFile(p.cert, id.CertificatePEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	var dev phy.Device
	p.wire, dev = phy.NewSharedPipe(phy.PipeConfig{})
	st, err := (&cli.Common{Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}}).OpenOn(dev)
	if err != nil {
		t.Fatal(err)
	}
	l, err := st.TLS.Listen(netip.MustParseAddrPort("192.0.2.2:443"), set.ListenConfig{TLS: &tlssock.Config{
		Certificates: []tls.Certificate{{Certificate: id.Chain, PrivateKey: id.Key}}, NextProtos: []string{"http/1.1"},
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

// run runs the client with those flags more.
func (p *peer) run(t *testing.T, stdin string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	all := append([]string{"-tap", "none", "-addr", "192.0.2.1/24", "-state", t.TempDir()}, args...)
	var out, errs bytes.Buffer
	c, err := parseFlags(all, &errs)
	if err != nil {
		t.Fatal(err)
	}
	st, err := c.OpenOn(p.wire)
	if err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(30*time.Second, st.Interrupt)
	defer watchdog.Stop()
	err = exchangeOn(c, st, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), err
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
	other, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"peer"}})
	if err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(t.TempDir(), "wrong.pem")
	os.WriteFile(wrong, other.CertificatePEM(), 0o600)
	for _, c := range []struct {
		args func(*peer) []string
		want error
	}{
		{func(p *peer) []string { return []string{"-server-cert", p.cert, "-name", "peer"} }, nil},
		{func(p *peer) []string { return []string{"-server-cert", p.cert, "-name", "somebody-else"} }, x509lite.ErrNameMismatch},
		{func(p *peer) []string { return []string{"-server-cert", wrong} }, x509lite.ErrNotPinned},
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

func TestUnreadablePinIsNamed(t *testing.T) {
	p := newPeer(t, echo)
	if _, _, err := p.run(t, "", "-server-cert", "/no/such/file", "192.0.2.2:443"); !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
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
	out, _, err := p.run(t, "question", "-server-cert", p.cert, "192.0.2.2:443")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("%q %v", out, err)
	}
}
