package tlssock

import (
	"crypto/tls"
	"errors"
	"slices"
	"testing"
)

// forClient makes GetConfigForClient answer, at once or later.
func forClient(wait bool, cfg func(s *Config) *Config, err error) func(c, s *Config) {
	return func(_, s *Config) {
		s.GetConfigForClient = func(*tls.ClientHelloInfo) (*Config, error) {
			if wait {
				return nil, ErrPending
			}
			return cfg(s), err
		}
	}
}

func TestConfigForClientDecidesEverything(t *testing.T) {
	special := func(s *Config) *Config {
		cfg := s.Clone()
		cfg.NextProtos, cfg.CipherSuites = []string{"special"}, []uint16{tls.TLS_AES_256_GCM_SHA384}
		return cfg
	}
	for _, wait := range []bool{false, true} {
		for _, retry := range []bool{false, true} {
			asked := 0
			p := newPair(t, forClient(wait, special, nil), func(c, s *Config) {
				c.NextProtos = []string{"other", "special"}
				get := s.GetConfigForClient
				s.GetConfigForClient = func(info *tls.ClientHelloInfo) (*Config, error) {
					asked++
					if info.ServerName != testServerName || !slices.Equal(info.SupportedProtos, c.NextProtos) || len(info.CipherSuites) == 0 ||
						len(info.SupportedCurves) == 0 || len(info.SignatureSchemes) == 0 || !slices.Contains(info.Extensions, 43) {
						t.Errorf("told of %+v", info)
					}
					return get(info)
				}
				if retry {
					s.CurvePreferences = []tls.CurveID{tls.CurveP384}
					c.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP384}
				}
			})
			p.handshake()
			kinds := p.answerAll(func(q *Pending) Answer { return Answer{Config: special(p.serverCfg)} })
			p.mustBeOpen()
			if cs := p.server.ConnectionState(); cs.NegotiatedProtocol != "special" || cs.CipherSuite != tls.TLS_AES_256_GCM_SHA384 || cs.HelloRetryRequest != retry {
				t.Errorf("%+v", cs)
			}
			if asked != 1 || wait != slices.Equal(kinds, []PendingKind{PendingConfig}) {
				t.Errorf("asked %d times, waited for %v", asked, kinds)
			}
			p.exchange("data")
		}
	}
}

func TestNoConfigForClientIsThePresentOne(t *testing.T) {
	for _, wait := range []bool{false, true} {
		p := newPair(t, forClient(wait, func(*Config) *Config { return nil }, nil))
		p.handshake()
		p.answerAll(func(*Pending) Answer { return Answer{} })
		p.mustBeOpen()
	}
}

func TestConfigForClientThatFails(t *testing.T) {
	for _, wait := range []bool{false, true} {
		for err, alert := range map[error]Alert{
			errToken:                          AlertInternalError,
			tls.AlertError(AlertAccessDenied): AlertAccessDenied,
		} {
			p := newPair(t, forClient(wait, func(*Config) *Config { return nil }, err))
			p.handshake()
			p.answerAll(func(*Pending) Answer { return Answer{Err: err} })
			p.run()
			p.wantAlert(p.server, alert)
			if !errors.Is(p.server.Err(), err) {
				t.Error(p.server.Err())
			}
		}
		p := newPair(t, forClient(wait, func(*Config) *Config { return &Config{} }, nil)) // which can't be a server's
		p.handshake()
		p.answerAll(func(*Pending) Answer { return Answer{Config: &Config{}} })
		p.run()
		p.wantAlert(p.server, AlertInternalError)
		if !errors.Is(p.server.Err(), ErrConfig) {
			t.Error(p.server.Err())
		}
	}
}

// A server that has nothing but GetConfigForClient can be used, and sessions that began under one configuration go on
// under another.
func TestTicketsAreTheFirstConfigs(t *testing.T) {
	var own [][32]byte
	p := newPair(t, func(c, s *Config) {
		c.ClientSessionCache = NewLRUClientSessionCache(1)
		real := s.Clone()
		*s = Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*Config, error) {
			cfg := &Config{Certificates: real.Certificates, Trust: real.Trust, ClientAuth: real.ClientAuth, MaxEarlyData: 100}
			if own != nil {
				if err := cfg.SetSessionTicketKeys(own); err != nil {
					t.Error(err)
				}
			}
			return cfg, nil
		}}
	})
	for i, want := range []bool{false, true, true} {
		p.restart()
		p.mustHandshake()
		if got := p.server.ConnectionState().DidResume; got != want {
			t.Errorf("connection %d: resumed %v", i, got)
		}
	}
	own = [][32]byte{{1}}
	p.restart()
	p.mustHandshake()
	if p.server.ConnectionState().DidResume {
		t.Error("a configuration's own keys were not used")
	}
}

// Replays are told by one guard, though every client gets a configuration of its own.
func TestReplayGuardIsTheFirstConfigs(t *testing.T) {
	first, second := &Config{}, &Config{}
	h := &serverHandshake{}
	h.e = &Engine{cfg: second}
	h.chosen.first = first
	if h.replayGuard(epoch) != first.replayGuard(epoch) {
		t.Error("another guard for the same keys")
	}
	_ = second.SetSessionTicketKeys([][32]byte{{1}})
	if h.replayGuard(epoch) != second.replayGuard(epoch) {
		t.Error("the first guard for other keys")
	}
	second = &Config{ReplayGuard: refuser{}}
	h.e.cfg = second
	if h.replayGuard(epoch) != ReplayGuard(refuser{}) {
		t.Error("not the guard that was set")
	}
}
