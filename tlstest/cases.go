package tlstest

import (
	"testing"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

const (
	client = tlssock.RoleClient
	server = tlssock.RoleServer
	day    = 24 * time.Hour
)

// Cases gives every bad case.
func Cases() []Case {
	cases := []Case{
		{
			Name: "server certificate: another one is pinned", Finder: client, Err: x509lite.ErrNotPinned, Alert: tlssock.AlertUnknownCA,
			prepare: func(p *plan) { p.client.Peer = p.identity("another server", ServerName, nil) },
		}, {
			Name: "client certificate: another one is pinned", Finder: server, Err: x509lite.ErrNotPinned, Alert: tlssock.AlertUnknownCA,
			prepare: func(p *plan) { p.server.Peer = p.identity("another client", ClientName, nil) },
		}, {
			Name: "client certificate: none", Finder: server, Err: tlssock.ErrNoClientCertificate, Alert: tlssock.AlertCertificateRequired,
			prepare: func(p *plan) { p.client.Own = nil },
		}, {
			Name: "server certificate: wrong name", Finder: client, Err: x509lite.ErrNameMismatch, Alert: tlssock.AlertBadCertificate,
			prepare: func(p *plan) { p.become(server, "another.test", nil) },
		},
	}
	for _, r := range []tlssock.Role{server, client} {
		cases = append(cases, Case{
			Name: r.String() + " key: not the certified one", Finder: other(r), Err: tlssock.ErrBadSignature, Alert: tlssock.AlertDecryptError,
			prepare: func(p *plan) { p.pretend(r) },
		})
		cases = append(cases, certificateCases(r)...)
	}
	return append(cases, wireCases()...)
}

// certificateCases are those in which r's certificate is the one that is pinned and has something wrong with it.
func certificateCases(r tlssock.Role) []Case {
	name, otherUse := ServerName, x509lite.ExtClientAuth
	if r == client {
		name, otherUse = ClientName, x509lite.ExtServerAuth
	}
	is := func(what string, err error, alert tlssock.Alert, change func(p *plan, o *x509lite.SelfSignedOptions)) Case {
		return Case{
			Name: r.String() + " certificate: " + what, Finder: other(r), Err: err, Alert: alert,
			prepare: func(p *plan) { p.become(r, name, func(o *x509lite.SelfSignedOptions) { change(p, o) }) },
		}
	}
	usage := is("key usage that does not allow to sign", x509lite.ErrKeyUsage, tlssock.AlertUnsupportedCertificate, func(_ *plan, o *x509lite.SelfSignedOptions) {
		o.KeyUsage = x509lite.KeyAgreement
	})
	usage.Optional = true
	return []Case{
		is("expired", x509lite.ErrExpired, tlssock.AlertCertificateExpired, func(p *plan, o *x509lite.SelfSignedOptions) {
			p.valid(-30*day, -day)(o)
		}),
		is("not yet valid", x509lite.ErrNotYetValid, tlssock.AlertCertificateExpired, func(p *plan, o *x509lite.SelfSignedOptions) {
			p.valid(day, 30*day)(o)
		}),
		is("wrong extended key usage", x509lite.ErrExtKeyUsage, tlssock.AlertUnsupportedCertificate, func(_ *plan, o *x509lite.SelfSignedOptions) {
			o.ExtKeyUsage = otherUse
		}),
		usage,
	}
}

// wireCases are those in which both ends are in order and somebody on the wire is not.
func wireCases() []Case {
	after := func(f func(*Link)) func(*plan) {
		return func(p *plan) { p.meanwhile = func(established) { f(p.Link) } }
	}
	return []Case{
		{
			Name: "wire: the server's handshake is tampered with", Finder: client, Alert: tlssock.AlertBadRecordMAC,
			prepare: func(p *plan) { p.Link.TamperNext(server) },
		}, {
			Name: "wire: the client's data is tampered with", Finder: server, Alert: tlssock.AlertBadRecordMAC,
			prepare: after(func(l *Link) { l.TamperNext(client) }),
		}, {
			Name: "wire: the server's data is tampered with", Finder: client, Alert: tlssock.AlertBadRecordMAC,
			prepare: after(func(l *Link) { l.TamperNext(server) }),
		}, {
			Name: "wire: the server's stream is truncated", Finder: client, Err: tlssock.ErrTruncated, NoAlert: true,
			prepare: after(func(l *Link) { l.Truncate(server) }),
		}, {
			Name: "wire: the client's stream is truncated", Finder: server, Err: tlssock.ErrTruncated, NoAlert: true,
			prepare: after(func(l *Link) { l.Truncate(client) }),
		}, {
			// He who replays can't finish the handshake; what counts is that his early data is not taken.
			Name: "wire: early data is replayed", Finder: server, Err: tlssock.ErrTruncated, NoAlert: true, OnlyOurs: true,
			run: replay,
		},
	}
}

// Test runs the good case, with every kind of key that o leaves open, and all of [Cases], each as a subtest. It is for
// whoever has a TLS of their own, as o.Client or o.Server, or a configuration of this one, as o.Configure.
func Test(t *testing.T, o Options) {
	t.Run("good", func(t *testing.T) { good(t, o) })
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			out := c.Run(t, o)
			if out.Skipped {
				t.Skip("takes smoltls at both ends")
			}
			if err := c.Check(out); err != nil {
				t.Error(err)
			}
		})
	}
}

// good wants to see that nothing goes wrong.
func good(t *testing.T, o Options) {
	types := []x509lite.KeyType{o.KeyType}
	if o.KeyType == x509lite.UnknownKey && o.Client == nil && o.Server == nil {
		types = KeyTypes()
	}
	for _, o.KeyType = range types {
		t.Run(o.keyType().String(), func(t *testing.T) {
			var out Outcome
			newPlan(t, o).converse(&out)
			if out.ClientErr != nil || out.ServerErr != nil {
				t.Errorf("client: %v, server: %v", out.ClientErr, out.ServerErr)
			}
		})
	}
}
