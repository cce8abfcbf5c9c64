package ech

import (
	"bytes"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// testHello makes a hello, inner or outer, and gives its message and what is parsed of it.
func testHello(t testing.TB, change func(h *wire.ClientHello)) ([]byte, *wire.ClientHello) {
	t.Helper()
	protocols, err := wire.MakeProtocols("h2")
	if err != nil {
		t.Fatal(err)
	}
	authorities, err := wire.MakeAuthorities([]byte("0\x00"))
	if err != nil {
		t.Fatal(err)
	}
	h := wire.ClientHello{
		LegacyVersion: wire.VersionTLS12, Random: bytes.Repeat([]byte{1}, 32), SessionID: bytes.Repeat([]byte{2}, 32),
		CipherSuites: wire.MakeUint16s[uint16](0x1301), CompressionMethods: []byte{0}, ServerName: []byte("secret.example"), ALPN: protocols,
		SupportedVersions: wire.MakeUint16s(wire.VersionTLS13), SupportedGroups: wire.MakeUint16s[uint16](29), SignatureAlgorithms: wire.MakeUint16s[uint16](0x0807),
		KeyShares: wire.AppendKeyShare(nil, 29, []byte("share")), PSKModes: []byte{1}, CertificateAuthorities: authorities, ECH: wire.ECHInnerExtension,
		PSKIdentities: []byte("\x00\x01x\x00\x00\x00\x01"), PSKBinders: append([]byte{32}, make([]byte, 32)...),
		Has: wire.SetOf(wire.ExtServerName, wire.ExtALPN, wire.ExtSupportedVersions, wire.ExtSupportedGroups, wire.ExtSignatureAlgorithms, wire.ExtKeyShare,
			wire.ExtPSKKeyExchangeModes, wire.ExtPreSharedKey, wire.ExtEarlyData),
	}
	if change != nil {
		change(&h)
	}
	raw, err := h.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	parsed := &wire.ClientHello{}
	if err := parsed.Parse(raw[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	return raw, parsed
}

func beOuter(h *wire.ClientHello) {
	h.Random, h.ServerName = bytes.Repeat([]byte{7}, 32), []byte("public.example")
	h.Has &^= InnerOnly | wire.SetOf(wire.ExtPreSharedKey)
	h.ECH = []byte{wire.ECHOuter, 0, 1, 0, 1, 42, 0, 0, 0, 1, 0}
}

func TestInnerHelloSurvivesTheRoundTrip(t *testing.T) {
	_, outer := testHello(t, beOuter)
	for what, change := range map[string]func(h *wire.ClientHello){
		"whole":     nil,
		"no name":   func(h *wire.ClientHello) { h.Has &^= wire.SetOf(wire.ExtServerName) },
		"no key":    func(h *wire.ClientHello) { h.Has &^= wire.SetOf(wire.ExtPreSharedKey) },
		"authority": func(h *wire.ClientHello) { h.Has.Add(wire.ExtCertificateAuthorities) },
		"raw keys": func(h *wire.ClientHello) {
			h.ServerCertificateTypes = []byte{2}
			h.Has.Add(wire.ExtServerCertificateType)
		},
		"one only": func(h *wire.ClientHello) { h.Has = wire.SetOf(wire.ExtKeyShare) },
		"none":     func(h *wire.ClientHello) { h.Has = 0 },
	} {
		raw, inner := testHello(t, change)
		encoded, err := EncodeInner([]byte("before"), raw[wire.HeaderLen:], 64)
		if err != nil {
			t.Fatal(err)
		}
		encoded = encoded[len("before"):]
		if bytes.Contains(encoded, []byte("share")) || bytes.Contains(encoded, inner.SessionID) {
			t.Errorf("%s: encoded with what the outer hello has too: %x", what, encoded)
		}
		again, err := DecodeInner([]byte("before"), encoded, outer)
		if err != nil || !bytes.Equal(again, append([]byte("before"), raw...)) {
			t.Errorf("%s: %x becomes %x: %v", what, raw, again, err)
		}
	}
}

// Names up to the length that the configuration gives make no difference (RFC 9849 §6.1.3).
func TestPaddingHidesTheName(t *testing.T) {
	size := func(name string, maxName int) int {
		raw, _ := testHello(t, func(h *wire.ClientHello) {
			h.ServerName = []byte(name)
			if name == "" {
				h.Has &^= wire.SetOf(wire.ExtServerName)
			}
		})
		encoded, err := EncodeInner(nil, raw[wire.HeaderLen:], maxName)
		if err != nil || len(encoded)%32 != 0 {
			t.Fatalf("%d bytes, %v", len(encoded), err)
		}
		return len(encoded)
	}
	long := string(bytes.Repeat([]byte("a"), 100))
	for n := range 101 {
		if got, want := size(long[:n], 100), size(long, 100); got != want {
			t.Errorf("a name of %d bytes makes %d instead of %d", n, got, want)
		}
	}
	if size(long, 10) <= size("a", 10) {
		t.Error("a name longer than the longest does not fit")
	}
}

func TestInnerHelloDefects(t *testing.T) {
	_, outer := testHello(t, beOuter)
	raw, inner := testHello(t, func(h *wire.ClientHello) { h.Has = wire.SetOf(wire.ExtServerName); h.SessionID = nil })
	head := raw[wire.HeaderLen : len(raw)-2-len(inner.Extensions)]
	build := func(extensions, padding string) []byte {
		b := append(bytes.Clone(head), byte(len(extensions)>>8), byte(len(extensions)))
		return append(append(b, extensions...), padding...)
	}
	for what, c := range map[string]struct {
		encoded []byte
		err     error
	}{
		"padding":             {build("", "\x00\x00\x01"), ErrPadding},
		"session ID":          {raw[wire.HeaderLen:][:0], ErrInner},
		"missing":             {build("\xfd\x00\x00\x03\x02\xfa\xfa", ""), ErrOuterExtensions},
		"twice":               {build("\xfd\x00\x00\x05\x04\x00\x0a\x00\x0a", ""), ErrOuterExtensions},
		"wrong order":         {build("\xfd\x00\x00\x05\x04\x00\x33\x00\x0a", ""), ErrOuterExtensions},
		"itself":              {build("\xfd\x00\x00\x03\x02\xfe\x0d", ""), ErrOuterExtensions},
		"list twice":          {build("\xfd\x00\x00\x03\x02\x00\x0a\xfd\x00\x00\x03\x02\x00\x33", ""), ErrOuterExtensions},
		"empty list":          {build("\xfd\x00\x00\x01\x00", ""), ErrInner},
		"odd list":            {build("\xfd\x00\x00\x04\x03\x00\x0a\x00", ""), ErrInner},
		"after the list":      {build("\xfd\x00\x00\x04\x02\x00\x0a\x00", ""), ErrInner},
		"cut":                 {build("\x00\x0a\x00\x01", ""), ErrInner},
		"longer than a block": {build("\xfa\xfa\xff\xf4"+string(make([]byte, 0xfff4))+"\xfd\x00\x00\x03\x02\x00\x33", ""), ErrInner},
	} {
		if out, err := DecodeInner([]byte("before"), c.encoded, outer); !errors.Is(err, c.err) || string(out) != "before" {
			t.Errorf("%s: %.40q, %v", what, out, err)
		}
	}
	withSession, _ := testHello(t, nil)
	if _, err := DecodeInner(nil, withSession[wire.HeaderLen:], outer); !errors.Is(err, ErrInner) {
		t.Errorf("a session ID: %v", err)
	}
	if out, err := DecodeInner(nil, build("\xfd\x00\x00\x05\x04\x00\x0a\x00\x33", "\x00"), outer); err != nil || !bytes.Contains(out, []byte("share")) {
		t.Errorf("%x, %v", out, err)
	}
	if _, err := EncodeInner(nil, raw[wire.HeaderLen+1:], 0); err == nil {
		t.Error("encoded what is no hello")
	}
}

// Whatever a client has sealed makes no more than what came (RFC 9849 §10.12.4).
func FuzzDecodeInner(f *testing.F) {
	raw, _ := testHello(f, nil)
	rawOuter, _ := testHello(f, beOuter)
	encoded, err := EncodeInner(nil, raw[wire.HeaderLen:], 64)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoded, rawOuter[wire.HeaderLen:])
	f.Fuzz(func(t *testing.T, encoded, body []byte) {
		var outer wire.ClientHello
		if outer.Parse(body) != nil {
			return
		}
		out, err := DecodeInner(nil, encoded, &outer)
		if err != nil {
			if !errors.Is(err, ErrInner) && !errors.Is(err, ErrPadding) && !errors.Is(err, ErrOuterExtensions) {
				t.Fatal(err)
			}
			return
		}
		if len(out) > len(encoded)+len(body)+wire.HeaderLen {
			t.Fatalf("%d and %d bytes become %d", len(encoded), len(body), len(out))
		}
		if typ, msg, rest, ok := wire.Next(out); !ok || typ != wire.TypeClientHello || len(msg) != len(out) || len(rest) != 0 {
			t.Fatalf("%x is no message", out)
		}
	})
}
