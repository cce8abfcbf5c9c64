package set_test

import (
	"crypto"
	"crypto/tls"
	"fmt"
	"io"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// hsmKey is a key of which only the public half is here. Its Sign says that the signature comes later.
type hsmKey struct {
	public crypto.PublicKey
	label  string // by which the HSM knows it
}

func (k hsmKey) Public() crypto.PublicKey { return k.public }

func (k hsmKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, tlssock.ErrPending
}

// A client proves who it is with a key in an HSM, to which requests go and from which answers come as the loop goes
// round.
func ExampleTLSSocketSet_Deliver() {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	serverID, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"device-7"}})
	clientID, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"operator"}})
	hsm := map[string]crypto.Signer{"operator's key": clientID.Key} // stands for what is at the end of a cable

	wireA, wireB := phy.NewPipe(phy.PipeConfig{})
	a, _ := iface.New(iface.Config{Device: wireA, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}})
	b, _ := iface.New(iface.Config{Device: wireB, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}})
	clients, servers := set.NewTLS(a, set.Limits{}), set.NewTLS(b, set.Limits{})
	listener, _ := servers.Listen(netip.MustParseAddrPort("192.0.2.2:443"), set.ListenConfig{TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(serverID),
		ClientAuth:   tls.RequireAndVerifyClientCert, Trust: x509lite.Pin(clientID.Leaf),
	}})
	clients.Connect(netip.MustParseAddrPort("192.0.2.2:443"), &tlssock.Config{
		Certificates: []tls.Certificate{{Certificate: clientID.Chain, PrivateKey: hsmKey{clientID.Key.Public(), "operator's key"}}},
		Trust:        x509lite.Pin(serverID.Leaf), ServerName: "device-7",
	})

	var asked *tlssock.Pending
	for ; ; now = now.Add(time.Millisecond) {
		set.Poll(now, a, nil, clients)
		set.Poll(now, b, nil, servers)
		if asked != nil { // some rounds later
			signature, err := hsm[asked.Key.(hsmKey).label].Sign(nil, asked.Input, asked.Options)
			clients.Deliver(asked, tlssock.Answer{Signature: signature, Err: err})
			asked = nil
		}
		for p := range clients.Pending() {
			fmt.Printf("%s: %v of %d bytes\n", p.Key.(hsmKey).label, p.Kind, len(p.Input))
			asked = p
		}
		if h, ok := servers.Accept(listener); ok {
			s, _ := servers.Get(h)
			fmt.Println("server knows", s.ConnectionState().PeerCertificates[0].DNSNames)
			return
		}
	}
	// Output:
	// operator's key: signature of 32 bytes
	// server knows [operator]
}
