// Command minimal is the least that one does with this module: a client and a server in memory, each with an Ed25519
// certificate that the other one pins, shake hands and say hello. What it weighs is what the module weighs: see the
// package above.
package main

import (
	"crypto/tls"
	"net/netip"
	"os"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func main() {
	if err := run(); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
}

// end is one of the two stacks.
type end struct {
	ifc  *iface.Interface
	tlss *set.TLSSocketSet
}

func newEnd(dev phy.Device, addr string) (e end, err error) {
	e.ifc, err = iface.New(iface.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix(addr)}})
	if err == nil {
		e.tlss = set.NewTLS(e.ifc, set.Limits{})
	}
	return e, err
}

func identity(name string) (*x509lite.Identity, error) {
	return x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{name}, KeyType: x509lite.Ed25519Key})
}

func run() error {
	clientID, err := identity("client")
	if err != nil {
		return err
	}
	serverID, err := identity("server")
	if err != nil {
		return err
	}
	left, right := phy.NewPipe(phy.PipeConfig{})
	client, err := newEnd(left, "192.0.2.1/24")
	if err != nil {
		return err
	}
	server, err := newEnd(right, "192.0.2.2/24")
	if err != nil {
		return err
	}
	at := netip.MustParseAddrPort("192.0.2.2:443")
	l, err := server.tlss.Listen(at, set.ListenConfig{TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(serverID), Trust: x509lite.Pin(clientID.Leaf), ClientAuth: tls.RequireAndVerifyClientCert,
	}})
	if err != nil {
		return err
	}
	h, err := client.tlss.Connect(at, &tlssock.Config{Certificates: tlssock.Certificates(clientID), Trust: x509lite.Pin(serverID.Leaf), ServerName: "server"})
	if err != nil {
		return err
	}
	for {
		now := time.Now()
		set.Poll(now, client.ifc, nil, client.tlss)
		set.Poll(now, server.ifc, nil, server.tlss)
		if sh, ok := server.tlss.Accept(l); ok {
			s, _ := server.tlss.Get(sh)
			_, _ = s.TryWrite([]byte("hello\n"))
		}
		c, _ := client.tlss.Get(h)
		if err := c.Err(); err != nil {
			return err
		}
		var buf [16]byte
		if n, err := c.TryRead(buf[:]); err == nil && n > 0 {
			_, err = os.Stdout.Write(buf[:n])
			return err
		}
	}
}
