package demo

import (
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// cases are the handshakes that must fail: whom each end is, or whom it trusts, is changed in one point.
var cases = []failing{
	{
		name: "wrong server pin", byClient: true, alert: tlssock.AlertUnknownCA,
		configure: func(ids *identities, client, _ *tlssock.Config) error {
			other, err := ids.make(serverName, 0, 0)
			if err == nil {
				client.Trust = x509lite.Pin(other.Leaf)
			}
			return err
		},
	},
	{
		name: "wrong client pin", alert: tlssock.AlertUnknownCA,
		configure: func(ids *identities, _, server *tlssock.Config) error {
			other, err := ids.make(clientName, 0, 0)
			if err == nil {
				server.Trust = x509lite.Pin(other.Leaf)
			}
			return err
		},
	},
	{
		name: "no client certificate", alert: tlssock.AlertCertificateRequired,
		configure: func(_ *identities, client, _ *tlssock.Config) error {
			client.Certificates = nil
			return nil
		},
	},
	{
		name: "server expired", byClient: true, alert: tlssock.AlertCertificateExpired,
		configure: serverIs(serverName, -30, 20),
	},
	{
		name: "server not yet valid", byClient: true, alert: tlssock.AlertCertificateExpired,
		configure: serverIs(serverName, 10, 20),
	},
	{
		name: "client expired", alert: tlssock.AlertCertificateExpired,
		configure: func(ids *identities, client, server *tlssock.Config) error {
			id, err := ids.make(clientName, -30, 20)
			if err == nil {
				client.Certificates = tlssock.Certificates(id)
				server.Trust = x509lite.Pin(id.Leaf)
			}
			return err
		},
	},
	{
		name: "wrong name", byClient: true, alert: tlssock.AlertBadCertificate,
		configure: serverIs("someone-else.example", 0, 0),
	},
	{
		name: "tampered server signature", byClient: true, alert: tlssock.AlertDecryptError,
		configure: func(ids *identities, _, server *tlssock.Config) error {
			server.Certificates[0].PrivateKey = tamperingSigner{ids.server.Key}
			return nil
		},
	},
	{
		name: "tampered client signature", alert: tlssock.AlertDecryptError,
		configure: func(ids *identities, client, _ *tlssock.Config) error {
			client.Certificates[0].PrivateKey = tamperingSigner{ids.client.Key}
			return nil
		},
	},
}

// serverIs gives the server another identity, which the client pins.
func serverIs(name string, from, days int) func(*identities, *tlssock.Config, *tlssock.Config) error {
	return func(ids *identities, client, server *tlssock.Config) error {
		id, err := ids.make(name, from, days)
		if err == nil {
			server.Certificates = tlssock.Certificates(id)
			client.Trust = x509lite.Pin(id.Leaf)
		}
		return err
	}
}
