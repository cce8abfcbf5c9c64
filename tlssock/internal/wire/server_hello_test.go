package wire

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"
)

func serverHelloCodec(body []byte) ([]byte, error) {
	var m ServerHello
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func fullServerHello(t testing.TB, random []byte) []byte {
	m := ServerHello{
		LegacyVersion: VersionTLS12, Random: random, SessionID: []byte("session"), CipherSuite: 0x1301,
		Has: SetOf(ExtSupportedVersions, ExtKeyShare), SupportedVersion: VersionTLS13, Group: 29, KeyShare: []byte("share"),
	}
	if m.IsRetry() {
		m.Has.Add(ExtCookie)
		m.Cookie, m.ECH = []byte("cookie"), []byte("confirm!")
	} else {
		m.Has.Add(ExtPreSharedKey)
		m.SelectedIdentity = 3
	}
	raw, err := m.Append(nil)
	return must(t, raw, err)
}

func TestServerHelloAndHelloRetryRequest(t *testing.T) {
	for _, random := range [][]byte{bytes.Repeat([]byte{7}, 32), []byte(RetryRandom)} {
		raw := fullServerHello(t, random)
		var m ServerHello
		if err := m.Parse(raw[HeaderLen:]); err != nil {
			t.Fatal(err)
		}
		if m.Group != 29 || m.SupportedVersion != VersionTLS13 || m.IsRetry() != (m.KeyShare == nil) || m.IsRetry() != (m.Cookie != nil) || m.IsRetry() != (string(m.ECH) == "confirm!") {
			t.Errorf("parsed %+v", m)
		}
		checkMessage(t, raw, serverHelloCodec, len(raw)-HeaderLen-len(m.Extensions)-2)
		checkExtensionBodies(t, raw[HeaderLen:], m.Extensions, serverHelloCodec)
		noAllocs(t, func() error { return m.Parse(raw[HeaderLen:]) })
		if err := m.Parse(withExtension(raw[HeaderLen:], m.Extensions, ExtKeyShare, nil)); !errors.Is(err, ErrDuplicate) {
			t.Errorf("key_share twice: %v", err)
		}
	}
}

func TestRetryRandomIsTheHashOfItsName(t *testing.T) {
	if sum := sha256.Sum256([]byte("HelloRetryRequest")); string(sum[:]) != RetryRandom { // RFC 8446 §4.1.3
		t.Errorf("%x", sum)
	}
}

func FuzzServerHello(f *testing.F) {
	fuzzMessage(f, serverHelloCodec, fullServerHello(f, make([]byte, 32))[HeaderLen:], fullServerHello(f, []byte(RetryRandom))[HeaderLen:])
}
