package tlssock

import (
	"crypto/tls"
	"errors"
	"reflect"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// stapled gives an identity with something to go with its certificate.
func stapled(id testID) tls.Certificate {
	cert := id.cert
	cert.OCSPStaple, cert.SignedCertificateTimestamps = []byte("response"), [][]byte{[]byte("first"), []byte("second")}
	return cert
}

func TestStaplesGoBothWays(t *testing.T) {
	c, s := makeID(t, "P-256", testClientName), makeID(t, "P-256", testServerName)
	p := newPair(t, func(cc, ss *Config) {
		cc.Certificates, cc.Trust = []tls.Certificate{stapled(c)}, s.pin()
		ss.Certificates, ss.Trust = []tls.Certificate{stapled(s)}, c.pin()
	})
	p.mustHandshake()
	for _, e := range []*Engine{p.client, p.server} {
		cs := e.ConnectionState()
		if string(cs.OCSPResponse) != "response" || !reflect.DeepEqual(cs.SignedCertificateTimestamps, stapled(c).SignedCertificateTimestamps) {
			t.Errorf("%v: %q, %q", e.role, cs.OCSPResponse, cs.SignedCertificateTimestamps)
		}
	}
}

// Only what was asked for is sent, compressed or not.
func TestStaplesAreSentWhenAskedFor(t *testing.T) {
	id := longChain(t, testServerName)
	cfg := &Config{Certificates: []tls.Certificate{stapled(id)}}
	prep, err := cfg.prepare(RoleServer)
	if err != nil {
		t.Fatal(err)
	}
	for asked := staples(0); asked <= allStaples; asked++ {
		plain := prep.identities[0].messageFor(peerWants{staples: asked})
		if squeezed := prep.identities[0].messageFor(peerWants{staples: asked, forms: 1}); squeezed[0] != byte(wire.TypeCompressedCertificate) {
			t.Errorf("asked for %b: not compressed", asked)
		}
		var msg wire.Certificate
		if err := msg.Parse(plain[wire.HeaderLen:]); err != nil {
			t.Fatal(err)
		}
		first := true
		for _, ext := range msg.Entries.All() {
			var x wire.EntryExtensions
			if err := x.Parse(ext); err != nil {
				t.Fatal(err)
			}
			ocsp, scts := asked&stapledOCSP != 0 && first, asked&stapledSCTs != 0 && first
			if (x.OCSP != nil) != ocsp || x.SCTs.Empty() == scts {
				t.Errorf("asked for %b: %+v", asked, x)
			}
			first = false
		}
	}
}

func TestStapleDefects(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	raw, rawTrust := rawID(t, "Ed25519")
	for _, c := range []struct {
		name string
		raw  bool
		ext  []byte
		want Alert
		err  error
	}{
		{"in order", false, []byte{0, 5, 0, 5, 1, 0, 0, 1, 'x'}, 0, nil},
		{"empty response", false, []byte{0, 5, 0, 4, 1, 0, 0, 0}, AlertDecodeError, wire.ErrSyntax},
		{"response of another kind", false, []byte{0, 5, 0, 5, 2, 0, 0, 1, 'x'}, AlertDecodeError, wire.ErrSyntax},
		{"empty list", false, []byte{0, 18, 0, 2, 0, 0}, AlertDecodeError, wire.ErrSyntax},
		{"empty timestamp", false, []byte{0, 18, 0, 4, 0, 2, 0, 0}, AlertDecodeError, wire.ErrSyntax},
		{"extension nobody asked for", false, []byte{0, 43, 0, 2, 3, 4}, AlertUnsupportedExtension, ErrUnexpectedMessage},
		{"with a raw key", true, []byte{0, 5, 0, 5, 1, 0, 0, 1, 'x'}, AlertUnsupportedExtension, ErrUnexpectedMessage},
	} {
		p := newPair(t, func(cc, s *Config) {
			cc.Trust, s.Certificates = id.pin(), []tls.Certificate{id.cert}
			if c.raw {
				cc.Trust, cc.PeerCertificateTypes, s.Certificates = rawTrust, rawOnly, []tls.Certificate{raw}
			}
		})
		p.beRogueServer(serverScript...).edit = func(typ wire.Type, msg []byte) []byte {
			if c.raw {
				msg = replace(t, wire.TypeEncryptedExtensions, rawServerExtensions)(typ, msg)
			}
			if typ == wire.TypeCertificate {
				list := append(msg[8:len(msg)-2:len(msg)-2], 0, byte(len(c.ext)))
				raw, err := (&wire.Certificate{Entries: append(list, c.ext...)}).Append(nil)
				if err != nil {
					t.Fatal(err)
				}
				return raw
			}
			return msg
		}
		p.handshake()
		a := alertOf(p.client.Err())
		if c.err == nil && p.client.Err() != nil || c.err != nil && (a == nil || a.FromPeer || a.Alert != c.want || !errors.Is(a, c.err)) {
			t.Errorf("%s: %v", c.name, p.client.Err())
		}
	}
}

func TestStaplesThatCanNotBeSent(t *testing.T) {
	for _, change := range []func(c *tls.Certificate){
		func(c *tls.Certificate) { c.OCSPStaple = make([]byte, 1<<16) },
		func(c *tls.Certificate) { c.SignedCertificateTimestamps = [][]byte{{}} },
		func(c *tls.Certificate) { c.SignedCertificateTimestamps = [][]byte{make([]byte, 1<<16)} },
	} {
		cert := makeID(t, "Ed25519", "x").cert
		change(&cert)
		if err := (&Config{Certificates: []tls.Certificate{cert}}).Check(RoleServer); !errors.Is(err, ErrConfig) || !errors.Is(err, wire.ErrTooLong) {
			t.Error(err)
		}
	}
}
