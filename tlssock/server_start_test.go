package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func without(types ...wire.ExtensionType) func(h *clientHandshake) {
	return func(h *clientHandshake) { h.hello.Has &^= wire.SetOf(types...) }
}

func TestClientHelloDefects(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(h *clientHandshake)
		want   Alert
		err    error
	}{
		{"no supported_versions", without(wire.ExtSupportedVersions), AlertProtocolVersion, ErrVersion},
		{"TLS 1.2 only", func(h *clientHandshake) { h.hello.SupportedVersions = wire.MakeUint16s[uint16](0x0303, 0x0302) }, AlertProtocolVersion, ErrVersion},
		{"no supported_groups", without(wire.ExtSupportedGroups), AlertMissingExtension, nil},
		{"no key_share", without(wire.ExtKeyShare), AlertMissingExtension, nil},
		{"no signature_algorithms", without(wire.ExtSignatureAlgorithms), AlertMissingExtension, nil},
		{"compression", func(h *clientHandshake) { h.hello.CompressionMethods = []byte{1, 0} }, AlertIllegalParameter, nil},
		{"no null compression", func(h *clientHandshake) { h.hello.CompressionMethods = []byte{1} }, AlertIllegalParameter, nil},
		{"no compression methods", func(h *clientHandshake) { h.hello.CompressionMethods = nil }, AlertDecodeError, nil},
		{"no suites", func(h *clientHandshake) { h.hello.CipherSuites = nil }, AlertDecodeError, nil},
		{"no common suite", func(h *clientHandshake) { h.hello.CipherSuites = wire.MakeUint16s[uint16](0x1305, 0xc02f) }, AlertHandshakeFailure, ErrNoCommonSuite},
		{"no common group", func(h *clientHandshake) {
			h.hello.SupportedGroups, h.hello.KeyShares = wire.MakeUint16s[uint16](30), nil
		}, AlertHandshakeFailure, ErrNoCommonGroup},
		{"share of no supported group", func(h *clientHandshake) { h.hello.SupportedGroups = wire.MakeUint16s[uint16](23) }, AlertIllegalParameter, nil},
		{"share twice", func(h *clientHandshake) {
			h.hello.KeyShares = append(bytes.Clone(h.hello.KeyShares), h.hello.KeyShares...)
		}, AlertIllegalParameter, nil},
		{"short share", func(h *clientHandshake) { h.hello.KeyShares = wire.AppendKeyShare(nil, 29, make([]byte, 31)) }, AlertIllegalParameter, nil},
		{"low order share", func(h *clientHandshake) { h.hello.KeyShares = wire.AppendKeyShare(nil, 29, make([]byte, 32)) }, AlertIllegalParameter, nil},
		{"not on P-256", func(h *clientHandshake) {
			h.hello.SupportedGroups = wire.MakeUint16s[uint16](23)
			h.hello.KeyShares = wire.AppendKeyShare(nil, 23, bytes.Repeat([]byte{4}, 65))
		}, AlertIllegalParameter, nil},
		{"compressed point", func(h *clientHandshake) {
			h.hello.SupportedGroups = wire.MakeUint16s[uint16](23)
			h.hello.KeyShares = wire.AppendKeyShare(nil, 23, bytes.Repeat([]byte{2}, 33))
		}, AlertIllegalParameter, nil},
		{"encapsulation key not reduced", func(h *clientHandshake) {
			h.hello.SupportedGroups = wire.MakeUint16s[uint16](0x11ec)
			h.hello.KeyShares = wire.AppendKeyShare(nil, 0x11ec, bytes.Repeat([]byte{255}, 1216))
		}, AlertIllegalParameter, nil},
		{"no common scheme", func(h *clientHandshake) { h.hello.SignatureAlgorithms = wire.MakeUint16s[uint16](0x0804, 0x0401) }, AlertHandshakeFailure, ErrNoCommonScheme},
		{"psk without modes", func(h *clientHandshake) {
			h.hello.Has.Add(wire.ExtPreSharedKey)
			h.hello.PSKIdentities = []byte("\x00\x01x\x00\x00\x00\x01")
			h.hello.PSKBinders = append([]byte{32}, make([]byte, 32)...)
		}, AlertMissingExtension, nil},
		{"session too long", func(h *clientHandshake) { h.hello.SessionID = make([]byte, 33) }, AlertDecodeError, nil},
		{"name with a space", func(h *clientHandshake) { h.hello.ServerName = []byte("a b") }, AlertDecodeError, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.server.Receive(nil, handshakeRecord(rawClientHello(t, c.change)))
			wantFault(t, p.server, c.want)
			if c.err != nil && !errors.Is(p.server.Err(), c.err) {
				t.Error(p.server.Err())
			}
			if p.env.Handshakes() != 0 {
				t.Error("the handshake's memory is kept")
			}
		})
	}
}

func TestPreSharedKeyMustBeTheLastExtension(t *testing.T) {
	raw := rawClientHello(t, func(h *clientHandshake) {
		h.hello.Has.Add(wire.ExtPreSharedKey)
		h.hello.PSKIdentities = []byte("\x00\x01x\x00\x00\x00\x01")
		h.hello.PSKBinders = append([]byte{32}, make([]byte, 32)...)
	})
	raw = append(raw, 0, 21, 0, 0)
	at := 4 + 2 + 32 + 1 + 32
	at += 2 + int(raw[at+1]) + 2 // cipher suites, compression
	n := len(raw) - at - 2
	raw[at], raw[at+1] = byte(n>>8), byte(n)
	raw[2], raw[3] = byte((len(raw)-4)>>8), byte(len(raw)-4)
	p := newPair(t)
	p.server.Receive(nil, handshakeRecord(raw))
	wantFault(t, p.server, AlertIllegalParameter)
}

// RFC 8446 §D.5: a hello that could be one of SSL is none, whatever its supported_versions say.
func TestClientHelloOfSSLIsRefused(t *testing.T) {
	for version, refused := range map[uint16]bool{0: true, 0x0002: true, 0x0200: true, 0x0300: true, 0x0301: false, 0x0303: false, 0x0304: false, 0xffff: false} {
		raw := rawClientHello(t, func(h *clientHandshake) { h.hello.LegacyVersion = version })
		p := newPair(t)
		_, err := p.server.Receive(nil, handshakeRecord(raw))
		if (err != nil) != refused {
			t.Errorf("%#04x: %v", version, err)
		}
		if refused {
			wantFault(t, p.server, AlertProtocolVersion)
		}
	}
}

// What a client offers beyond what is known here is passed over.
func TestClientHelloWithPSKAndGREASEIsServed(t *testing.T) {
	raw := rawClientHello(t, func(h *clientHandshake) {
		h.hello.Has.Add(wire.ExtPreSharedKey)
		h.hello.Has.Add(wire.ExtPSKKeyExchangeModes)
		h.hello.Has.Add(wire.ExtPostHandshakeAuth)
		h.hello.PSKModes = []byte{1, 0x0b}
		h.hello.PSKIdentities = []byte("\x00\x01x\x00\x00\x00\x01")
		h.hello.PSKBinders = append([]byte{32}, make([]byte, 32)...)
		h.hello.CipherSuites = append(wire.MakeUint16s[uint16](0x0a0a), h.hello.CipherSuites...)
		h.hello.SupportedGroups = append(wire.MakeUint16s[uint16](0x1a1a), h.hello.SupportedGroups...)
		h.hello.KeyShares = append(wire.AppendKeyShare(nil, 0x1a1a, []byte{0}), h.hello.KeyShares...)
		h.hello.SupportedVersions = wire.MakeUint16s[uint16](0x2a2a, 0x0304, 0x0303)
		h.hello.LegacyVersion = 0x0303
	})
	p := newPair(t)
	if _, err := p.server.Receive(nil, handshakeRecord(raw)); err != nil {
		t.Fatal(err)
	}
	if p.server.ConnectionState().CurveID != tls.X25519 {
		t.Errorf("%+v", p.server.ConnectionState())
	}
}
