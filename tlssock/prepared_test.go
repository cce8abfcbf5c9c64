package tlssock

import (
	"crypto/tls"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"smoltls/tlssock/internal/kex"
)

func TestConfigIsPreparedOnce(t *testing.T) {
	id := makeID(t, "P-256", testServerName)
	cfg := &Config{Certificates: []tls.Certificate{id.cert}}
	a, err := cfg.prepare(RoleServer)
	if err != nil {
		t.Fatal(err)
	}
	b, err := cfg.prepare(RoleServer)
	if err != nil || a != b {
		t.Error("prepared twice", err)
	}
	if n := testing.AllocsPerRun(10, func() { cfg.prepare(RoleServer) }); n != 0 {
		t.Errorf("%.0f allocations to find what is prepared", n)
	}
}

func TestSharesOfTheFirstHello(t *testing.T) {
	for _, c := range []struct {
		prefer []tls.CurveID
		want   []uint16
	}{
		{nil, []uint16{kex.X25519MLKEM768, kex.X25519}},
		{[]tls.CurveID{tls.X25519MLKEM768, tls.CurveP256}, []uint16{kex.X25519MLKEM768, kex.P256}},
		{[]tls.CurveID{tls.CurveP256, tls.X25519, tls.X25519MLKEM768}, []uint16{kex.P256, kex.X25519MLKEM768}},
		{[]tls.CurveID{tls.X25519MLKEM768}, []uint16{kex.X25519MLKEM768}},
		{[]tls.CurveID{tls.CurveP256, tls.X25519}, []uint16{kex.P256}},
	} {
		p, err := (&Config{InsecureSkipVerify: true, CurvePreferences: c.prefer}).prepare(RoleClient)
		if err != nil || !slices.Equal(p.shares, c.want) {
			t.Errorf("%v: %v, %v", c.prefer, p.shares, err)
		}
	}
}

func TestServerNameOnTheWire(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "a.example": "a.example", "a.example.": "a.example", "192.0.2.1": "", "2001:db8::1": "", "[2001:db8::1]": "",
	} {
		p, err := (&Config{InsecureSkipVerify: true, ServerName: name}).prepare(RoleClient)
		if err != nil || string(p.sni) != want {
			t.Errorf("%q: %q, %v", name, p.sni, err)
		}
	}
}

func TestKeySharesAreThoseAskedFor(t *testing.T) {
	for _, c := range []struct {
		shares []tls.CurveID
		trips  int
		ok     bool
	}{
		{nil, 1, true}, {[]tls.CurveID{}, 2, true}, {[]tls.CurveID{tls.CurveP256}, 2, true}, {[]tls.CurveID{tls.CurveP256, tls.X25519}, 1, true},
		{[]tls.CurveID{tls.CurveP384}, 0, false}, {[]tls.CurveID{tls.X25519, tls.X25519}, 0, false},
	} {
		p := newPair(t)
		p.clientCfg, p.serverCfg = p.clientCfg.Clone(), p.serverCfg.Clone()
		p.clientCfg.KeyShares, p.serverCfg.CurvePreferences = c.shares, []tls.CurveID{tls.X25519}
		if err := p.clientCfg.Check(RoleClient); (err == nil) != c.ok {
			t.Errorf("%v: %v", c.shares, err)
		}
		if !c.ok {
			continue
		}
		p.restart()
		p.mustHandshake()
		if got := p.client.ConnectionState().RoundTrips; got != c.trips {
			t.Errorf("%v: %d round trips, want %d", c.shares, got, c.trips)
		}
	}
}

// Connections to one name have its memory in common.
func TestNamesThatClientsAskForAreKeptOnce(t *testing.T) {
	p := &prepared{lastName: new(atomic.Pointer[string])}
	a := p.sameName(strings.Clone("a.example"))
	if b := p.sameName(strings.Clone("a.example")); b != a || unsafe.StringData(a) != unsafe.StringData(b) {
		t.Error("the same name twice")
	}
	if p.sameName("") != "" || p.sameName("b.example") != "b.example" || p.sameName("a.example") != "a.example" {
		t.Error("another name")
	}
}
