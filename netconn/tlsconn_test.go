package netconn

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/x509lite"
)

func TestTheStateOfAConnectionIsToldInBothForms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.clientTLS.NextProtos = []string{"h2", "http/1.1"}
		w.serverTLS.NextProtos = []string{"h2"}
		client, server := w.pair(t, true)
		for end, c := range map[string]*TLSConn{"client.test": server.(*TLSConn), serverName: client.(*TLSConn)} {
			cs, own := c.ConnectionState(), c.State()
			if cs.Version != tls.VersionTLS13 || !cs.HandshakeComplete || cs.NegotiatedProtocol != "h2" || cs.CipherSuite != own.CipherSuite || cs.ServerName != serverName {
				t.Errorf("%+v", cs)
			}
			if len(cs.PeerCertificates) != 1 || cs.PeerCertificates[0].DNSNames[0] != end {
				t.Errorf("peer of the connection to %s: %v", end, cs.PeerCertificates)
			}
			if !own.PeerVerified {
				t.Errorf("%s was not verified", end)
			}
			c.Close()
			if after := c.State(); after.ServerName != serverName || after.PeerCertificates[0] != own.PeerCertificates[0] {
				t.Errorf("after Close: %+v", after)
			}
		}
	})
}

// certify makes a certificate with an Ed25519 key of its own. issuer nil: a root.
func certify(t *testing.T, name string, issuer *x509.Certificate, by ed25519.PrivateKey) (*x509.Certificate, ed25519.PrivateKey) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	if name == serverName {
		template.DNSNames = []string{name}
	} else {
		template.BasicConstraintsValid, template.IsCA = true, true
	}
	if issuer == nil {
		issuer, by = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, pub, by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func TestChainsAreToldInTheFormOfCryptoTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		root, rootKey := certify(t, "root", nil, nil)
		authority, authorityKey := certify(t, "authority", root, rootKey)
		leaf, key := certify(t, serverName, authority, authorityKey)
		anchor, err := x509lite.Parse(root.Raw)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		w.clientTLS.Trust = x509lite.PathTo(x509lite.NewRoots(anchor))
		w.serverTLS.Certificates = []tls.Certificate{{Certificate: [][]byte{leaf.Raw, authority.Raw}, PrivateKey: key}}
		client, server := w.pair(t, true)
		cs := client.(*TLSConn).ConnectionState()
		if len(cs.PeerCertificates) != 2 || !cs.PeerCertificates[1].Equal(authority) {
			t.Errorf("peer's certificates: %v", cs.PeerCertificates)
		}
		if len(cs.VerifiedChains) != 1 || len(cs.VerifiedChains[0]) != 3 || cs.VerifiedChains[0][0] != cs.PeerCertificates[0] || !cs.VerifiedChains[0][2].Equal(root) {
			t.Errorf("verified: %v", cs.VerifiedChains)
		}
		if pinned := server.(*TLSConn).ConnectionState(); len(pinned.PeerCertificates) != 1 || pinned.VerifiedChains != nil {
			t.Errorf("of one that is pinned: %v", pinned.VerifiedChains)
		}
		broken := &x509lite.Certificate{Raw: []byte("none")}
		if all := (stdCertificates{}).of([]*x509lite.Certificate{broken, broken}); all != nil {
			t.Errorf("%v", all)
		}
	})
}

// net/http takes a connection with this method for one of TLS.
func TestAConnectionWithoutTLSHasNoStateOfTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := newWorld(t).pair(t, false)
		type stater interface{ ConnectionState() tls.ConnectionState }
		_, a := client.(stater)
		_, b := server.(stater)
		if a || b {
			t.Error("it has")
		}
	})
}
