package netconn

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

func TestListenTellsWhatIsWrongWithAnAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		l, err := w.server.Listen("tcp", "192.0.2.2:80")
		if err != nil {
			t.Fatal(err)
		}
		if l.Addr().String() != "192.0.2.2:80" || l.Addr().Network() != "tcp" {
			t.Errorf("listens on %v", l.Addr())
		}
		for _, c := range []struct {
			network, address string
			want             error
		}{
			{"tcp", "192.0.2.2:80", syscall.EADDRINUSE},
			{"tcp", "192.0.2.9:80", syscall.EADDRNOTAVAIL},
			{"tcp", "192.0.2.2", nil}, {"tcp", "192.0.2.2:http", nil}, {"tcp", "server.test:80", nil},
			{"tcp6", "192.0.2.2:81", nil}, {"tcp4", "[2001:db8::2]:81", nil}, {"udp", ":80", nil},
		} {
			_, err := w.server.Listen(c.network, c.address)
			if _, ok := err.(*net.OpError); !ok || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%s %s: %v", c.network, c.address, err)
			}
		}
		if _, err := w.server.ListenTLS("tcp", ":443", nil); !errors.Is(err, tlssock.ErrConfig) {
			t.Errorf("TLS without a certificate: %v", err)
		}
	})
}

func TestPortZeroIsOneThatIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		seen := make(map[string]bool)
		for range 20 {
			l, err := w.server.Listen("tcp", ":0")
			if err != nil {
				t.Fatal(err)
			}
			if p := l.addr.Port(); p < firstFreePort || seen[l.Addr().String()] {
				t.Errorf("port %d", p)
			}
			seen[l.Addr().String()] = true
		}
	})
}

func TestAcceptEndsWithItsDeadlineAndWithClose(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			l := w.listen(t, secure)
			begin := time.Now()
			l.SetDeadline(begin.Add(time.Second))
			if _, err := l.Accept(); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Second {
				t.Errorf("after %v: %v", time.Since(begin), err)
			}
			l.SetDeadline(time.Time{})
			w.connect(t, l, secure) // it is as good as before
			failed := make(chan error)
			go func() { _, err := l.Accept(); failed <- err }()
			synctest.Wait()
			if err := l.Close(); err != nil {
				t.Error(err)
			}
			if err := <-failed; !errors.Is(err, net.ErrClosed) {
				t.Errorf("Accept: %v", err)
			}
			if err := l.Close(); !errors.Is(err, net.ErrClosed) {
				t.Errorf("Close again: %v", err)
			}
			if err := l.SetDeadline(begin); !errors.Is(err, net.ErrClosed) {
				t.Errorf("SetDeadline: %v", err)
			}
			if _, err := w.dialer.Dial("tcp4", "192.0.2.2"+l.Addr().String()[len("[::]"):]); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("Dial to what is closed: %v", err)
			}
		})
	})
}

// A connection may have been taken for somebody in Accept who finds the listener closed: nobody else would ever end it.
func TestWhatNobodyAcceptedEndsWithTheListener(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			l := w.listen(t, secure)
			w.server.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) { l.queue.waiters++ }) // one that never comes
			client, server := w.connect(t, l, secure)
			server.Close()
			client.Close()
			dial := w.dialer.DialContext
			if secure {
				dial = w.dialer.DialTLSContext
			}
			c, err := dial(t.Context(), "tcp", serverName+l.Addr().String()[len("[::]"):])
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if len(l.held) != 1 {
				t.Errorf("%d connections are held", len(l.held))
			}
			w.server.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) { l.queue.waiters-- })
			l.Close()
			if _, err := io.ReadAll(c); err != nil {
				t.Errorf("the end is not clean: %v", err)
			}
			if n := len(w.server.tcpHome.conns) + len(w.server.tlsHome.conns); n != 0 {
				t.Errorf("%d are left", n)
			}
		})
	})
}

func TestAHandshakeThatFailsIsToldAndNobodyElseIsHeldUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		reasons := make(chan error, 1)
		l, err := w.server.ListenWith("tcp", ":443", ListenConfig{TLS: w.serverTLS, HandshakeFailed: func(remote netip.AddrPort, err error) {
			if remote.Addr() != netip.MustParseAddr("192.0.2.1") {
				t.Errorf("of %v", remote)
			}
			reasons <- err
		}})
		if err != nil {
			t.Fatal(err)
		}
		silent, err := w.dialer.Dial("tcp4", serverName+":443") // never says anything
		if err != nil {
			t.Fatal(err)
		}
		anonymous := &Dialer{Runner: w.client, TLS: &tlssock.Config{Trust: w.clientTLS.Trust}, Resolver: w.dialer.Resolver}
		c, err := anonymous.DialTLSContext(t.Context(), "tcp4", serverName+":443")
		if err == nil { // in TLS 1.3 a client learns it later, if only a little
			_, err = c.Read(make([]byte, 1))
		}
		var alert *tlssock.AlertError
		if !errors.As(err, &alert) || !alert.FromPeer || alert.Alert != tlssock.AlertCertificateRequired {
			t.Errorf("the client says %v", err)
		}
		if err := <-reasons; !errors.Is(err, tlssock.ErrNoClientCertificate) {
			t.Errorf("the server says %v", err)
		}
		w.connect(t, l, true)
		silent.Close()
		if err := <-reasons; err == nil {
			t.Error("no reason for the one that was silent")
		}
	})
}

func TestAnIPv6ListenerHearsNothingOfIPv4(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			cfg, dial := ListenConfig{}, w.dialer.DialContext
			if secure {
				cfg.TLS, dial = w.serverTLS, w.dialer.DialTLSContext
			}
			l, err := w.server.ListenWith("tcp6", ":80", cfg)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if c, err := dial(t.Context(), "tcp4", serverName+":80"); err == nil {
					defer c.Close()
				}
			}
			six, err := dial(t.Context(), "tcp6", serverName+":80")
			if err != nil {
				t.Fatal(err)
			}
			defer six.Close()
			l.SetDeadline(time.Now().Add(time.Second))
			c, err := l.Accept()
			if err != nil || c.RemoteAddr().String() != six.LocalAddr().String() {
				t.Fatalf("accepted %v, %v", c, err)
			}
			if c, err := l.Accept(); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("accepted %v, %v", c, err)
			}
		})
	})
}

// Room in a full set may come without a frame, and so without a poll.
func TestAcceptGoesOnWhenAConnectionIsClosedInAFullSet(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			a, b := phy.NewSharedPipe(phy.PipeConfig{})
			w := worldOf(t, Config{Device: a}, Config{Device: b, Limits: set.Limits{Sockets: 1}})
			l := w.listen(t, secure)
			dial := w.dialer.DialContext
			if secure {
				dial = w.dialer.DialTLSContext
			}
			var clients []net.Conn
			for range 2 {
				c, err := dial(t.Context(), "tcp4", serverName+l.Addr().String()[len("[::]"):])
				if err != nil {
					t.Fatal(err)
				}
				clients = append(clients, c)
			}
			first, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			l.SetDeadline(begin.Add(time.Minute))
			second := make(chan error, 1)
			go func() { _, err := l.Accept(); second <- err }()
			w.client.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) { abort(clients[0]) })
			synctest.Wait()
			if len(second) != 0 {
				t.Fatal("there was room for it")
			}
			first.Close()
			if err := <-second; err != nil || time.Since(begin) != 0 {
				t.Errorf("accepted after %v, %v", time.Since(begin), err)
			}
		})
	})
}

// abort resets a connection, within Do.
func abort(c net.Conn) {
	switch c := c.(type) {
	case *TLSConn:
		tlsOf(c.s).Transport().Abort()
	case *Conn:
		c.s.(*tcp.Socket).Abort()
	}
}

// A connection that waits for its handshake because nobody accepts the one before it has all of Limits.HandshakeTimeout
// from when it begins, however long the stack has slept.
func TestAHandshakeThatBeginsWithAcceptHasItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := phy.NewSharedPipe(phy.PipeConfig{})
		w := worldOf(t, Config{Device: a, Limits: set.Limits{HandshakeTimeout: -1}}, Config{Device: b, Limits: set.Limits{AcceptBacklog: 1}})
		l := w.listen(t, true)
		for range 2 {
			go w.dialer.DialTLSContext(t.Context(), "tcp4", serverName+l.Addr().String()[len("[::]"):])
		}
		time.Sleep(2 * set.DefaultHandshakeTimeout)
		l.SetDeadline(time.Now().Add(time.Second))
		for k := range 2 {
			c, err := l.Accept()
			if err != nil {
				t.Fatalf("connection %d: %v", k, err)
			}
			defer c.Close()
		}
	})
}
