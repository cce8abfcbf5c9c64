package tlssock_test

import (
	"crypto/tls"
	"fmt"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// carry takes every record that from has to send.
func carry(from, to *tlssock.Engine) {
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

// An engine has no transport: what is in Output of one goes, record by record, into Receive of the other. Here a slice
// is all there is between them.
func ExampleEngine() {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	id, _ := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: now, Names: []string{"device-7"}})
	env := &tlssock.Env{Now: now}
	server, _ := tlssock.NewEngine(env, &tlssock.Config{
		Certificates: tlssock.Certificates(id),
	}, tlssock.RoleServer)
	client, _ := tlssock.NewEngine(env, &tlssock.Config{Trust: x509lite.Pin(id.Leaf), ServerName: "device-7"}, tlssock.RoleClient)

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

// A device and its server know each other's keys, and nothing else is needed: no certificate, no name, no dates (RFC
// 7250).
func ExampleConfig_rawPublicKeys() {
	device, _ := x509lite.GenerateKey(x509lite.Ed25519Key, 0, nil)
	station, _ := x509lite.GenerateKey(x509lite.Ed25519Key, 0, nil)
	deviceKey, _ := x509lite.NewPublicKeyInfo(device)
	stationKey, _ := x509lite.NewPublicKeyInfo(station)
	rawKeys := []tlssock.CertificateType{tlssock.CertificateTypeRawPublicKey}

	env := &tlssock.Env{Now: time.Now()}
	server, _ := tlssock.NewEngine(env, &tlssock.Config{
		Certificates: []tls.Certificate{{PrivateKey: station}}, PeerCertificateTypes: rawKeys,
		Trust: x509lite.PinSPKI(deviceKey.SPKIHash()), ClientAuth: tls.RequireAndVerifyClientCert,
	}, tlssock.RoleServer)
	client, _ := tlssock.NewEngine(env, &tlssock.Config{
		Certificates: []tls.Certificate{{PrivateKey: device}}, PeerCertificateTypes: rawKeys,
		Trust: x509lite.PinSPKI(stationKey.SPKIHash()),
	}, tlssock.RoleClient)

	client.Start()
	server.Start()
	carry(client, server) // ClientHello
	carry(server, client) // ServerHello to Finished
	carry(client, server) // the client's key, and Finished

	cs := server.ConnectionState()
	fmt.Println("verified:", cs.PeerVerified, cs.PeerRawPublicKey.KeyType, cs.PeerRawPublicKey.SPKIHash() == deviceKey.SPKIHash())
	// Output:
	// verified: true Ed25519 true
}
