package tlssock_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// A client encrypts its hello to the server's key. With a key that the server has no more, it learns which one to use
// instead and comes again; nobody else sees the name that it asks for.
func ExampleNewECHKey() {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	secret, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"device-7.example"}})
	public, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"www.example"}})
	old, _ := tlssock.NewECHKey(tlssock.ECHKeyOptions{PublicName: "www.example", ConfigID: 1})
	present, _ := tlssock.NewECHKey(tlssock.ECHKeyOptions{PublicName: "www.example", ConfigID: 2})
	published, _ := tlssock.ECHConfigList(old) // long ago

	server := &tlssock.Config{
		Certificates:             tlssock.Certificates(secret, public),
		EncryptedClientHelloKeys: []tls.EncryptedClientHelloKey{present},
	}
	client := &tlssock.Config{
		ServerName: "device-7.example", Trust: x509lite.Pin(secret.Leaf, public.Leaf), EncryptedClientHelloConfigList: published,
	}
	env := &tlssock.Env{Now: now}
	for {
		c, _ := tlssock.NewEngine(env, client, tlssock.RoleClient)
		s, _ := tlssock.NewEngine(env, server, tlssock.RoleServer)
		c.Start()
		carry(c, s)
		carry(s, c)
		carry(c, s)
		var rejected *tls.ECHRejectionError
		if errors.As(c.Err(), &rejected) && len(rejected.RetryConfigList) > 0 {
			fmt.Println(c.Err())
			client = client.Clone()
			client.EncryptedClientHelloConfigList = rejected.RetryConfigList
			continue
		}
		fmt.Println("complete:", c.HandshakeComplete(), "encrypted:", c.ConnectionState().ECHAccepted, "for:", s.ConnectionState().ServerName)
		return
	}
	// Output:
	// tls: server rejected ECH (sent alert ech_required)
	// complete: true encrypted: true for: device-7.example
}
