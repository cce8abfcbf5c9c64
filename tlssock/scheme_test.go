package tlssock

import (
	"crypto/tls"
	"testing"

	"smoltls/x509lite"
)

func TestSchemesSuitTheirKeys(t *testing.T) {
	for key, want := range map[string][]tls.SignatureScheme{
		"Ed25519": {tls.Ed25519}, "P-256": {tls.ECDSAWithP256AndSHA256}, "P-384": {tls.ECDSAWithP384AndSHA384},
		"RSA-2048": {tls.PSSWithSHA256, tls.PSSWithSHA384, tls.PSSWithSHA512},
	} {
		got := schemesFor(&makeID(t, key, "x.example").leaf.PublicKeyInfo)
		if len(got) != len(want) {
			t.Errorf("%s: %d schemes", key, len(got))
			continue
		}
		for i := range got {
			if got[i].id != uint16(want[i]) {
				t.Errorf("%s: %#04x, want %v", key, got[i].id, want[i])
			}
		}
	}
	small := &x509lite.PublicKeyInfo{KeyType: x509lite.RSA, KeyBits: 1024}
	if n := len(schemesFor(small)); n != 2 { // a digest of SHA-512 and its salt do not fit
		t.Errorf("%d schemes for 1,024 bits", n)
	}
	for _, id := range certificateSchemes {
		if schemeByID(uint16(id)) != nil {
			t.Errorf("%v may stand in CertificateVerify", id)
		}
	}
}

// An RSA-PSS key signs with rsa_pss_pss_*, an ordinary one with rsa_pss_rsae_*.
func TestRSAPSSKeys(t *testing.T) {
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: epoch, Names: []string{testServerName}, KeyType: x509lite.RSAPSS})
	if err != nil {
		t.Fatal(err)
	}
	p := newPair(t, func(c, s *Config) {
		s.Certificates = Certificates(id)
		c.Trust = x509lite.Pin(id.Leaf)
	})
	p.mustHandshake()
	if got := p.client.ConnectionState().PeerSignatureScheme; got < pssPSSWithSHA256 || got > pssPSSWithSHA512 {
		t.Errorf("signed with %v", got)
	}
}

func TestEveryKeyBetweenEngines(t *testing.T) {
	for _, key := range keyNames {
		c, s := makeID(t, key, testClientName), makeID(t, key, testServerName)
		p := newPair(t, func(cc, sc *Config) {
			cc.Certificates, cc.Trust = []tls.Certificate{c.cert}, s.pin()
			sc.Certificates, sc.Trust = []tls.Certificate{s.cert}, c.pin()
		})
		p.mustHandshake()
		p.exchange(key)
	}
}

// P-521, Ed448 and ML-DSA, at both ends, taken by who asks for them and by nobody else.
func TestRareSchemesAreTakenOnRequest(t *testing.T) {
	for kind, scheme := range map[x509lite.KeyType]tls.SignatureScheme{
		x509lite.ECDSAP521: tls.ECDSAWithP521AndSHA512, x509lite.Ed448Key: signEd448, x509lite.MLDSA44Key: signMLDSA44, x509lite.MLDSA65Key: signMLDSA65,
		x509lite.MLDSA87Key: signMLDSA87,
	} {
		identity := func(name string) *x509lite.Identity {
			id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: epoch, Names: []string{name}, KeyType: kind})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		c, s := identity(testClientName), identity(testServerName)
		for _, asked := range []bool{true, false} {
			p := newPair(t, func(cc, sc *Config) {
				cc.Certificates, cc.Trust = Certificates(c), x509lite.Pin(s.Leaf)
				sc.Certificates, sc.Trust = Certificates(s), x509lite.Pin(c.Leaf)
				if asked {
					cc.SignatureSchemes, sc.SignatureSchemes = []tls.SignatureScheme{scheme}, []tls.SignatureScheme{scheme}
				}
			})
			p.handshake()
			if !asked {
				p.wantAlert(p.server, AlertHandshakeFailure)
				continue
			}
			p.mustBeOpen()
			p.exchange("goes on")
			if cs := p.client.ConnectionState(); cs.PeerSignatureScheme != scheme || cs.LocalSignatureScheme != scheme || !cs.PeerVerified {
				t.Errorf("%v: %+v", kind, cs)
			}
		}
	}
}
