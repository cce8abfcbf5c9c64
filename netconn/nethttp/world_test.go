package nethttp

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/tlstest"
	"smoltls/x509lite"
)

const (
	clientName = "client.test"
	serverName = "server.test"
)

// world is two Runners on an Ethernet in memory, which know each other's certificate.
type world struct {
	client, server     *netconn.Runner
	clientID, serverID *x509lite.Identity
}

func newWorld(t *testing.T) *world {
	t.Helper()
	a, b := phy.NewSharedPipe(phy.PipeConfig{})
	return worldOver(t, a, b)
}

func worldOver(t *testing.T, a, b phy.Device) *world {
	t.Helper()
	return &world{start(t, a, "192.0.2.1/24"), start(t, b, "192.0.2.2/24"), identity(t, clientName), identity(t, serverName)}
}

func start(t *testing.T, dev phy.Device, addr string) *netconn.Runner {
	t.Helper()
	r, err := netconn.Start(netconn.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix(addr)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func identity(t *testing.T, name string) *x509lite.Identity {
	t.Helper()
	return tlstest.NewIdentity(t, x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{name}}).Identity
}

func (w *world) serverTLS(protocols ...string) *tlssock.Config {
	return &tlssock.Config{
		Certificates: tlssock.Certificates(w.serverID), ClientAuth: tls.RequireAndVerifyClientCert, Trust: x509lite.Pin(w.clientID.Leaf), NextProtos: protocols,
	}
}

// dialer gives one that offers protocols.
func (w *world) dialer(protocols ...string) *netconn.Dialer {
	return &netconn.Dialer{Runner: w.client, TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(w.clientID), Trust: x509lite.Pin(w.serverID.Leaf), ServerName: serverName, NextProtos: protocols,
	}}
}

// stdTLS is crypto/tls's configuration of an end.
func stdTLS(us, peer *x509lite.Identity, protocols ...string) *tls.Config {
	pool := x509.NewCertPool()
	cert, _ := x509.ParseCertificate(peer.Leaf.Raw)
	pool.AddCert(cert)
	return &tls.Config{
		Certificates: tlssock.Certificates(us), RootCAs: pool, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, ServerName: serverName, NextProtos: protocols,
	}
}

func (w *world) listenTLS(t *testing.T, protocols ...string) *netconn.Listener {
	t.Helper()
	l, err := w.server.ListenTLS("tcp", ":443", w.serverTLS(protocols...))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// listenStd is a listener of crypto/tls over our TCP.
func (w *world) listenStd(t *testing.T, protocols ...string) net.Listener {
	t.Helper()
	l, err := w.server.Listen("tcp", ":443")
	if err != nil {
		t.Fatal(err)
	}
	return tls.NewListener(l, stdTLS(w.serverID, w.clientID, protocols...))
}

// serve serves until the test ends.
func serve(t *testing.T, h http.HandlerFunc, l net.Listener) *http.Server {
	t.Helper()
	srv := &http.Server{Handler: h}
	ended := make(chan error, 1)
	go func() { ended <- Serve(srv, l) }()
	t.Cleanup(func() {
		srv.Close()
		if err := <-ended; err != http.ErrServerClosed {
			t.Errorf("Serve: %v", err)
		}
	})
	return srv
}

const page = "https://192.0.2.2/"

// whoAsks says what the server knows of a request.
func whoAsks(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, r.Proto+" "+r.TLS.PeerCertificates[0].DNSNames[0])
}

// get gives the body and how it came.
func get(c *http.Client, page string) (body string, resp *http.Response, err error) {
	if resp, err = c.Get(page); err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return string(b), resp, err
}
