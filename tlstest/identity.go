package tlstest

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"sync"
	"testing"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// Identity is a certificate that is signed by its own key, and the key.
type Identity struct{ *x509lite.Identity }

// KeyTypes are the kinds of keys that an Identity can have. crypto/tls knows RSA, ECDSA and Ed25519.
func KeyTypes() []x509lite.KeyType {
	return []x509lite.KeyType{
		x509lite.ECDSAP256, x509lite.ECDSAP384, x509lite.ECDSAP521, x509lite.Ed25519Key, x509lite.Ed448Key, x509lite.RSA, x509lite.RSAPSS,
		x509lite.MLDSA44Key, x509lite.MLDSA65Key, x509lite.MLDSA87Key,
	}
}

// NewIdentity makes an identity, as x509lite.SelfSigned does; o.Now must be set. It ends the test when it can't.
func NewIdentity(t testing.TB, o x509lite.SelfSignedOptions) *Identity {
	t.Helper()
	id, err := x509lite.SelfSigned(o)
	if err != nil {
		t.Fatalf("tlstest: making an identity: %v", err)
	}
	return &Identity{id}
}

// Certificate gives the identity as crypto/tls and tlssock take it.
func (id *Identity) Certificate() tls.Certificate {
	return tlssock.Certificates(id.Identity)[0]
}

// Trust accepts this identity and no other.
func (id *Identity) Trust() *x509lite.Trust { return x509lite.Pin(id.Leaf) }

// Pool is what crypto/tls takes as RootCAs or ClientCAs to accept this identity and no other. It is empty when
// crypto/x509 can't parse the certificate, and that of a nil identity.
func (id *Identity) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	if id == nil {
		return pool
	}
	if cert, err := x509.ParseCertificate(id.Leaf.Raw); err == nil {
		pool.AddCert(cert)
	}
	return pool
}

// keyring keeps keys that take long to make, for the life of the program: an RSA key takes longer than all the rest of
// a test.
var keyring = struct {
	sync.Mutex
	keys map[string]crypto.Signer
}{keys: make(map[string]crypto.Signer)}

// ownKey gives the key of one who appears in tests, the same each time; nil for kinds that are made quickly.
func ownKey(t testing.TB, who string, typ x509lite.KeyType) crypto.Signer {
	t.Helper()
	if typ != x509lite.RSA && typ != x509lite.RSAPSS {
		return nil
	}
	keyring.Lock()
	defer keyring.Unlock()
	key := keyring.keys[who]
	if key == nil {
		var err error
		if key, err = x509lite.GenerateKey(x509lite.RSA, 2048, nil); err != nil {
			t.Fatalf("tlstest: making a key: %v", err)
		}
		keyring.keys[who] = key
	}
	return key
}
