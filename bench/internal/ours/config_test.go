package ours

import (
	"crypto/tls"
	"testing"

	"smoltls/bench/internal/identity"
	"smoltls/tlssock"
)

func TestConfigsAreUsableAndTheClientShowsItselfOnlyIfMutual(t *testing.T) {
	for _, mutual := range []bool{false, true} {
		c, err := newConfigs(identity.P256, tls.X25519MLKEM768, mutual)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.client.Check(tlssock.RoleClient); err != nil {
			t.Error(err)
		}
		if err := c.server.Check(tlssock.RoleServer); err != nil {
			t.Error(err)
		}
		if shown := len(c.client.Certificates) == 1; shown != mutual {
			t.Errorf("mutual %v: %d certificates", mutual, len(c.client.Certificates))
		}
		if asked := c.server.ClientAuth == tls.RequireAndVerifyClientCert; asked != mutual {
			t.Errorf("mutual %v: %v", mutual, c.server.ClientAuth)
		}
	}
}
