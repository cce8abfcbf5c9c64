package limit

import (
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/measure"
)

func TestHandshakeLimits(t *testing.T) {
	for _, k := range []identity.Kind{identity.P256, identity.Ed25519, identity.RSA2048} {
		for _, g := range []tls.CurveID{tls.X25519, tls.X25519MLKEM768} {
			r := measure.NewReadings(2)
			if err := Handshake(k, g)(measure.Smoke, r); err != nil {
				t.Fatal(err)
			}
			if len(r.Of(handshakeTime)) != 1 || r.Of(handshakeTime)[0] <= 0 || len(r.Of(handshakeMallocs)) != 1 {
				t.Errorf("%v, %v: %v", k, g, r)
			}
		}
	}
}

func TestResumptionLimit(t *testing.T) {
	r := measure.NewReadings(2)
	if err := Resumption(tls.X25519)(measure.Smoke, r); err != nil {
		t.Fatal(err)
	}
	if r.Of(handshakeTime)[0] <= 0 {
		t.Error(r)
	}
}

func TestASignatureOfAnotherKeyIsAnError(t *testing.T) {
	for _, k := range []identity.Kind{identity.P256, identity.Ed25519, identity.RSA2048} {
		p, err := identity.NewPair(k)
		if err != nil {
			t.Fatal(err)
		}
		mixed := p.Client
		mixed.Leaf = p.Server.Leaf
		if err := signAndVerify(mixed); !errors.Is(err, errPublicKey) {
			t.Errorf("%v: %v", k, err)
		}
	}
}
