package tlssock

import (
	"testing"

	"smoltls/tlssock/internal/wire"
)

// There is no renegotiation in TLS 1.3 (RFC 8446 §4.1.2).
func TestRenegotiationIsRefused(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.client.queueRecords(wire.Handshake, rawClientHello(t, nil))
	p.run()
	p.wantAlert(p.server, AlertUnexpectedMessage)
}
