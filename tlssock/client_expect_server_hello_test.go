package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestServerHelloDefects(t *testing.T) {
	for _, c := range []struct {
		name  string
		edit  func(m *wire.ServerHello)
		alert Alert
		err   error
	}{
		{"no supported_versions", func(m *wire.ServerHello) { m.Has &^= wire.SetOf(wire.ExtSupportedVersions) }, AlertProtocolVersion, ErrVersion},
		{"TLS 1.2 with downgrade sentinel", func(m *wire.ServerHello) {
			m.Has = 0
			m.Random = append(make([]byte, 24), downgradeTLS12...)
		}, AlertIllegalParameter, ErrDowngrade},
		{"TLS 1.1 with downgrade sentinel", func(m *wire.ServerHello) {
			m.Has, m.LegacyVersion = 0, tls.VersionTLS11
			m.Random = append(make([]byte, 24), downgradeTLS11...)
		}, AlertIllegalParameter, ErrDowngrade},
		{"selects TLS 1.2", func(m *wire.ServerHello) { m.SupportedVersion = tls.VersionTLS12 }, AlertIllegalParameter, ErrVersion},
		{"selects TLS 1.4", func(m *wire.ServerHello) { m.SupportedVersion = 0x0305 }, AlertIllegalParameter, ErrVersion},
		{"legacy_version 1.1", func(m *wire.ServerHello) { m.LegacyVersion = tls.VersionTLS11 }, AlertIllegalParameter, nil},
		{"legacy_version of SSL 3.0", func(m *wire.ServerHello) { m.LegacyVersion = 0x0300 }, AlertProtocolVersion, nil},
		{"session not echoed", func(m *wire.ServerHello) { m.SessionID = m.SessionID[:31] }, AlertIllegalParameter, nil},
		{"compression", func(m *wire.ServerHello) { m.Compression = 1 }, AlertDecodeError, nil},
		{"suite not offered", func(m *wire.ServerHello) { m.CipherSuite = 0x1305 }, AlertIllegalParameter, nil},
		{"suite unknown", func(m *wire.ServerHello) { m.CipherSuite = 0xc02f }, AlertIllegalParameter, nil},
		{"pre_shared_key", func(m *wire.ServerHello) { m.Has.Add(wire.ExtPreSharedKey) }, AlertUnsupportedExtension, ErrUnexpectedMessage},
		{"cookie", func(m *wire.ServerHello) {
			m.Has.Add(wire.ExtCookie)
			m.Cookie = []byte("c")
		}, AlertUnsupportedExtension, ErrUnexpectedMessage},
		{"no key_share", func(m *wire.ServerHello) { m.Has &^= wire.SetOf(wire.ExtKeyShare) }, AlertMissingExtension, nil},
		{"group without share", func(m *wire.ServerHello) { m.Group = uint16(tls.CurveP256) }, AlertIllegalParameter, nil},
		{"group unknown", func(m *wire.ServerHello) { m.Group = 30 }, AlertIllegalParameter, nil},
		{"short share", func(m *wire.ServerHello) { m.KeyShare = m.KeyShare[:31] }, AlertIllegalParameter, nil},
		{"long share", func(m *wire.ServerHello) { m.KeyShare = append(bytes.Clone(m.KeyShare), 0) }, AlertIllegalParameter, nil},
		{"low order share", func(m *wire.ServerHello) { m.KeyShare = make([]byte, 32) }, AlertIllegalParameter, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.beRogueServer(serverScript...).hello = c.edit
			p.handshake()
			p.wantAlert(p.client, c.alert)
			if c.err != nil && !errors.Is(p.client.Err(), c.err) {
				t.Errorf("%v is no %v", p.client.Err(), c.err)
			}
		})
	}
}

func TestSharesOnTheCurveOnly(t *testing.T) {
	for _, g := range []tls.CurveID{tls.CurveP256, tls.CurveP384, tls.X25519MLKEM768} {
		p := newPair(t, func(c, s *Config) { c.CurvePreferences = []tls.CurveID{g} })
		p.beRogueServer(serverScript...).hello = func(m *wire.ServerHello) {
			m.KeyShare = bytes.Clone(m.KeyShare)
			clear(m.KeyShare[len(m.KeyShare)-32:]) // for the hybrid, its X25519 part
		}
		p.handshake()
		p.wantAlert(p.client, AlertIllegalParameter)
	}
}

func TestServerHelloTwiceAnExtension(t *testing.T) {
	p := newPair(t)
	p.beRogueServer(serverScript...).raw = func(msg []byte) []byte {
		msg = append(msg, 0, 51, 0, 0)
		block := 4 + 2 + 32 + 1 + 32 + 2 + 1
		n := len(msg) - block - 2
		msg[block], msg[block+1] = byte(n>>8), byte(n)
		msg[3] = byte(len(msg) - 4)
		return msg
	}
	p.handshake()
	p.wantAlert(p.client, AlertDecodeError)
}
