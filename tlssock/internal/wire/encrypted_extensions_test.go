package wire

import (
	"errors"
	"testing"
)

func encryptedExtensionsCodec(body []byte) ([]byte, error) {
	var m EncryptedExtensions
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func fullEncryptedExtensions(t testing.TB) []byte {
	m := EncryptedExtensions{
		Has:                   SetOf(ExtServerName, ExtEarlyData, ExtALPN, ExtSupportedGroups, ExtClientCertificateType, ExtServerCertificateType),
		ClientCertificateType: 2, ServerCertificateType: 255,
		ALPN: []byte("h2"), SupportedGroups: MakeUint16s[uint16](29, 24),
	}
	raw, err := m.Append(nil)
	return must(t, raw, err)
}

func TestEncryptedExtensions(t *testing.T) {
	raw := fullEncryptedExtensions(t)
	var m EncryptedExtensions
	if err := m.Parse(raw[HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	if string(m.ALPN) != "h2" || !m.SupportedGroups.Contains(24) || m.ClientCertificateType != 2 || m.ServerCertificateType != 255 {
		t.Errorf("parsed %+v", m)
	}
	checkMessage(t, raw, encryptedExtensionsCodec)
	checkExtensionBodies(t, raw[HeaderLen:], m.Extensions, encryptedExtensionsCodec)
	noAllocs(t, func() error { return m.Parse(raw[HeaderLen:]) })
	empty, err := (&EncryptedExtensions{}).Append(nil)
	checkMessage(t, must(t, empty, err), encryptedExtensionsCodec)
}

func TestEncryptedExtensionsSelectOneProtocol(t *testing.T) {
	two := []byte{0, 10, 0, 16, 0, 6, 0, 4, 1, 'a', 1, 'b'}
	if err := new(EncryptedExtensions).Parse(two); !errors.Is(err, ErrSyntax) {
		t.Errorf("two protocols: %v", err)
	}
}

func FuzzEncryptedExtensions(f *testing.F) {
	fuzzMessage(f, encryptedExtensionsCodec, fullEncryptedExtensions(f)[HeaderLen:], []byte{0, 0})
}

func TestRetryConfigurationsAreGivenAsTheyAre(t *testing.T) {
	for _, list := range []string{"", "\x00\x01x"} {
		raw, err := (&EncryptedExtensions{ECH: []byte(list)}).Append(nil)
		var m EncryptedExtensions
		if err := m.Parse(must(t, raw, err)[HeaderLen:]); err != nil || m.ECH == nil || string(m.ECH) != list {
			t.Errorf("%q becomes %q: %v", list, m.ECH, err)
		}
	}
}
