package tlssock

import (
	"testing"

	"smoltls/tlssock/internal/wire"
)

// extensionsMessage makes an EncryptedExtensions message of raw extensions.
func extensionsMessage(raw string) []byte {
	n := len(raw)
	return append([]byte{byte(wire.TypeEncryptedExtensions), 0, 0, byte(n + 2), 0, byte(n)}, raw...)
}

func TestEncryptedExtensionsDefects(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		alert     Alert
	}{
		{"server_name", "\x00\x00\x00\x00", 0},
		{"supported_groups", "\x00\x0a\x00\x04\x00\x02\x00\x1d", 0},
		{"protocol of ours", "\x00\x10\x00\x04\x00\x02\x01b", 0},
		{"protocol not offered", "\x00\x10\x00\x04\x00\x02\x01c", AlertIllegalParameter},
		{"two protocols", "\x00\x10\x00\x06\x00\x04\x01a\x01b", AlertDecodeError},
		{"empty protocol", "\x00\x10\x00\x03\x00\x01\x00", AlertDecodeError},
		{"server_name with content", "\x00\x00\x00\x01a", AlertDecodeError},
		{"key_share", "\x00\x33\x00\x00", AlertUnsupportedExtension},
		{"record_size_limit, not offered", "\x00\x1c\x00\x02\x40\x01", AlertUnsupportedExtension},
		{"early_data, not offered", "\x00\x2a\x00\x00", AlertUnsupportedExtension},
		{"unknown", "\xfa\xfa\x00\x00", AlertUnsupportedExtension},
		{"twice", "\x00\x00\x00\x00\x00\x00\x00\x00", AlertDecodeError},
		{"cut", "\x00\x00\x00", AlertDecodeError},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, func(c, _ *Config) { c.NextProtos = []string{"a", "b"} })
			p.beRogueServer(serverScript...).edit = func(typ wire.Type, msg []byte) []byte {
				if typ == wire.TypeEncryptedExtensions {
					return extensionsMessage(c.raw)
				}
				return msg
			}
			p.handshake()
			if c.alert != 0 {
				p.wantAlert(p.client, c.alert)
				return
			}
			if p.client.Err() != nil || !p.client.HandshakeComplete() {
				t.Fatal(p.client.Err())
			}
		})
	}
}

func TestEncryptedExtensionsWithoutAListIsMalformed(t *testing.T) {
	p := newPair(t)
	p.beRogueServer(serverScript...).edit = func(typ wire.Type, msg []byte) []byte {
		if typ == wire.TypeEncryptedExtensions {
			return []byte{byte(typ), 0, 0, 0}
		}
		return msg
	}
	p.handshake()
	p.wantAlert(p.client, AlertDecodeError)
}
