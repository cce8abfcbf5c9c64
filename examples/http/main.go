// Command http serves and fetches a page over smoltls with net/http unchanged: HTTP/1.1, or HTTP/2 where both ends
// agree on it by ALPN. Each end shows a certificate that it has signed itself, and accepts exactly the other's. Client
// and server are two stacks on an Ethernet in memory, so that it needs no privilege; with phy.OpenTAP in the place of
// the pipe they are on a real one.
package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/netip"
	"time"

	"smoltls/netconn"
	"smoltls/netconn/nethttp"
	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func main() {
	w, err := newWorld()
	if err != nil {
		log.Fatal(err)
	}
	defer w.close()
	for _, protocols := range [][]string{{"h2", "http/1.1"}, {"http/1.1"}} {
		page, err := w.fetch(context.Background(), protocols)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page)
	}
}

// hello answers with what it knows of the request: who asks is in the certificate.
func hello(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "hello, %s, over %s and %s", r.TLS.PeerCertificates[0].DNSNames[0], r.Proto, tls.VersionName(r.TLS.Version))
}

// world is a client and a server with a link in memory between them.
type world struct {
	client, server     *netconn.Runner
	clientID, serverID *x509lite.Identity
	web                *http.Server
	page               http.HandlerFunc
}

func newWorld() (w *world, err error) {
	w = &world{page: hello}
	if w.clientID, err = x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"client.example"}}); err != nil {
		return nil, err
	}
	if w.serverID, err = x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"server.example"}}); err != nil {
		return nil, err
	}
	left, right := phy.NewSharedPipe(phy.PipeConfig{})
	if w.client, err = netconn.Start(netconn.Config{Device: left, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}); err != nil {
		return nil, err
	}
	if w.server, err = netconn.Start(netconn.Config{Device: right, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}}); err != nil {
		return nil, err
	}
	l, err := w.server.ListenTLS("tcp", ":443", &tlssock.Config{
		Certificates: tlssock.Certificates(w.serverID),
		ClientAuth:   tls.RequireAndVerifyClientCert,
		Trust:        x509lite.Pin(w.clientID.Leaf),
		NextProtos:   []string{"h2", "http/1.1"},
	})
	if err != nil {
		return nil, err
	}
	w.web = &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.page(rw, r) })}
	go nethttp.Serve(w.web, l)
	return w, nil
}

func (w *world) close() {
	w.web.Close()
	w.client.Close()
	w.server.Close()
}

// fetch gets the server's page by one of the protocols.
func (w *world) fetch(ctx context.Context, protocols []string) (string, error) {
	dialer := &netconn.Dialer{Runner: w.client, Resolver: names{}, TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(w.clientID),
		Trust:        x509lite.Pin(w.serverID.Leaf),
		NextProtos:   protocols,
	}}
	transport := nethttp.NewTransport(dialer, nil)
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	req, err := http.NewRequestWithContext(ctx, "GET", "https://server.example/", nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return string(page), err
}

// names knows the one name that there is.
type names struct{}

func (names) LookupNetIP(_ context.Context, network, _ string) ([]netip.Addr, error) {
	if network == "ip6" {
		return nil, nil
	}
	return []netip.Addr{netip.MustParseAddr("192.0.2.2")}, nil
}
