package tlssock_test

import (
	"crypto/tls"
	"fmt"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// An engine has no transport: what is in Output of one goes, record by record, into Receive of the other. Here a slice is all there is between
// them.
func ExampleEngine() {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	id, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"device-7"}})
	env := &tlssock.Env{Now: now}
	server, _ := tlssock.NewEngine(env, &tlssock.Config{
		Certificates: []tls.Certificate{{Certificate: id.Chain, PrivateKey: id.Key}},
	}, tlssock.RoleServer)
	client, _ := tlssock.NewEngine(env, &tlssock.Config{Trust: x509lite.Pin(id.Leaf), ServerName: "device-7"}, tlssock.RoleClient)

	// carry takes every record that from has to send.
	carry := func(from, to *tlssock.Engine) {
		wire := append([]byte(nil), from.Output()...)
		from.Sent(len(wire))
		for len(wire) > 0 {
			n, err := to.RecordLen(wire)
			if err != nil {
				return
			}
			if _, err := to.Receive(nil, wire[:n]); err != nil {
				return
			}
			wire = wire[n:]
		}
	}

	client.Start()
	server.Start()
	carry(client, server) // ClientHello
	carry(server, client) // ServerHello to Finished
	carry(client, server) // Finished
	fmt.Println("complete:", client.HandshakeComplete(), server.HandshakeComplete())

	record := make([]byte, 100)
	n, _ := client.Seal(record, []byte("hello"))
	app, _ := server.Receive(nil, record[:n])
	fmt.Printf("server reads %q over %s\n", app, tlssock.CipherSuiteName(server.ConnectionState().CipherSuite))
	// Output:
	// complete: true true
	// server reads "hello" over TLS_AES_128_GCM_SHA256
}
