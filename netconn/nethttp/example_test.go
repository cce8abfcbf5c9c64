package nethttp_test

import (
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

// A server and a client of net/http on an Ethernet in memory. They speak HTTP/2, because both do.
func Example() {
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"server.example"}})
	if err != nil {
		log.Fatal(err)
	}
	left, right := phy.NewSharedPipe(phy.PipeConfig{})
	there, err := netconn.Start(netconn.Config{Device: right, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}})
	if err != nil {
		log.Fatal(err)
	}
	defer there.Close()
	l, err := there.ListenTLS("tcp", ":443", &tlssock.Config{
		Certificates: tlssock.Certificates(id), NextProtos: []string{"h2", "http/1.1"},
	})
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello over ", r.Proto) })}
	go nethttp.Serve(server, l)
	defer server.Close()

	here, err := netconn.Start(netconn.Config{Device: left, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}})
	if err != nil {
		log.Fatal(err)
	}
	defer here.Close()
	dialer := &netconn.Dialer{Runner: here, TLS: &tlssock.Config{Trust: x509lite.Pin(id.Leaf), ServerName: "server.example"}}
	client := &http.Client{Transport: nethttp.NewTransport(dialer, nil)}
	resp, err := client.Get("https://192.0.2.2/")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Printf("%s %v", body, err)
	// Output: hello over HTTP/2.0 <nil>
}
