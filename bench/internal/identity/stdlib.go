package identity

import (
	"crypto/tls"
	"crypto/x509"
)

// StdConfigs configures both ends for crypto/tls: TLS 1.3, each accepts exactly the other's certificate, one group, no
// session tickets. With mutual unset the client shows no certificate.
func (p Pair) StdConfigs(group tls.CurveID, mutual bool) (client, server *tls.Config) {
	client = &tls.Config{
		MinVersion:       tls.VersionTLS13,
		ServerName:       ServerName,
		RootCAs:          pool(p.Server),
		CurvePreferences: []tls.CurveID{group},
	}
	server = &tls.Config{
		MinVersion:             tls.VersionTLS13,
		Certificates:           []tls.Certificate{p.Server},
		CurvePreferences:       []tls.CurveID{group},
		SessionTicketsDisabled: true,
	}
	if mutual {
		client.Certificates = []tls.Certificate{p.Client}
		server.ClientAuth = tls.RequireAndVerifyClientCert
		server.ClientCAs = pool(p.Client)
	}
	return client, server
}

func pool(c tls.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(c.Leaf)
	return p
}
