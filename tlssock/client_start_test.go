package tlssock

import (
	"bytes"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestFirstHello(t *testing.T) {
	p := newPair(t, func(c, _ *Config) { c.CurvePreferences, c.NextProtos = nil, []string{"a"} })
	if err := p.client.Start(); err != nil {
		t.Fatal(err)
	}
	out := bytes.Clone(p.client.Output())
	if !bytes.Equal(out[:3], []byte{22, 3, 1}) { // RFC 8446 §5.1
		t.Errorf("record begins %x", out[:3])
	}
	var m wire.ClientHello
	if err := m.Parse(out[5+wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	if len(m.SessionID) != 32 || m.LegacyVersion != wire.VersionTLS12 || !bytes.Equal(m.CompressionMethods, []byte{0}) {
		t.Errorf("%+v", m)
	}
	if m.SupportedVersions.Len() != 1 || m.SupportedVersions.At(0) != wire.VersionTLS13 || m.CipherSuites.Contains(0x1305) {
		t.Errorf("%+v", m)
	}
	hybrid, _ := m.KeyShares.Find(0x11ec)
	plain, _ := m.KeyShares.Find(29)
	if len(hybrid) != 1216 || !bytes.HasSuffix(hybrid, plain) {
		t.Errorf("shares of %d and %d bytes", len(hybrid), len(plain))
	}
	if err := p.client.Start(); err != nil || !bytes.Equal(p.client.Output(), out) {
		t.Error("a second Start does something", err)
	}
	if err := p.server.Start(); err != nil || len(p.server.Output()) != 0 {
		t.Error("a server starts by itself", err)
	}
}

// seeds drawn from a clock, in embedded-tls: here two hellos have nothing random in common
func TestHellosDiffer(t *testing.T) {
	var a, b wire.ClientHello
	for _, m := range []*wire.ClientHello{&a, &b} {
		p := newPair(t)
		p.client.Start()
		if err := m.Parse(bytes.Clone(p.client.Output()[5+wire.HeaderLen:])); err != nil {
			t.Fatal(err)
		}
	}
	if bytes.Equal(a.Random, b.Random) || bytes.Equal(a.SessionID, b.SessionID) || bytes.Equal(a.KeyShares, b.KeyShares) {
		t.Error("two hellos share what must be random")
	}
}

// embedded-tls leaves the RSA schemes out of its ClientHello without a word.
func TestRSASchemesStandInTheHello(t *testing.T) {
	var m wire.ClientHello
	if err := m.Parse(rawClientHello(t, nil)[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	for _, id := range []uint16{0x0403, 0x0503, 0x0807, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601} {
		if !m.SignatureAlgorithms.Contains(id) {
			t.Errorf("scheme %#04x is not offered", id)
		}
	}
	if m.SignatureAlgorithms.Len() != 12 {
		t.Errorf("%d schemes", m.SignatureAlgorithms.Len())
	}
}
