package set_test

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// Two stations on an Ethernet in memory: a server that demands a certificate and a client that has one. One loop polls
// both; the clock is the loop's own.
func Example() {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	serverID, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"device-7"}})
	clientID, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"operator"}})

	wireA, wireB := phy.NewPipe(phy.PipeConfig{})
	a, _ := iface.New(iface.Config{Device: wireA, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}})
	b, _ := iface.New(iface.Config{Device: wireB, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}})
	clients, servers := set.NewTLS(a, set.Limits{}), set.NewTLS(b, set.Limits{})

	listener, _ := servers.Listen(netip.MustParseAddrPort("192.0.2.2:443"), set.ListenConfig{TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(serverID),
		ClientAuth:   tls.RequireAndVerifyClientCert,
		Trust:        x509lite.Pin(clientID.Leaf),
	}})
	client, _ := clients.Connect(netip.MustParseAddrPort("192.0.2.2:443"), &tlssock.Config{
		Certificates: tlssock.Certificates(clientID),
		Trust:        x509lite.Pin(serverID.Leaf),
		ServerName:   "device-7",
	})

	buf := make([]byte, 100)
	for done := false; !done; now = now.Add(time.Millisecond) {
		set.Poll(now, a, nil, clients)
		set.Poll(now, b, nil, servers)
		if h, ok := servers.Accept(listener); ok {
			s, _ := servers.Get(h)
			fmt.Println("server knows", s.ConnectionState().PeerCertificates[0].DNSNames)
			s.TryWrite([]byte("welcome"))
		}
		for h := range clients.Ready() {
			if c, ok := clients.Get(h); ok && h == client {
				if n, err := c.TryRead(buf); err == nil {
					fmt.Printf("client reads %q\n", buf[:n])
					done = true
				}
			}
		}
	}
	// Output:
	// server knows [operator]
	// client reads "welcome"
}
