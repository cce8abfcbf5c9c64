package tunserver

import (
	"errors"
	"io"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/cmdtest"
	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// running is a server that runs, and a client's stack on the other end of its wire.
type running struct {
	t      *testing.T
	client *cli.Stack
	id     *cmdtest.Identity // the server's
	server *cmdtest.Process
}

// start runs the server with those flags more.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	ours, its := phy.NewSharedPipe(phy.PipeConfig{})
	return startOn(t, ours, its, args...)
}

// startOn is start on two devices that are joined.
func startOn(t *testing.T, ours, its phy.Device, args ...string) *running {
	t.Helper()
	return runOn(t, Run, ours, its, args...)
}

// startWith is start of a command that has more.
func startWith(t *testing.T, o Options, args ...string) *running {
	t.Helper()
	ours, its := phy.NewSharedPipe(phy.PipeConfig{})
	return runOn(t, o.Run, ours, its, args...)
}

// runOn is startOn of a command of the caller's.
func runOn(t *testing.T, run func(*cli.Env) error, ours, its phy.Device, args ...string) *running {
	t.Helper()
	client, err := (&cli.Common{Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}).OpenOn(ours)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, client: client, id: cmdtest.Named(t, "server")}
	t.Cleanup(func() { client.Close() })
	all := append([]string{"-tap", "given", "-addr", "192.0.2.2/24", "-cert", r.id.Cert, "-key", r.id.Key, "-v"}, args...)
	r.server = cmdtest.Start(t, run, its, nil, all...)
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("server: %v", err)
		}
	})
	return r
}

// stop interrupts the server, answers its last words, and gives what it ended with.
func (r *running) stop() error {
	r.t.Helper()
	r.server.Interrupt()
	for {
		select {
		case <-r.server.Ended():
			return r.server.Wait()
		default:
			r.client.Poll() // its end closes the wire
			r.client.Wait(time.Now().Add(5 * time.Millisecond))
		}
	}
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
	for end := time.Now().Add(cmdtest.Patience); ; {
		err := r.client.Poll()
		if done() {
			return
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if time.Now().After(end) {
			r.t.Fatal("nothing came of it")
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
	good, other, expired := cmdtest.Named(t, "client"), cmdtest.Named(t, "client"), cmdtest.Expired(t, "client")
	r := start(t, "-client-cert", good.Cert, "-client-cert", expired.Cert)
	for _, c := range []struct {
		id    *cmdtest.Identity
		alert tlssock.Alert
	}{{nil, tlssock.AlertCertificateRequired}, {other, tlssock.AlertUnknownCA}, {expired, tlssock.AlertCertificateExpired}} {
		cfg := r.config()
		if c.id != nil {
			cfg.Certificates = tlssock.Certificates(c.id.Identity)
		}
		s := r.connect(cfg)
		r.until(func() bool { return s.Err() != nil })
		var alert *tlssock.AlertError
		if !errors.As(s.Err(), &alert) || alert.Alert != c.alert || !alert.FromPeer {
			t.Errorf("%v, want %v", s.Err(), c.alert)
		}
	}
	cfg := r.config()
	cfg.Certificates = tlssock.Certificates(good.Identity)
	s := r.connect(cfg)
	s.TryWrite([]byte("let in"))
	if got, err := r.read(s, 6); string(got) != "let in" {
		t.Errorf("%q %v", got, err)
	}
	for _, says := range []string{"certificate_required", "not pinned", "not valid after", "connected"} {
		if !r.server.Stderr.Await(t, says) {
			t.Errorf("the log does not say %q", says)
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
	r.server.Interrupt()
	if _, err := r.read(s, 1); err != io.EOF {
		t.Errorf("%v, want io.EOF: close_notify came", err)
	}
	if err := r.stop(); err != nil {
		t.Error(err)
	}
}

// down is a device whose kernel side is down until up is set.
type down struct {
	phy.Device
	up atomic.Bool
}

// Wake implements phy.Waker.
func (d *down) Wake() { d.Device.(phy.Waker).Wake() }

func (d *down) Send(now time.Time, n int) error {
	if !d.up.Load() {
		return phy.ErrLinkDown
	}
	return d.Device.Send(now, n)
}

func TestServerOutlivesALinkThatIsDown(t *testing.T) {
	ours, its := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumIP})
	dev := &down{Device: its}
	r := startOn(t, ours, dev)
	h, err := r.client.TLS.Connect(netip.MustParseAddrPort("192.0.2.2:443"), r.config())
	if err != nil {
		t.Fatal(err)
	}
	r.until(func() bool { return strings.Contains(r.server.Stderr.String(), "interface is down") })
	dev.up.Store(true)
	s, _ := r.client.TLS.Get(h)
	r.until(s.Engine().HandshakeComplete)
}

func TestWhatIsWrongWithFilesIsFoundBeforeTheDeviceIsTouched(t *testing.T) {
	id, other := cmdtest.Named(t, "server"), cmdtest.Named(t, "server")
	for _, c := range []struct {
		args []string
		want error
	}{
		{[]string{"-cert", id.Cert, "-key", other.Key}, x509lite.ErrKeyMismatch},
		{[]string{"-cert", "/no/such/file", "-key", id.Key}, os.ErrNotExist},
		{[]string{"-cert", id.Cert, "-key", id.Key, "-client-cert", id.Key}, x509lite.ErrNoCertificate},
	} {
		env := &cli.Env{Args: append([]string{"-tap", "given", "-addr", "192.0.2.2/24"}, c.args...), Stdout: io.Discard, Stderr: io.Discard}
		if err := Run(env); !errors.Is(err, c.want) { // without a way to open a device
			t.Errorf("%q: %v, want %v", c.args, err, c.want)
		}
	}
}
