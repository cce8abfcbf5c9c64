package set

import (
	"crypto/tls"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/tcp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// tlsWorld is a world with a set of TLS sockets on each station; each end has an identity that the other one pins.
type tlsWorld struct {
	*world
	sa, sb         *TLSSocketSet
	client, server *x509lite.Identity
	failed         []error // handshakes that the server saw fail
}

const (
	clientName = "client.example"
	serverName = "server.example"
)

func newTLSWorld(t testing.TB, la, lb Limits) *tlsWorld {
	return newTLSWorldOn(t, phy.PipeConfig{}, iface.Limits{}, la, lb)
}

func newTLSWorldOn(t testing.TB, pc phy.PipeConfig, il iface.Limits, la, lb Limits) *tlsWorld {
	t.Helper()
	w := newWorldOn(t, pc, il)
	return &tlsWorld{world: w, sa: NewTLS(w.a, la), sb: NewTLS(w.b, lb), client: identity(t, clientName), server: identity(t, serverName)}
}

func identity(t testing.TB, name string) *x509lite.Identity {
	t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: epoch, Names: []string{name}, KeyType: x509lite.Ed25519Key})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func certificate(id *x509lite.Identity) tls.Certificate {
	return tls.Certificate{Certificate: id.Chain, PrivateKey: id.Key}
}

func (w *tlsWorld) clientConfig() *tlssock.Config {
	return &tlssock.Config{
		Certificates: []tls.Certificate{certificate(w.client)}, Trust: x509lite.Pin(w.server.Leaf), ServerName: serverName,
		CurvePreferences: []tls.CurveID{tls.X25519},
	}
}

func (w *tlsWorld) serverConfig() *tlssock.Config {
	return &tlssock.Config{
		Certificates: []tls.Certificate{certificate(w.server)}, Trust: x509lite.Pin(w.client.Leaf), ClientAuth: tls.RequireAndVerifyClientCert,
	}
}

func (w *tlsWorld) listen(cfg ListenConfig) ListenerHandle {
	w.t.Helper()
	if cfg.TLS == nil {
		cfg.TLS = w.serverConfig()
	}
	cfg.HandshakeFailed = func(_ netip.AddrPort, err error) { w.failed = append(w.failed, err) }
	l, err := w.sb.Listen(port1, cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// poll polls both stations until neither has anything to do at this moment.
func (w *tlsWorld) poll() {
	w.t.Helper()
	for range 10_000 {
		if err := Poll(w.now, w.a, nil, w.sa); err != nil {
			w.t.Fatal(err)
		}
		if err := Poll(w.now, w.b, nil, w.sb); err != nil {
			w.t.Fatal(err)
		}
		if w.quiet(PollAt(w.now, w.a, nil, w.sa)) && w.quiet(PollAt(w.now, w.b, nil, w.sb)) {
			return
		}
	}
	w.t.Fatal("the world finds no rest")
}

func (w *tlsWorld) quiet(at time.Time) bool { return at.IsZero() || at.After(w.now) }

// sleep moves the clock, deadline by deadline, d on.
func (w *tlsWorld) sleep(d time.Duration) {
	w.t.Helper()
	end := w.now.Add(d)
	for {
		w.poll()
		next := end
		for _, at := range []time.Time{PollAt(w.now, w.a, nil, w.sa), PollAt(w.now, w.b, nil, w.sb)} {
			if !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		if !next.After(w.now) {
			return
		}
		w.now = next
	}
}

// connect makes one connection and gives both ends' handles.
func (w *tlsWorld) connect(l ListenerHandle, tcpCfg *tcp.Config) (client, server Handle) {
	w.t.Helper()
	client, err := w.sa.ConnectTCP(port1, w.clientConfig(), tcpCfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.poll()
	server, ok := w.sb.Accept(l)
	if !ok {
		s, _ := w.sa.Get(client)
		w.t.Fatalf("nobody to accept: client %v %v, server %v", s.State(), s.Err(), w.failed)
	}
	return client, server
}

// sockets gives the sockets that both handles name.
func (w *tlsWorld) sockets(client, server Handle) (c, s *tlssock.Socket) {
	c, _ = w.sa.Get(client)
	s, _ = w.sb.Get(server)
	return c, s
}
