package top

import (
	"crypto/tls"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// world is two stacks on a wire, with a clock of the test's own.
type world struct {
	t        testing.TB
	now      time.Time
	ifc      [2]*iface.Interface // of the client, of the server
	tls      [2]*set.TLSSocketSet
	listener set.ListenerHandle
	config   *tlssock.Config // the client's
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: w.now, Names: []string{"server"}, KeyType: x509lite.Ed25519Key})
	if err != nil {
		t.Fatal(err)
	}
	a, b := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP})
	for i, dev := range []phy.Device{a, b} {
		if w.ifc[i], err = iface.New(iface.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix([]string{"192.0.2.1/24", "192.0.2.2/24"}[i])}}); err != nil {
			t.Fatal(err)
		}
		w.tls[i] = set.NewTLS(w.ifc[i], set.Limits{})
	}
	w.config = &tlssock.Config{Trust: x509lite.Pin(id.Leaf), ServerName: "server", NextProtos: []string{"http/1.1"}, CurvePreferences: []tls.CurveID{tls.X25519}}
	w.listener, err = w.tls[1].Listen(netip.MustParseAddrPort("192.0.2.2:443"), set.ListenConfig{TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(id), NextProtos: []string{"http/1.1"}}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// connect makes a connection and gives both ends.
func (w *world) connect(port uint16) (client, server *tlssock.Socket) {
	w.t.Helper()
	h, err := w.tls[0].ConnectFrom(netip.AddrPortFrom(netip.Addr{}, port), netip.MustParseAddrPort("192.0.2.2:443"), w.config, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	client, _ = w.tls[0].Get(h)
	w.run(100 * time.Millisecond)
	if h, ok := w.tls[1].Accept(w.listener); ok {
		server, _ = w.tls[1].Get(h)
	}
	return client, server
}

// run lets d pass.
func (w *world) run(d time.Duration) {
	w.t.Helper()
	for end := w.now.Add(d); w.now.Before(end); w.now = w.now.Add(10 * time.Millisecond) {
		for i := range w.ifc {
			if err := set.Poll(w.now, w.ifc[i], nil, w.tls[i]); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// sampler is one of the server.
func (w *world) sampler() *sampler { return newSampler(w.ifc[1], w.tls[1]) }
