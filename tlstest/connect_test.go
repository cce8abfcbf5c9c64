package tlstest

import (
	"io"
	"testing"

	"smoltls/netconn"
)

func TestConnectGivesTwoEndsThatKnowEachOther(t *testing.T) {
	for _, typ := range KeyTypes() {
		p := Connect(t, Options{KeyType: typ})
		c, s := p.Client.(*netconn.TLSConn).State(), p.Server.(*netconn.TLSConn).State()
		if !c.PeerVerified || !s.PeerVerified || string(c.PeerCertificates[0].Raw) != string(p.ServerID.Leaf.Raw) || string(s.PeerCertificates[0].Raw) != string(p.ClientID.Leaf.Raw) {
			t.Errorf("%v: %+v, %+v", typ, c, s)
		}
		io.WriteString(p.Server, "x")
		if _, err := io.ReadFull(p.Client, make([]byte, 1)); err != nil {
			t.Errorf("%v: %v", typ, err)
		}
	}
}

func TestConnectToSomebodyElsesCode(t *testing.T) {
	for _, o := range []Options{{Client: StdTLS}, {Server: StdTLS}, {Client: StdTLS, Server: StdTLS}} {
		p := Connect(t, o)
		io.WriteString(p.Client, "x")
		if _, err := io.ReadFull(p.Server, make([]byte, 1)); err != nil {
			t.Error(err)
		}
	}
}
