package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func reserved(v uint16) bool { return v&0x0f0f == 0x0a0a && v>>8 == v&0xff }

func TestGreaseValuesAreThoseOfTheRegistry(t *testing.T) {
	seen := map[uint16]bool{}
	for b := range 256 {
		v := greaseValue(byte(b))
		if !reserved(v) {
			t.Fatalf("%#04x", v)
		}
		seen[v] = true
	}
	if len(seen) != 16 {
		t.Errorf("%d values", len(seen))
	}
}

// Each list begins with a reserved value, and the hello has two such extensions, as has the second one.
func TestGreaseIsOfferedInBothHellos(t *testing.T) {
	for range 20 {
		p := newPair(t, func(c, s *Config) { c.GREASE, s.CurvePreferences = true, []tls.CurveID{tls.CurveP256} })
		seen := p.hellos()
		p.mustHandshake()
		p.exchange("goes on")
		if len(*seen) != 2 {
			t.Fatalf("%d hellos", len(*seen))
		}
		first, second := (*seen)[0], (*seen)[1]
		for what, list := range map[string]wire.Uint16s{
			"suites": first.CipherSuites, "versions": first.SupportedVersions, "groups": first.SupportedGroups, "schemes": first.SignatureAlgorithms,
		} {
			if list.Len() < 2 || !reserved(list.At(0)) || reserved(list.At(1)) {
				t.Errorf("%s: %x", what, list)
			}
		}
		if share, _ := first.KeyShares.Find(first.SupportedGroups.At(0)); !bytes.Equal(share, []byte{0}) || len(second.KeyShares) == 0 || reserved(wire.Uint16s(second.KeyShares).At(0)) {
			t.Errorf("shares %x, then %x", first.KeyShares, second.KeyShares)
		}
		var unknown [2][]byte
		for k, m := range *seen {
			for typ, body := range m.Extensions.All() {
				if reserved(uint16(typ)) {
					unknown[k] = append(append(unknown[k], byte(typ)), body...)
				}
			}
		}
		if len(unknown[0]) != 3 || !bytes.Equal(unknown[0], unknown[1]) || !bytes.Equal(first.CipherSuites, second.CipherSuites) {
			t.Errorf("extensions %x", unknown)
		}
	}
}

func TestAServerThatSelectsWhatMeansNothing(t *testing.T) {
	for what, change := range map[string]func(m *wire.ServerHello, hello *wire.ClientHello){
		"suite":   func(m *wire.ServerHello, hello *wire.ClientHello) { m.CipherSuite = hello.CipherSuites.At(0) },
		"version": func(m *wire.ServerHello, hello *wire.ClientHello) { m.SupportedVersion = hello.SupportedVersions.At(0) },
		"group":   func(m *wire.ServerHello, hello *wire.ClientHello) { m.Group = hello.SupportedGroups.At(0) },
		"retry": func(m *wire.ServerHello, hello *wire.ClientHello) {
			m.Random, m.Group = []byte(wire.RetryRandom), hello.SupportedGroups.At(0)
		},
	} {
		p := newPair(t, func(c, _ *Config) { c.GREASE = true })
		if err := p.client.Start(); err != nil {
			t.Fatal(err)
		}
		var hello wire.ClientHello
		if err := hello.Parse(bytes.Clone(p.client.Output()[5+wire.HeaderLen:])); err != nil {
			t.Fatal(err)
		}
		p.collect()
		p.changeServerHello(func(m *wire.ServerHello) { change(m, &hello) })
		p.run()
		if a := alertOf(p.client.Err()); a == nil || a.FromPeer || a.Alert != AlertIllegalParameter {
			t.Errorf("%s: %v", what, p.client.Err())
		}
	}
}

func TestAServerGreasesWhatItAsksForAndGives(t *testing.T) {
	p := newResumingPair(t, func(_, s *Config) { s.GREASE = true })
	if err := p.client.Start(); err != nil {
		t.Fatal(err)
	}
	var seen [][]byte
	p.client.state = &spy{p.client.state, func(m message) { seen = append(seen, bytes.Clone(m.raw)) }}
	p.run()
	p.mustBeOpen()
	found := map[wire.Type]int{}
	for _, msg := range seen {
		var extensions wire.Extensions
		switch wire.Type(msg[0]) {
		case wire.TypeCertificateRequest:
			var m wire.CertificateRequest
			_ = m.Parse(msg[wire.HeaderLen:])
			extensions = m.Extensions
		case wire.TypeNewSessionTicket:
			var m wire.NewSessionTicket
			_ = m.Parse(msg[wire.HeaderLen:])
			extensions = m.Extensions
		}
		for typ := range extensions.All() {
			if reserved(uint16(typ)) {
				found[wire.Type(msg[0])]++
			}
		}
	}
	if found[wire.TypeCertificateRequest] != 1 || found[wire.TypeNewSessionTicket] != 1 {
		t.Errorf("found %v", found)
	}
	if !p.again() {
		t.Error("not resumed")
	}
}

// crypto/tls passes over all of it, in encrypted hellos too.
func TestStdlibPassesOverGrease(t *testing.T) {
	w := newECHWorld(t, 0)
	env := &Env{Now: epoch}
	oc, os, tc, ts := w.ourClient(), w.ourServer(), w.theirClient(), w.theirServer()
	oc.GREASE, os.GREASE = true, true
	oc.ClientSessionCache, tc.ClientSessionCache = NewLRUClientSessionCache(0), tls.NewLRUClientSessionCache(0)
	for n := range 3 {
		for role, p := range map[Role]*stdPeer{RoleClient: newStdPeer(t, env, oc, RoleClient, ts), RoleServer: newStdPeer(t, env, os, RoleServer, tc)} {
			p.mustEcho()
			if cs := p.eng.ConnectionState(); !cs.ECHAccepted || cs.DidResume != (n > 0) {
				t.Errorf("%v, connection %d: %+v", role, n, cs)
			}
		}
	}
}
