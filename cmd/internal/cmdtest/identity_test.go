package cmdtest

import (
	"crypto/tls"
	"testing"
	"time"
)

func TestIdentityFilesAreAnIdentity(t *testing.T) {
	for _, id := range []*Identity{Named(t, "peer"), Expired(t, "peer")} {
		if _, err := tls.LoadX509KeyPair(id.Cert, id.Key); err != nil || !id.Leaf.MatchName("peer") {
			t.Errorf("%v", err)
		}
	}
	if !Expired(t, "peer").Leaf.NotAfter.Before(time.Now()) {
		t.Error("still valid")
	}
}
