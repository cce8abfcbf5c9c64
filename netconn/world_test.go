package netconn

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

const serverName = "server.test"

// world is two Runners on an Ethernet in memory, which know each other's certificate.
type world struct {
	client, server       *Runner
	clientTLS, serverTLS *tlssock.Config
	dialer               *Dialer
	tcp                  *tcp.Config // of both ends; nil: default
}

// newWorld makes one whose Runners end with the test.
func newWorld(t testing.TB) *world {
	t.Helper()
	a, b := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	return worldOver(t, a, b)
}

func worldOver(t testing.TB, a, b phy.Device) *world {
	t.Helper()
	return worldOf(t, Config{Device: a}, Config{Device: b})
}

// worldOf makes one of Runners that are configured; their addresses are the world's.
func worldOf(t testing.TB, client, server Config) *world {
	t.Helper()
	w := &world{client: startWith(t, client, "192.0.2.1/24", "2001:db8::1/64"), server: startWith(t, server, "192.0.2.2/24", "2001:db8::2/64")}
	clientID, serverID := identity(t, "client.test"), identity(t, serverName)
	w.clientTLS = &tlssock.Config{Certificates: tlssock.Certificates(clientID), Trust: x509lite.Pin(serverID.Leaf)}
	w.serverTLS = &tlssock.Config{Certificates: tlssock.Certificates(serverID), Trust: x509lite.Pin(clientID.Leaf), ClientAuth: tls.RequireAndVerifyClientCert}
	w.dialer = &Dialer{Runner: w.client, TLS: w.clientTLS, Resolver: hosts{serverName: {"2001:db8::2", "192.0.2.2"}}}
	return w
}

func start(t testing.TB, dev phy.Device, addrs ...string) *Runner {
	t.Helper()
	return startWith(t, Config{Device: dev}, addrs...)
}

func startWith(t testing.TB, c Config, addrs ...string) *Runner {
	t.Helper()
	for _, a := range addrs {
		c.Addrs = append(c.Addrs, netip.MustParsePrefix(a))
	}
	r, err := Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func identity(t testing.TB, name string) *x509lite.Identity {
	t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{name}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// hosts is a Resolver that knows a few names.
type hosts map[string][]string

func (h hosts) LookupNetIP(_ context.Context, network, host string) (found []netip.Addr, err error) {
	for _, s := range h[host] {
		if a := netip.MustParseAddr(s); a.Is6() == (network == "ip6") {
			found = append(found, a)
		}
	}
	if found == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return found, nil
}

// pair opens a connection and gives both ends.
func (w *world) pair(t testing.TB, secure bool) (client, server net.Conn) {
	t.Helper()
	l := w.listen(t, secure)
	defer l.Close()
	return w.connect(t, l, secure)
}

func (w *world) listen(t testing.TB, secure bool) *Listener {
	t.Helper()
	cfg := ListenConfig{TCP: tcp.ListenConfig{Config: w.tcp}}
	if secure {
		cfg.TLS = w.serverTLS
		cfg.HandshakeFailed = func(_ netip.AddrPort, err error) { t.Logf("server's handshake: %v", err) }
	}
	l, err := w.server.ListenWith("tcp", ":0", cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func (w *world) connect(t testing.TB, l *Listener, secure bool) (client, server net.Conn) {
	t.Helper()
	dial := w.dialer.DialContext
	if secure {
		dial = w.dialer.DialTLSContext
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	client, err := dial(t.Context(), "tcp", net.JoinHostPort(serverName, port))
	if err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// both runs a test over TCP and over TLS.
func both(t *testing.T, test func(t *testing.T, secure bool)) {
	t.Run("TCP", func(t *testing.T) { test(t, false) })
	t.Run("TLS", func(t *testing.T) { test(t, true) })
}
