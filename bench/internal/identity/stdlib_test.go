package identity

import (
	"crypto/tls"
	"net"
	"testing"
)

// connect runs a handshake between crypto/tls and itself, and one byte from the server, which tells that it accepted
// the client.
func connect(t *testing.T, client, server *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	cc, sc := net.Pipe()
	c, s := tls.Client(cc, client), tls.Server(sc, server)
	defer cc.Close()
	go func() {
		defer sc.Close()
		if s.Handshake() == nil {
			s.Write([]byte{1})
		}
	}()
	_, err := c.Read(make([]byte, 1))
	return c.ConnectionState(), err
}

func TestEachEndAcceptsExactlyTheOther(t *testing.T) {
	for _, k := range []Kind{P256, Ed25519} {
		p, err := NewPair(k)
		if err != nil {
			t.Fatal(err)
		}
		client, server := p.StdConfigs(tls.X25519, true)
		st, err := connect(t, client, server)
		if err != nil {
			t.Fatalf("%v: %v", k, err)
		}
		if st.Version != tls.VersionTLS13 || st.CurveID != tls.X25519 {
			t.Errorf("%v: version %x, group %v", k, st.Version, st.CurveID)
		}
		stranger, err := NewPair(k)
		if err != nil {
			t.Fatal(err)
		}
		wrong, _ := Pair{Client: stranger.Client, Server: p.Server}.StdConfigs(tls.X25519, true)
		if _, err := connect(t, wrong, server); err == nil {
			t.Errorf("%v: the server accepted a stranger", k)
		}
		_, wrong = Pair{Client: p.Client, Server: stranger.Server}.StdConfigs(tls.X25519, true)
		if _, err := connect(t, client, wrong); err == nil {
			t.Errorf("%v: the client accepted a stranger", k)
		}
	}
}

func TestWithoutMutualTheClientShowsNothing(t *testing.T) {
	p, err := NewPair(P256)
	if err != nil {
		t.Fatal(err)
	}
	client, server := p.StdConfigs(tls.X25519, false)
	if len(client.Certificates) != 0 {
		t.Error("the client has a certificate")
	}
	if _, err := connect(t, client, server); err != nil {
		t.Error(err)
	}
}
