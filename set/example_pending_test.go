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

// A server's RSA key signs in a goroutine of the caller's, or in an HSM across a network: whatever takes longer than
// the loop can wait. The loop polls on meanwhile.
func ExampleTLSSocketSet_Pending() {
	id, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"device-7"}, KeyType: x509lite.RSA})

	wireA, wireB := phy.NewPipe(phy.PipeConfig{})
	a, _ := iface.New(iface.Config{Device: wireA, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}})
	b, _ := iface.New(iface.Config{Device: wireB, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}})
	clients, servers := set.NewTLS(a, set.Limits{}), set.NewTLS(b, set.Limits{})

	listener, _ := servers.Listen(netip.MustParseAddrPort("192.0.2.2:443"), set.ListenConfig{TLS: &tlssock.Config{
		Certificates: []tls.Certificate{{Certificate: id.Chain, PrivateKey: tlssock.SignLater(id.Key)}},
	}})
	clients.Connect(netip.MustParseAddrPort("192.0.2.2:443"), &tlssock.Config{Trust: x509lite.Pin(id.Leaf), ServerName: "device-7"})

	type signed struct {
		question *tlssock.Pending
		answer   tlssock.Answer
	}
	answers := make(chan signed)
	for {
		now := time.Now()
		set.Poll(now, a, nil, clients)
		set.Poll(now, b, nil, servers)
		for p := range servers.Pending() {
			fmt.Println("to be signed with", p.Scheme)
			go func() { answers <- signed{p, p.Sign()} }()
		}
		select {
		case s := <-answers:
			servers.Deliver(s.question, s.answer)
		default: // the device's Wait is the place to wait for either
		}
		if h, ok := servers.Accept(listener); ok {
			s, _ := servers.Get(h)
			fmt.Println(s.State())
			return
		}
	}
	// Output:
	// to be signed with PSSWithSHA256
	// established
}
