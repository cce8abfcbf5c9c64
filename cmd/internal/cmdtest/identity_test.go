package cmdtest

import (
	"crypto/tls"
	"os"
	"testing"
	"time"

	"smoltls/x509lite"
)

func TestCertifiedIdentitiesComeFromTheirRoot(t *testing.T) {
	id, roots := Certified(t, "peer", "192.0.2.1")
	data, err := os.ReadFile(roots)
	if err != nil {
		t.Fatal(err)
	}
	r, err := x509lite.LoadRoots(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"peer", "192.0.2.1"} {
		if _, path, err := x509lite.PathTo(r).VerifyPath(id.Chain, x509lite.VerifyOptions{Now: time.Now(), Name: name}); err != nil || len(path) != 3 {
			t.Errorf("%s: %v, %v", name, path, err)
		}
	}
}

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
