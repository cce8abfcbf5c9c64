package tlssock

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"testing"

	"smoltls/x509lite"
)

// What a peer sends is told as it came, whether a path to a root has needed it or not, and again when the connection is
// resumed.
func TestPeerCertificatesAreTheWholeChain(t *testing.T) {
	in := newInstallation(t, "Ed25519")
	authority, other, self := in.authority.leaf.Raw, makeID(t, "Ed25519", "other").leaf.Raw, makeID(t, "Ed25519", testServerName)
	for name, trust := range map[string]*x509lite.Trust{"a path": x509lite.PathTo(in.roots()), "a pin": self.pin(), "nobody": nil} {
		leaf := in.server.leaf.Raw
		if name == "a pin" {
			leaf = self.leaf.Raw
		}
		told := [][]byte{leaf, other, authority}
		p := newResumingPair(t, func(c, s *Config) {
			c.Trust, c.InsecureSkipVerify = trust, trust == nil
			s.Certificates, s.ClientAuth = []tls.Certificate{{Certificate: told, PrivateKey: in.server.cert.PrivateKey}}, tls.NoClientCert
		})
		for _, resumes := range []bool{false, true} {
			if resumed := p.again(); resumed != resumes {
				t.Fatalf("%s: resumed %v", name, resumed)
			}
			for range 2 { // the first time parses
				cs := p.client.ConnectionState()
				var got [][]byte
				for _, c := range cs.PeerCertificates {
					got = append(got, c.Raw)
				}
				if len(got) != len(told) || !bytes.Equal(bytes.Join(got, nil), bytes.Join(told, nil)) {
					t.Errorf("%s, resumed %v: %d certificates", name, resumes, len(got))
				}
				if len(cs.VerifiedChains) > 0 && (cs.VerifiedChains[0][0] != cs.PeerCertificates[0] || cs.VerifiedChains[0][1] != cs.PeerCertificates[2]) {
					t.Errorf("%s: certificates of the path were parsed again", name)
				}
				if (len(cs.VerifiedChains) > 0) != (name == "a path") {
					t.Errorf("%s: %d paths", name, len(cs.VerifiedChains))
				}
			}
			if p.client.facts.rare.presented.der != nil {
				t.Error("what was parsed is kept twice")
			}
		}
	}
}

func TestWhatIsNoCertificateIsNotAmongThem(t *testing.T) {
	leaf, other := makeID(t, "Ed25519", "leaf").leaf, makeID(t, "Ed25519", "other").leaf
	f := &facts{}
	f.keepPresented(leaf, [][]byte{leaf.Raw, []byte("no certificate"), other.Raw}, nil)
	for range 2 {
		if all := f.rare.presented.all(); len(all) != 2 || all[0] != leaf || !bytes.Equal(all[1].Raw, other.Raw) {
			t.Errorf("%d certificates", len(all))
		}
	}
}

func TestASingleCertificateCostsNothing(t *testing.T) {
	f := &facts{}
	f.keepPresented(nil, [][]byte{nil}, nil)
	if f.rare != nil {
		t.Error("a place for it")
	}
	f.keepPresented(nil, [][]byte{nil, nil}, nil)
	if f.keepPresented(nil, [][]byte{nil}, nil); f.rare.presented != nil {
		t.Error("what another peer presented stays")
	}
}

// Every path to a root is told, the likeliest first.
func TestVerifiedChainsAreAllThereAre(t *testing.T) {
	in, second := newInstallation(t, "Ed25519"), makeID(t, "Ed25519", "second root", isAuthority, func(c *x509.Certificate) { c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageCertSign, nil })
	cross := certify(t, "Ed25519", "authority", testID{cert: tls.Certificate{PrivateKey: second.cert.PrivateKey}, std: second.std}, isAuthority)
	roots := x509lite.NewRoots(in.root.leaf, second.leaf)
	p := newPair(t, func(c, s *Config) {
		c.Trust = x509lite.PathTo(roots)
		s.Certificates = []tls.Certificate{{Certificate: append(bytesOf(in.server.cert.Certificate), cross.leaf.Raw), PrivateKey: in.server.cert.PrivateKey}}
		s.ClientAuth = tls.NoClientCert
	})
	p.mustHandshake()
	cs := p.client.ConnectionState()
	if len(cs.VerifiedChains) != 2 || len(cs.PeerCertificates) != 3 {
		t.Fatalf("%d paths, %d certificates", len(cs.VerifiedChains), len(cs.PeerCertificates))
	}
	ends := map[*x509lite.Certificate]bool{}
	for _, chain := range cs.VerifiedChains {
		if len(chain) != 3 || chain[0] != cs.PeerCertificates[0] {
			t.Errorf("a path of %d", len(chain))
		}
		ends[chain[len(chain)-1]] = true
	}
	if !ends[in.root.leaf] || !ends[second.leaf] {
		t.Error("not to both roots")
	}
}

// bytesOf is a copy of the list.
func bytesOf(list [][]byte) [][]byte { return append([][]byte(nil), list...) }
