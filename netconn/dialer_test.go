package netconn

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/tcp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func TestDialTellsWhyItFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		d := w.dialer
		d.Timeout = time.Minute
		for _, c := range []struct {
			network, address string
			want             error
			after            time.Duration
		}{
			{"tcp4", "192.0.2.2:81", syscall.ECONNREFUSED, 0},
			{"tcp", serverName + ":81", tcp.ErrRefused, 0},
			{"tcp4", "192.0.2.77:80", syscall.EHOSTUNREACH, 30 * time.Second}, // no answer to ARP, in three rounds
			{"tcp4", "198.51.100.1:80", syscall.ENETUNREACH, 0},
			{"tcp", "nobody.test:80", &net.DNSError{}, 0},
			{"tcp", "192.0.2.2", &net.AddrError{}, 0},
			{"tcp", "192.0.2.2:nosuch", &net.DNSError{}, 0},
			{"tcp6", "192.0.2.2:80", &net.AddrError{}, 0},
			{"sctp", "192.0.2.2:80", net.UnknownNetworkError(""), 0},
		} {
			begin := time.Now()
			_, err := d.Dial(c.network, c.address)
			if _, ok := err.(*net.OpError); !ok {
				t.Errorf("%s %s: %T", c.network, c.address, err)
			}
			var dns *net.DNSError
			var addr *net.AddrError
			var unknown net.UnknownNetworkError
			switch c.want.(type) {
			case *net.DNSError:
				if !errors.As(err, &dns) {
					t.Errorf("%s: %v", c.address, err)
				}
			case *net.AddrError:
				if !errors.As(err, &addr) {
					t.Errorf("%s: %v", c.address, err)
				}
			case net.UnknownNetworkError:
				if !errors.As(err, &unknown) {
					t.Errorf("%s: %v", c.address, err)
				}
			default:
				if !errors.Is(err, c.want) {
					t.Errorf("%s %s: %v", c.network, c.address, err)
				}
			}
			if d := time.Since(begin); d > c.after {
				t.Errorf("%s %s: only after %v", c.network, c.address, d)
			}
		}
	})
}

func TestDialEndsWithItsTimeoutAndItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.server.Listen("tcp", ":443") // accepts TCP and says nothing
		ctx, cancel := context.WithCancel(t.Context())
		go func() { time.Sleep(2 * time.Second); cancel() }()
		begin := time.Now()
		_, err := w.dialer.DialTLSContext(ctx, "tcp", serverName+":443")
		if d := time.Since(begin); d != 2*time.Second || !errors.Is(err, context.Canceled) {
			t.Errorf("canceled after %v: %v", d, err)
		}
		w.dialer.Timeout = 3 * time.Second
		begin = time.Now()
		_, err = w.dialer.DialTLSContext(t.Context(), "tcp", serverName+":443")
		var ne net.Error
		if d := time.Since(begin); d != 3*time.Second || !errors.Is(err, os.ErrDeadlineExceeded) || !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &ne) || !ne.Timeout() {
			t.Errorf("timed out after %v: %v", d, err)
		}
		if n := len(w.client.tcpHome.conns) + len(w.client.tlsHome.conns); n != 0 {
			t.Errorf("%d attempts are left", n)
		}
	})
}

func TestTheNameThatIsDialledIsTheOneThatIsMatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.listen(t, true)
		l, err := w.server.ListenTLS("tcp", ":443", w.serverTLS)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		d := &Dialer{Runner: w.client, TLS: w.clientTLS}
		d.Resolver = hosts{"other.test": {"192.0.2.2"}, serverName: {"192.0.2.2"}}
		if _, err := d.DialTLSContext(t.Context(), "tcp", serverName+":443"); err != nil {
			t.Error(err)
		}
		for _, address := range []string{"other.test:443", "192.0.2.2:443"} {
			if _, err := d.DialTLSContext(t.Context(), "tcp", address); !errors.Is(err, x509lite.ErrNameMismatch) {
				t.Errorf("%s: %v", address, err)
			}
		}
		d.NoServerName = true
		if _, err := d.DialTLS("tcp", "other.test:443"); err != nil {
			t.Errorf("without a name: %v", err)
		}
		d.TLS = nil
		if _, err := d.DialTLSContext(t.Context(), "tcp", serverName+":443"); !errors.Is(err, ErrNoTLS) || !errors.Is(err, tlssock.ErrConfig) {
			t.Errorf("without a configuration: %v", err)
		}
		d.Resolver = nil
		if _, err := d.Dial("tcp", ":443"); !errors.Is(err, ErrNoHost) {
			t.Errorf("without a host: %v", err)
		}
		if _, err := d.Dial("tcp", serverName+":443"); !errors.Is(err, ErrNoResolver) {
			t.Errorf("without a resolver: %v", err)
		}
	})
}
