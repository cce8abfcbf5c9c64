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
	"sync"
	"testing"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// testIdentity makes an identity and writes its certificate and key to files.
func testIdentity(t *testing.T, name string) (id *x509lite.Identity, cert, key string) {
	t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{name}})
	if err != nil {
		t.Fatal(err)
	}
	pem, err := id.PrivateKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	if err := errors.Join(os.WriteFile(cert, id.CertificatePEM(), 0o600), os.WriteFile(key, pem, 0o600)); err != nil {
		t.Fatal(err)
	}
	return id, cert, key
}

// syncBuffer is a buffer that two goroutines may use.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// running is a server in a goroutine, and a client's stack on the other end of its wire.
type running struct {
	t      *testing.T
	client *cli.Stack
	id     *x509lite.Identity // the server's
	log    *syncBuffer
	stop   func() error
}

// start runs the server with those flags more.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	id, cert, key := testIdentity(t, "server")
	c, err := parseFlags(append([]string{"-tap", "none", "-addr", "192.0.2.2/24", "-cert", cert, "-key", key, "-v"}, args...), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	da, db := phy.NewSharedPipe(phy.PipeConfig{})
	st, err := c.OpenOn(db)
	if err != nil {
		t.Fatal(err)
	}
	client, err := (&cli.Common{Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}).OpenOn(da)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, client: client, id: id, log: &syncBuffer{}}
	ended := make(chan error, 1)
	go func() { ended <- serve(c, st, r.log) }()
	var once sync.Once
	var result error
	r.stop = func() error {
		once.Do(func() {
			st.Interrupt()
			result = <-ended
		})
		return result
	}
	t.Cleanup(func() {
		go r.stop()
		for end := time.Now().Add(30 * time.Second); time.Now().Before(end); { // the server's last words are answered
			if client.Poll() != nil {
				break
			}
			client.Wait(time.Now().Add(10 * time.Millisecond))
		}
		if err := r.stop(); err != nil {
			t.Errorf("server: %v", err)
		}
		client.Close()
	})
	return r
}

func (r *running) config() *tlssock.Config {
	return &tlssock.Config{Trust: x509lite.Pin(r.id.Leaf), ServerName: "server"}
}

// connect makes a connection.
func (r *running) connect(cfg *tlssock.Config) *tlssock.Socket {
	r.t.Helper()
	h, err := r.client.TLS.Connect(netip.MustParseAddrPort("192.0.2.2:443"), cfg)
	if err != nil {
		r.t.Fatal(err)
	}
	s, _ := r.client.TLS.Get(h)
	r.until(func() bool { return s.Engine().HandshakeComplete() || s.Err() != nil })
	return s
}

// until polls the client until done.
func (r *running) until(done func() bool) {
	r.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		err := r.client.Poll()
		if done() {
			return
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if time.Now().After(end) {
			r.t.Fatalf("nothing came of it; the server says: %s", r.log)
		}
		r.client.Wait(time.Now().Add(50 * time.Millisecond))
	}
}

// read reads until n bytes are there, or the end.
func (r *running) read(s *tlssock.Socket, n int) (got []byte, err error) {
	r.t.Helper()
	buf := make([]byte, 1<<16)
	r.until(func() bool {
		for len(got) < n {
			m, e := s.TryRead(buf[:min(len(buf), n-len(got))])
			got = append(got, buf[:m]...)
			if errors.Is(e, tlssock.ErrWouldBlock) {
				return false
			}
			if e != nil {
				err = e
				return true
			}
		}
		return true
	})
	return got, err
}

func TestServerRefusesClientsWithoutTheRightCertificate(t *testing.T) {
	good, pin, _ := testIdentity(t, "client")
	other, _, _ := testIdentity(t, "client")
	r := start(t, "-client-cert", pin)
	for _, c := range []struct {
		id    *x509lite.Identity
		alert tlssock.Alert
	}{{nil, tlssock.AlertCertificateRequired}, {other, tlssock.AlertUnknownCA}} {
		cfg := r.config()
		if c.id != nil {
			cfg.Certificates = []tls.Certificate{{Certificate: c.id.Chain, PrivateKey: c.id.Key}}
		}
		s := r.connect(cfg)
		r.until(func() bool { return s.Err() != nil })
		var alert *tlssock.AlertError
		if !errors.As(s.Err(), &alert) || alert.Alert != c.alert || !alert.FromPeer {
			t.Errorf("%v, want %v", s.Err(), c.alert)
		}
	}
	cfg := r.config()
	cfg.Certificates = []tls.Certificate{{Certificate: good.Chain, PrivateKey: good.Key}}
	s := r.connect(cfg)
	s.TryWrite([]byte("let in"))
	if got, err := r.read(s, 6); string(got) != "let in" {
		t.Errorf("%q %v", got, err)
	}
	for _, says := range []string{"certificate_required", "not pinned", "connected"} {
		if !strings.Contains(r.log.String(), says) {
			t.Errorf("the log does not say %q:\n%s", says, r.log)
		}
	}
}

func TestInterruptClosesConnectionsWithCloseNotify(t *testing.T) {
	r := start(t)
	s := r.connect(r.config())
	s.TryWrite([]byte("x"))
	if _, err := r.read(s, 1); err != nil { // the server has accepted by then
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- r.stop() }()
	if _, err := r.read(s, 1); err != io.EOF {
		t.Errorf("%v, want io.EOF: close_notify came", err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServerThatCantListenSaysWhy(t *testing.T) {
	_, cert, key := testIdentity(t, "server")
	c, err := parseFlags([]string{"-tap", "x", "-addr", "192.0.2.2/24", "-cert", cert, "-key", key, "-listen", "192.0.2.77:443"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	st, err := c.OpenOn(dev)
	if err != nil {
		t.Fatal(err)
	}
	if err := serve(c, st, io.Discard); err == nil || !strings.Contains(err.Error(), "192.0.2.77") {
		t.Errorf("%v", err)
	}
}
