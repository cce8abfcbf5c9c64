package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"
)

// Keys change while a server runs: who has the old ones learns of the new.
func TestKeysForEncryptedHellosChange(t *testing.T) {
	var given []tls.EncryptedClientHelloKey
	asked := 0
	p := newECHPair(t, func(_, s *Config) {
		s.ClientAuth = tls.VerifyClientCertIfGiven
		given, s.EncryptedClientHelloKeys = s.EncryptedClientHelloKeys, nil
		s.GetEncryptedClientHelloKeys = func(info *tls.ClientHelloInfo) ([]tls.EncryptedClientHelloKey, error) {
			if info.ServerName != testPublicName {
				t.Errorf("asked for %q", info.ServerName)
			}
			asked++
			return given, nil
		}
	})
	p.mustAccept()
	ready := p.server.prep.ech.given.last.Load()
	p.restart()
	p.mustAccept()
	if asked != 2 || ready == nil || p.server.prep.ech.given.last.Load() != ready {
		t.Errorf("asked %d times, made ready twice", asked)
	}
	key, list := newECHKey(t, ECHKeyOptions{PublicName: testPublicName})
	given = []tls.EncryptedClientHelloKey{key}
	p.restart()
	p.mustReject(list)
	given = nil
	p.restart()
	p.mustReject(nil)
}

func TestKeysForEncryptedHellosThatCannotBeGiven(t *testing.T) {
	refuse := errors.New("refused")
	key, _ := newECHKey(t, ECHKeyOptions{PublicName: testPublicName})
	for what, c := range map[string]struct {
		keys []tls.EncryptedClientHelloKey
		err  error
		want error
	}{"error": {nil, refuse, refuse}, "defect": {[]tls.EncryptedClientHelloKey{{Config: key.Config}}, nil, ErrECHKey}} {
		p := newECHPair(t, func(_, s *Config) {
			s.GetEncryptedClientHelloKeys = func(*tls.ClientHelloInfo) ([]tls.EncryptedClientHelloKey, error) { return c.keys, c.err }
		})
		p.handshake()
		p.wantAlert(p.server, AlertInternalError)
		if !errors.Is(p.server.Err(), c.want) {
			t.Errorf("%s: %v", what, p.server.Err())
		}
	}
}

// Of a hello that is not encrypted nobody is asked.
func TestNoKeysForOrdinaryHellos(t *testing.T) {
	p := newPair(t, func(_, s *Config) {
		s.GetEncryptedClientHelloKeys = func(*tls.ClientHelloInfo) ([]tls.EncryptedClientHelloKey, error) {
			t.Error("asked")
			return nil, nil
		}
	})
	p.mustHandshake()
}
