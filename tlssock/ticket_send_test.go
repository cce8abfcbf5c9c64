package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"
)

func TestAServerSendsAsManyTicketsAsItIsAskedFor(t *testing.T) {
	for want := 1; want <= maxSessionTickets; want += 5 {
		p := newResumingPair(t, func(_, s *Config) { s.SessionTickets = want })
		p.again()
		if p.env.Stats.TicketsOut != uint64(want) || p.env.Stats.TicketsIn != uint64(want) {
			t.Errorf("%d sent, %d came, of %d", p.env.Stats.TicketsOut, p.env.Stats.TicketsIn, want)
		}
	}
	for _, n := range []int{-1, maxSessionTickets + 1} {
		c := newPair(t).serverCfg.Clone()
		c.SessionTickets = n
		if err := c.Check(RoleServer); !errors.Is(err, ErrConfig) {
			t.Errorf("%d tickets: %v", n, err)
		}
	}
}

func TestAClientThatCannotUseTicketsGetsNone(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	if p.env.Stats.TicketsOut != 0 {
		t.Error("a ticket for a client without psk_key_exchange_modes")
	}
}

func TestTicketsAreLeftOutWhenTheChainIsTooLong(t *testing.T) {
	id := makeID(t, "Ed25519", testClientName)
	long := id.cert
	for range 60 { // the peer looks at the leaf alone
		long.Certificate = append(long.Certificate, makeID(t, "P-256-other", "padding").leaf.Raw)
	}
	p := newResumingPair(t, func(c, s *Config) {
		c.Certificates, s.Trust, s.Limits.CertificateChain = []tls.Certificate{long}, id.pin(), 100
	})
	p.mustHandshake()
	p.exchange("goes on")
	if p.env.Stats.TicketsIn != 0 {
		t.Error("a ticket of more than its limit")
	}
}
