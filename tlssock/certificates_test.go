package tlssock

import (
	"bytes"
	"testing"
	"time"

	"smoltls/x509lite"
)

func TestIdentitiesInTheFormOfCryptoTLS(t *testing.T) {
	var ids []*x509lite.Identity
	for _, name := range []string{"first.test", "second.test"} {
		id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{name}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	certs := Certificates(ids[0], nil, ids[1])
	if len(certs) != 2 {
		t.Fatalf("%d certificates of two identities", len(certs))
	}
	for i, c := range certs {
		if len(c.Certificate) != 1 || !bytes.Equal(c.Certificate[0], ids[i].Leaf.Raw) || c.PrivateKey != ids[i].Key {
			t.Errorf("the certificate of identity %d is another one", i)
		}
	}
	if certs := Certificates(); len(certs) != 0 {
		t.Errorf("%d certificates of none", len(certs))
	}
}
