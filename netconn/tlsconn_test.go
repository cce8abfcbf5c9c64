package netconn

import (
	"crypto/tls"
	"testing"
	"testing/synctest"
)

func TestTheStateOfAConnectionIsToldInBothForms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.clientTLS.NextProtos = []string{"h2", "http/1.1"}
		w.serverTLS.NextProtos = []string{"h2"}
		client, server := w.pair(t, true)
		for end, c := range map[string]*TLSConn{"client.test": server.(*TLSConn), serverName: client.(*TLSConn)} {
			cs, own := c.ConnectionState(), c.State()
			if cs.Version != tls.VersionTLS13 || !cs.HandshakeComplete || cs.NegotiatedProtocol != "h2" || cs.CipherSuite != own.CipherSuite || cs.ServerName != serverName {
				t.Errorf("%+v", cs)
			}
			if len(cs.PeerCertificates) != 1 || cs.PeerCertificates[0].DNSNames[0] != end {
				t.Errorf("peer of the connection to %s: %v", end, cs.PeerCertificates)
			}
			if !own.PeerVerified {
				t.Errorf("%s was not verified", end)
			}
			c.Close()
			if after := c.State(); after.ServerName != serverName || after.PeerCertificates[0] != own.PeerCertificates[0] {
				t.Errorf("after Close: %+v", after)
			}
		}
	})
}

// net/http takes a connection with this method for one of TLS.
func TestAConnectionWithoutTLSHasNoStateOfTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := newWorld(t).pair(t, false)
		type stater interface{ ConnectionState() tls.ConnectionState }
		_, a := client.(stater)
		_, b := server.(stater)
		if a || b {
			t.Error("it has")
		}
	})
}
