package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestTheServersOrderOfExternalKeysCounts(t *testing.T) {
	a, b := testPSK("a", sha384), testPSK("b")
	for _, server := range [][]ExternalPSK{{a, b}, {b, a}, {testPSK("c"), b}} {
		want := server[0]
		if string(want.Identity) == "c" {
			want = b
		}
		p := newPSKPair(t, []ExternalPSK{a, b}, server)
		p.mustHandshake()
		if got := p.server.ConnectionState().ExternalPSKIdentity; !bytes.Equal(got, want.Identity) || !bytes.Equal(got, p.client.ConnectionState().ExternalPSKIdentity) {
			t.Errorf("%q, want %q", got, want.Identity)
		}
	}
}

// A server of many devices looks their keys up, and does so for a few identities only.
func TestExternalKeysAreLookedUp(t *testing.T) {
	for _, change := range [][]func(*ExternalPSK){nil, {direct}} {
		asked := 0
		p := newPSKPair(t, []ExternalPSK{testPSK("device-1", change...), testPSK("device-2", change...)}, nil, func(_, s *Config) {
			s.GetExternalPSK = func(identity []byte) *ExternalPSK {
				asked++
				if string(identity) != "device-2" {
					return nil
				}
				key := testPSK("device-2", change...)
				return &key
			}
		})
		if p.again(); !p.again() || string(p.server.ConnectionState().ExternalPSKIdentity) != "device-2" {
			t.Errorf("%+v", p.server.ConnectionState())
		}
		asked = 0
		msg := wire.ClientHello{Has: wire.SetOf(wire.ExtPreSharedKey)}
		for n := range 1000 {
			msg.PSKIdentities = append(msg.PSKIdentities, fmt.Sprintf("\x00\x04%04d\x00\x00\x00\x00", n)...)
		}
		h := &serverHandshake{}
		h.begin(p.server, p.server.prep)
		if h.findExternal(&msg, p.server.prep.suites[0].Hash) || asked > 2*maxPSKLookups {
			t.Errorf("asked %d times for 1000 identities", asked)
		}
		p.server.hs = nil
	}
}

// Whoever is asked for keys is asked once for each hash, however many suites have it.
func TestAnUnknownExternalKeyIsLookedUpOnceForEachHash(t *testing.T) {
	for change, want := range map[bool]int{true: 2, false: 8} { // an imported key has an identity for each hash, which may be a direct one, too
		asked := 0
		key := testPSK("nobody")
		key.Direct = change
		p := newPSKPair(t, []ExternalPSK{key}, nil, func(_, s *Config) {
			s.GetExternalPSK = func([]byte) *ExternalPSK { asked++; return nil }
		})
		p.handshake()
		if p.wantAlert(p.server, AlertHandshakeFailure); asked > want || asked == 0 {
			t.Errorf("direct: %v: asked %d times, want %d at most", change, asked, want)
		}
	}
}

func TestCertificatesOrKeysByPreference(t *testing.T) {
	client, server := makeID(t, "Ed25519", testClientName), makeID(t, "Ed25519", testServerName)
	key := []ExternalPSK{testPSK("key")}
	for _, c := range []struct {
		name            string
		prefer, common  bool
		clientHasNoCert bool
		psk             bool
	}{
		{"a key in common", false, true, false, true},
		{"none in common", false, false, false, false},
		{"certificates first", true, true, false, false},
		{"a client that takes no certificates", true, true, true, true},
	} {
		p := newPair(t, func(cc, s *Config) {
			cc.Certificates, cc.Trust, cc.ExternalPSKs = []tls.Certificate{client.cert}, server.pin(), key
			s.Certificates, s.Trust, s.ExternalPSKs, s.PreferCertificates = []tls.Certificate{server.cert}, client.pin(), key, c.prefer
			if !c.common {
				s.ExternalPSKs = []ExternalPSK{testPSK("other")}
			}
			if c.clientHasNoCert {
				cc.Trust = nil
			}
		})
		p.mustHandshake()
		if cs := p.server.ConnectionState(); (cs.ExternalPSKIdentity != nil) != c.psk || cs.PeerVerified == c.psk || cs.ClientCertificateRequested == c.psk {
			t.Errorf("%s: %+v", c.name, cs)
		}
	}
}

func TestAServerWithKeysOnlySaysWhyNoneWillDo(t *testing.T) {
	p := newPSKPair(t, []ExternalPSK{testPSK("a")}, []ExternalPSK{testPSK("b")})
	p.handshake()
	p.wantAlert(p.server, AlertHandshakeFailure)
	if !errors.Is(p.server.Err(), ErrNoCommonPSK) {
		t.Error(p.server.Err())
	}
	for name, c := range map[string]struct {
		change func(m *wire.ClientHello)
		err    error
		alert  Alert
	}{
		"unknown mode":    {func(m *wire.ClientHello) { m.PSKModes = []byte{0x1a} }, ErrPSKMode, AlertHandshakeFailure},
		"without the DHE": {func(m *wire.ClientHello) { m.PSKModes = []byte{byte(PSKWithoutDHE)} }, ErrPSKMode, AlertHandshakeFailure},
		"wrong binder":    {func(m *wire.ClientHello) { m.PSKBinders[7] ^= 1 }, ErrBadBinder, AlertDecryptError},
		"other identity":  {func(m *wire.ClientHello) { m.PSKIdentities[5] ^= 1; m.PSKIdentities[len(m.PSKIdentities)-8] ^= 1 }, nil, 0},
	} {
		p := newPSKPair(t, []ExternalPSK{testPSK("a")}, []ExternalPSK{testPSK("a")})
		p.mangle = func(from Role, rec []byte) []byte {
			if from != RoleClient {
				return rec
			}
			p.mangle = nil
			var m wire.ClientHello
			if err := m.Parse(rec[5+wire.HeaderLen:]); err != nil {
				t.Fatal(err)
			}
			c.change(&m)
			b, err := m.Append(rec[:5:5])
			if err != nil {
				t.Fatal(err)
			}
			b[3], b[4] = byte((len(b)-5)>>8), byte(len(b)-5)
			return b
		}
		p.handshake()
		if c.err == nil {
			if p.server.Err() == nil {
				t.Errorf("%s: no error", name)
			}
			continue
		}
		p.wantAlert(p.server, c.alert)
		if !errors.Is(p.server.Err(), c.err) {
			t.Errorf("%s: %v", name, p.server.Err())
		}
	}
}

// RFC 8446 §4.1.2: what was found in the first hello can't be missing in the second.
func TestASecondHelloThatWithdrawsTheKeyIsRefused(t *testing.T) {
	p := newPSKPair(t, []ExternalPSK{testPSK("a"), testPSK("b")}, []ExternalPSK{testPSK("a")}, func(_, s *Config) {
		s.CurvePreferences = []tls.CurveID{tls.CurveP256}
	})
	p.client.Start()
	p.client.hs.client.prep = &prepared{}
	*p.client.hs.client.prep = *p.client.prep
	p.client.hs.client.prep.psks = p.client.prep.psks[2:] // without the first key, which it has offered
	p.run()
	p.wantAlert(p.server, AlertIllegalParameter)
	if !errors.Is(p.server.Err(), ErrPSKWithdrawn) {
		t.Error(p.server.Err())
	}
}
