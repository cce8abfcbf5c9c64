package tlstest

import (
	"bytes"
	"io"
	"net"
	"testing"
	"testing/synctest"

	"smoltls/netconn"
)

func TestANetworkCarriesBothFamilies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := NewNetwork(t, Options{})
		l, err := n.ServerStack.Listen("tcp", ":80")
		if err != nil {
			t.Fatal(err)
		}
		d := &netconn.Dialer{Runner: n.ClientStack}
		for _, host := range []string{ServerAddr.String(), ServerAddr6.String()} {
			c, err := d.Dial("tcp", net.JoinHostPort(host, "80"))
			if err != nil {
				t.Fatal(err)
			}
			s, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(c, "x")
			c.Close()
			if b, err := io.ReadAll(s); string(b) != "x" || err != nil {
				t.Errorf("%s: %q, %v", host, b, err)
			}
		}
	})
}

func TestACaptureHoldsTheFramesAndTheSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var file bytes.Buffer
		n := Connect(t, Options{Capture: &file})
		n.ClientStack.Close()
		n.ServerStack.Close()
		if !bytes.Contains(file.Bytes(), []byte("SERVER_TRAFFIC_SECRET_0 ")) || !bytes.Contains(file.Bytes(), []byte("server.test")) {
			t.Errorf("%d bytes without what must be there", file.Len())
		}
	})
}
