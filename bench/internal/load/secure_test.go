package load

import (
	"crypto/tls"
	"net"
	"testing"

	"smoltls/bench/internal/identity"
)

func TestSecureIsDoneAtBothEnds(t *testing.T) {
	ids, err := identity.NewPair(identity.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	clientCfg, serverCfg := ids.StdConfigs(tls.X25519, true)
	c, s, err := Secure(a, b, clientCfg, serverCfg)
	if err != nil {
		t.Fatal(err)
	}
	if !c.ConnectionState().HandshakeComplete || !s.ConnectionState().HandshakeComplete {
		t.Error("a handshake is not complete")
	}
	if len(s.ConnectionState().PeerCertificates) != 1 {
		t.Error("the server has not seen the client's certificate")
	}
}
