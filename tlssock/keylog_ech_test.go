package tlssock

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smoltls/tlssock/internal/ech"
	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// hpkeOpen opens what the first hello's payload is, with nothing but what a key log has (RFC 9180 §5.1, RFC 9849 §6.1).
func hpkeOpen(t *testing.T, config *ech.Config, by ech.Suite, secret, sealed, aad []byte) []byte {
	t.Helper()
	id := append([]byte("HPKE"), 0, 0, 0, 0, 0, 0)
	binary.BigEndian.PutUint16(id[4:], config.KEM)
	binary.BigEndian.PutUint16(id[6:], by.KDF)
	binary.BigEndian.PutUint16(id[8:], by.AEAD)
	extract := func(salt []byte, label string, ikm []byte) []byte {
		prk, err := hkdf.Extract(sha256.New, slices.Concat([]byte("HPKE-v1"), id, []byte(label), ikm), salt)
		if err != nil {
			t.Fatal(err)
		}
		return prk
	}
	expand := func(prk []byte, label string, context []byte, n int) []byte {
		okm, err := hkdf.Expand(sha256.New, prk, string(slices.Concat([]byte{0, byte(n)}, []byte("HPKE-v1"), id, []byte(label), context)), n)
		if err != nil {
			t.Fatal(err)
		}
		return okm
	}
	info := append([]byte("tls ech\x00"), config.Raw...)
	context := slices.Concat([]byte{0}, extract(nil, "psk_id_hash", nil), extract(nil, "info_hash", info))
	prk := extract(secret, "secret", nil)
	block, err := aes.NewCipher(expand(prk, "key", context, 16))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := aead.Open(nil, expand(prk, "base_nonce", context, 12), sealed, aad)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// Who has the key log opens an encrypted hello (RFC 9850 §2.2), whichever side wrote it; what the handshake derives is
// under the random of the hello that it is about.
func TestKeyLogOpensEncryptedHellos(t *testing.T) {
	var c, s strings.Builder
	p := newECHPair(t, func(cc, sc *Config) { cc.KeyLogWriter, sc.KeyLogWriter = &c, &s })
	var raw []byte
	p.mangle = func(from Role, rec []byte) []byte {
		if raw == nil {
			raw = bytes.Clone(rec[suite.HeaderLen:])
		}
		return rec
	}
	p.mustHandshake()
	if c.String() != s.String() || !p.client.ConnectionState().ECHAccepted {
		t.Fatalf("client:\n%s\nserver:\n%s", c.String(), s.String())
	}
	var outer wire.ClientHello
	if err := outer.Parse(raw[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	value := func(label string) []byte {
		m := regexp.MustCompile(`(?m)^` + label + ` ([0-9a-f]{64}) ([0-9a-f]+)$`).FindStringSubmatch(c.String())
		if m == nil || (m[1] == hex.EncodeToString(outer.Random)) != strings.HasPrefix(label, "ECH_") {
			t.Fatalf("%s in\n%s", label, c.String())
		}
		b, _ := hex.DecodeString(m[2])
		return b
	}
	value("CLIENT_HANDSHAKE_TRAFFIC_SECRET")
	config, err := ech.ParseConfig(value("ECH_CONFIG"))
	if err != nil {
		t.Fatal(err)
	}
	var e wire.ECHClientHello
	e.Parse(outer.ECH)
	aad := bytes.Replace(raw[wire.HeaderLen:], e.Payload, make([]byte, len(e.Payload)), 1)
	inner := hpkeOpen(t, config, ech.Suite{KDF: e.KDF, AEAD: e.AEAD}, value("ECH_SECRET"), e.Payload, aad)
	if !bytes.Contains(inner, []byte(testServerName)) || bytes.Contains(raw, []byte(testServerName)) {
		t.Errorf("inner hello %x", inner)
	}
}
