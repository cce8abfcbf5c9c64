package netconn_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/netip"
	"time"

	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// Two stations on an Ethernet in memory, each with a certificate that it signed itself and the other one pins.
func Example() {
	client := identity("client.example")
	server := identity("server.example")
	left, right := phy.NewSharedPipe(phy.PipeConfig{})

	there, err := netconn.Start(netconn.Config{Device: right, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}})
	if err != nil {
		log.Fatal(err)
	}
	defer there.Close()
	l, err := there.ListenTLS("tcp", ":443", &tlssock.Config{
		Certificates: tlssock.Certificates(server),
		Trust:        x509lite.Pin(client.Leaf),
		ClientAuth:   tls.RequireAndVerifyClientCert,
	})
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				name, _ := io.ReadAll(c)
				fmt.Fprintf(c, "hello, %s", name)
			}()
		}
	}()

	here, err := netconn.Start(netconn.Config{Device: left, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}})
	if err != nil {
		log.Fatal(err)
	}
	defer here.Close()
	d := &netconn.Dialer{Runner: here, TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(client),
		Trust:        x509lite.Pin(server.Leaf),
		ServerName:   "server.example",
	}}
	c, err := d.DialTLSContext(context.Background(), "tcp", "192.0.2.2:443")
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "world")
	c.(*netconn.TLSConn).CloseWrite()
	answer, err := io.ReadAll(c)
	fmt.Printf("%s %v", answer, err)
	// Output: hello, world <nil>
}

func identity(name string) *x509lite.Identity {
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{name}})
	if err != nil {
		log.Fatal(err)
	}
	return id
}
