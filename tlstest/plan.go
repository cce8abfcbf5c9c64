package tlstest

import (
	"crypto"
	"testing"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// Names of the two identities.
const (
	ClientName = "client.test"
	ServerName = "server.test"
)

// plan is a network and what its two ends are told, before they meet.
type plan struct {
	*Network
	t              testing.TB
	o              Options
	client, server End

	meanwhile func(conn established) // between the handshake and the data; nil: nothing
}

func newPlan(t testing.TB, o Options) *plan {
	t.Helper()
	p := &plan{Network: NewNetwork(t, o), t: t, o: o}
	clientID, serverID := p.identity("client", ClientName, nil), p.identity("server", ServerName, nil)
	p.client = End{Role: tlssock.RoleClient, Own: clientID, Peer: serverID, Name: ServerName, Now: p.Clock.Now, KeyLog: p.keyLog()}
	p.server = End{Role: tlssock.RoleServer, Own: serverID, Peer: clientID, Now: p.Clock.Now}
	return p
}

// identity makes one of the plan's kind of key; change may change what it is made of. who tells keys apart.
func (p *plan) identity(who, name string, change func(*x509lite.SelfSignedOptions)) *Identity {
	p.t.Helper()
	typ := p.o.keyType()
	o := x509lite.SelfSignedOptions{Now: p.Clock.Now(), Names: []string{name}, KeyType: typ}
	if key := ownKey(p.t, who, typ); key != nil {
		o.Key = key
	}
	if change != nil {
		change(&o)
	}
	return NewIdentity(p.t, o)
}

// become gives an end another identity, which the other one accepts but for what is wrong with it.
func (p *plan) become(role tlssock.Role, name string, change func(*x509lite.SelfSignedOptions)) {
	id := p.identity(role.String(), name, change)
	if role == tlssock.RoleClient {
		p.client.Own, p.server.Peer = id, id
	} else {
		p.server.Own, p.client.Peer = id, id
	}
}

// pretend gives an end the right certificate, and another's key for it: what anybody can do who has seen the
// certificate.
func (p *plan) pretend(role tlssock.Role) {
	end := &p.server
	if role == tlssock.RoleClient {
		end = &p.client
	}
	own := *end.Own.Identity
	own.Key = pretender{p.identity("another "+role.String(), ServerName, nil).Key, own.Key.Public()}
	end.Own = &Identity{&own}
}

// A pretender signs by one key, and says that it is another.
type pretender struct {
	crypto.Signer
	public crypto.PublicKey
}

// Public implements crypto.Signer.
func (p pretender) Public() crypto.PublicKey { return p.public }

// valid bounds an identity's validity, from the present.
func (p *plan) valid(from, to time.Duration) func(*x509lite.SelfSignedOptions) {
	return func(o *x509lite.SelfSignedOptions) { o.NotBefore, o.NotAfter = o.Now.Add(from), o.Now.Add(to) }
}
