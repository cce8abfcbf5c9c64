package tlstest

import (
	"crypto/x509"
	"testing"
	"time"

	"smoltls/x509lite"
)

func TestIdentitiesOfEveryKindAreAcceptedByWhoPinsThem(t *testing.T) {
	now := time.Now()
	for _, typ := range KeyTypes() {
		o := x509lite.SelfSignedOptions{Now: now, Names: []string{ServerName}, KeyType: typ, Key: ownKey(t, "server", typ)}
		id := NewIdentity(t, o)
		if id.Leaf.KeyType != typ {
			t.Errorf("%v, not %v", id.Leaf.KeyType, typ)
		}
		if _, err := id.Trust().Verify(id.Certificate().Certificate, x509lite.VerifyOptions{Now: now, Name: ServerName}); err != nil {
			t.Errorf("%v: %v", typ, err)
		}
	}
}

func TestThePoolAcceptsThisIdentityOnly(t *testing.T) {
	o := x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{ServerName}}
	a, b := NewIdentity(t, o), NewIdentity(t, o)
	for id, good := range map[*Identity]bool{a: true, b: false} {
		cert, err := x509.ParseCertificate(id.Leaf.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cert.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: ServerName}); (err == nil) != good {
			t.Errorf("%v", err)
		}
	}
}

func TestKeysThatTakeLongAreMadeOnce(t *testing.T) {
	if a, b := ownKey(t, "x", x509lite.RSA), ownKey(t, "x", x509lite.RSA); a != b || a == nil {
		t.Error("made twice")
	}
	if ownKey(t, "x", x509lite.RSA) == ownKey(t, "y", x509lite.RSA) {
		t.Error("two have the same key")
	}
	if ownKey(t, "x", x509lite.Ed25519Key) != nil {
		t.Error("quick ones are kept too")
	}
}
