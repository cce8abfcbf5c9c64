package tlssock

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
)

// crypto/tls as the server whose tickets we use, and as the client that uses ours: full, resumed, resumed again, with
// mutual authentication and HelloRetryRequest.
func TestStdlibResumption(t *testing.T) {
	c, s := makeID(t, "P-256", testClientName), makeID(t, "Ed25519", testServerName)
	clients, servers := x509.NewCertPool(), x509.NewCertPool()
	clients.AddCert(c.std)
	servers.AddCert(s.std)
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP384} {
		for _, suite := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384} {
			env := &Env{Now: epoch}
			ourClient := &Config{
				Certificates: []tls.Certificate{c.cert}, Trust: s.pin(), ServerName: testServerName, ClientSessionCache: NewLRUClientSessionCache(0),
				CipherSuites: []uint16{suite}, CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384},
			}
			theirServer := &tls.Config{
				Certificates: []tls.Certificate{s.cert}, ClientCAs: clients, ClientAuth: tls.RequireAndVerifyClientCert, CurvePreferences: []tls.CurveID{group},
			}
			ourServer := &Config{
				Certificates: []tls.Certificate{s.cert}, Trust: c.pin(), ClientAuth: tls.RequireAndVerifyClientCert, CipherSuites: []uint16{suite},
				CurvePreferences: []tls.CurveID{group},
			}
			theirClient := &tls.Config{
				Certificates: []tls.Certificate{c.cert}, RootCAs: servers, ServerName: testServerName, ClientSessionCache: tls.NewLRUClientSessionCache(0),
				CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384},
			}
			for n := range 3 {
				for role, peer := range map[Role]*stdPeer{
					RoleClient: newStdPeer(t, env, ourClient, RoleClient, theirServer),
					RoleServer: newStdPeer(t, env, ourServer, RoleServer, theirClient),
				} {
					if ours, theirs := peer.echo(); ours != nil || theirs != nil {
						t.Fatalf("%v, %v, suite %#x, connection %d: %v, theirs %v", role, group, suite, n, ours, theirs)
					}
					us, them := peer.eng.ConnectionState(), peer.std.ConnectionState()
					if us.DidResume != (n > 0) || them.DidResume != us.DidResume || len(us.PeerCertificates) != 1 || len(them.PeerCertificates) != 1 {
						t.Errorf("%v, %v, suite %#x, connection %d: resumed %v, theirs %v, peers %d, %d", role, group, suite, n, us.DidResume, them.DidResume,
							len(us.PeerCertificates), len(them.PeerCertificates))
					}
				}
			}
		}
	}
}
