package tlssock

import (
	"testing"

	"smoltls/tlssock/internal/wire"
)

// There is no post-handshake authentication without the client's offer (RFC 8446 §4.6.2).
func TestPostHandshakeRequestThatWasNotOfferedIsRefused(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	request, err := (&wire.CertificateRequest{
		Context: []byte("later"), Has: wire.SetOf(wire.ExtSignatureAlgorithms), SignatureAlgorithms: offeredSchemes(false),
	}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	p.server.queueRecords(wire.Handshake, request)
	p.run()
	p.wantAlert(p.client, AlertUnexpectedMessage)
}
