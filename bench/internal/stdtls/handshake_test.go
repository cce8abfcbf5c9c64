package stdtls

import (
	"crypto/tls"
	"testing"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
)

func TestHandshake(t *testing.T) {
	for _, mode := range []load.Handshake{load.Full, load.Resumed} {
		for _, k := range []identity.Kind{identity.P256, identity.Ed25519, identity.RSA2048} {
			r := measure.NewReadings(2)
			if err := Handshake(k, tls.X25519, mode)(measure.Smoke, r); err != nil {
				t.Fatal(mode, k, err)
			}
			if r.Of(handshakeTime)[0] <= 0 || r.Of(handshakeMallocs)[0] <= 0 {
				t.Error(mode, k, r.Of(handshakeTime), r.Of(handshakeMallocs))
			}
		}
	}
}
