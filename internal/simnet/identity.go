package simnet

import (
	"crypto/tls"
	"io"
	"math/rand/v2"
	"sync"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// serverName is the name that every server's certificate has.
const serverName = "server.simnet.test"

// identities are one of a client and one of a server, made once for all worlds, and the same in every run.
var identities = sync.OnceValues(func() (ids [2]*x509lite.Identity, err error) {
	for i, name := range []string{"client.simnet.test", serverName} {
		ids[i], err = x509lite.SelfSigned(x509lite.SelfSignedOptions{
			Now: Epoch, Names: []string{name}, KeyType: x509lite.Ed25519Key, Rand: rand.NewChaCha8([32]byte{byte(i)}),
		})
		if err != nil {
			return ids, err
		}
	}
	return ids, nil
})

// MutualTLS gives configurations of a client and a server that authenticate each other by pinned certificates. keyLog
// may be nil.
func (l *Lab) MutualTLS(keyLog io.Writer) (client, server *tlssock.Config, err error) {
	ids, err := identities()
	if err != nil {
		return nil, nil, err
	}
	config := func(own, peer *x509lite.Identity) *tlssock.Config {
		return &tlssock.Config{
			Rand: l.entropy(), KeyLogWriter: keyLog, CurvePreferences: []tls.CurveID{tls.X25519},
			Certificates: tlssock.Certificates(own), Trust: x509lite.Pin(peer.Leaf),
		}
	}
	client, server = config(ids[0], ids[1]), config(ids[1], ids[0])
	client.ServerName, server.ClientAuth = serverName, tls.RequireAndVerifyClientCert
	return client, server, nil
}
