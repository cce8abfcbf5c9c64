package demo

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"testing"
)

func TestTamperingSignerMakesSignaturesThatDoNotVerify(t *testing.T) {
	ids := testIdentities(t)
	digest := sha256.Sum256([]byte("message"))
	pub := ids.client.Key.Public().(*ecdsa.PublicKey)
	for _, c := range []struct {
		key  crypto.Signer
		good bool
	}{{ids.client.Key, true}, {tamperingSigner{ids.client.Key}, false}} {
		sig, err := c.key.Sign(nil, digest[:], crypto.SHA256)
		if err != nil || ecdsa.VerifyASN1(pub, digest[:], sig) != c.good {
			t.Errorf("%v %v", c.good, err)
		}
	}
	if ids.clientConfig().Trust.Err() != nil || ids.serverConfig().Trust.Err() != nil {
		t.Error("identities that can't be pinned")
	}
}
