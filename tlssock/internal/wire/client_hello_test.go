package wire

import (
	"bytes"
	"errors"
	"testing"
)

func clientHelloCodec(body []byte) ([]byte, error) {
	var m ClientHello
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func fullClientHello(t testing.TB) []byte {
	protocols, err := MakeProtocols("h2", "http/1.1")
	if err != nil {
		t.Fatal(err)
	}
	authorities, err := MakeAuthorities([]byte("0\x00"), []byte("0\x02ab"))
	if err != nil {
		t.Fatal(err)
	}
	m := ClientHello{
		LegacyVersion: VersionTLS12, Random: bytes.Repeat([]byte{1}, 32), SessionID: bytes.Repeat([]byte{2}, 32),
		CipherSuites: MakeUint16s[uint16](0x1301, 0x1303), CompressionMethods: []byte{0},
		ServerName: []byte("server.example"), SupportedVersions: MakeUint16s(VersionTLS13),
		SupportedGroups: MakeUint16s[uint16](29, 23), SignatureAlgorithms: MakeUint16s[uint16](0x0807),
		SignatureAlgorithmsCert: MakeUint16s[uint16](0x0401), ALPN: protocols, CertificateAuthorities: authorities,
		ClientCertificateTypes: []byte{2, 0}, ServerCertificateTypes: []byte{2}, CertificateCompression: MakeUint16s[uint16](1, 2), DelegatedCredential: MakeUint16s[uint16](0x0403),
		KeyShares: AppendKeyShare(AppendKeyShare(nil, 29, []byte("share")), 23, []byte("another")),
		Cookie:    []byte("cookie"), PSKModes: []byte{1}, ECH: fullECH(t),
		PSKIdentities: []byte("\x00\x01x\x00\x00\x00\x01"), PSKBinders: append([]byte{32}, make([]byte, 32)...),
		Has: SetOf(ExtServerName, ExtSupportedVersions, ExtSupportedGroups, ExtSignatureAlgorithms, ExtSignatureAlgorithmsCert, ExtALPN,
			ExtStatusRequest, ExtSCT, ExtClientCertificateType, ExtServerCertificateType, ExtCompressCertificate, ExtDelegatedCredential,
			ExtCertificateAuthorities, ExtKeyShare, ExtCookie, ExtPSKKeyExchangeModes, ExtEarlyData, ExtPostHandshakeAuth, ExtPreSharedKey),
	}
	raw, err := m.Append(nil)
	return must(t, raw, err)
}

func TestClientHello(t *testing.T) {
	raw := fullClientHello(t)
	var m ClientHello
	if err := m.Parse(raw[HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	if string(m.ServerName) != "server.example" || !m.ALPN.Contains("h2") || m.ALPN.Contains("h3") || m.CipherSuites.At(1) != 0x1303 {
		t.Errorf("parsed %+v", m)
	}
	if key, twice := m.KeyShares.Find(23); string(key) != "another" || twice {
		t.Errorf("share %q, %v", key, twice)
	}
	end := len(raw) - HeaderLen - len(m.Extensions) - 2
	checkMessage(t, raw, clientHelloCodec, end)
	checkExtensionBodies(t, raw[HeaderLen:], m.Extensions, clientHelloCodec)
	noAllocs(t, func() error { return m.Parse(raw[HeaderLen:]) })
}

func TestClientHelloOfAnOlderVersionMayHaveNoExtensions(t *testing.T) {
	body := append([]byte{3, 1}, make([]byte, 32)...)
	body = append(body, 0, 0, 2, 0, 47, 1, 0)
	var m ClientHello
	if err := m.Parse(body); err != nil || m.Extensions != nil || m.Has != 0 {
		t.Errorf("%v, %+v", err, m)
	}
}

func TestClientHelloDefects(t *testing.T) {
	raw := fullClientHello(t)
	var m ClientHello
	if err := m.Parse(raw[HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	body, block := raw[HeaderLen:], m.Extensions
	if err := new(ClientHello).Parse(withExtension(body, block, ExtPadding, nil)); !errors.Is(err, ErrOrder) {
		t.Errorf("pre_shared_key before padding: %v", err)
	}
	plain := m
	plain.Has &^= SetOf(ExtPreSharedKey)
	raw, err := plain.Append(nil)
	must(t, raw, err)
	if err := m.Parse(raw[HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	body, block = raw[HeaderLen:], m.Extensions
	for _, twice := range []ExtensionType{ExtALPN, 0xfafa} {
		more := withExtension(body, block, 0xfafa, []byte("grease"))
		if err := m.Parse(more); err != nil {
			t.Fatalf("unknown extension: %v", err)
		}
		if got, ok := m.Extensions.Find(0xfafa); !ok || string(got) != "grease" {
			t.Errorf("unknown extension is not kept: %q", got)
		}
		if err := m.Parse(withExtension(more, m.Extensions, twice, nil)); !errors.Is(err, ErrDuplicate) {
			t.Errorf("extension %d twice: %v", twice, err)
		}
	}
	for i := range MaxExtensions {
		next := withExtension(body, block, ExtensionType(1000+i), nil)
		err := m.Parse(next)
		if tooMany := i+19 >= MaxExtensions; tooMany != (err != nil) {
			if !tooMany || !errors.Is(err, ErrTooMany) {
				t.Fatalf("%d extensions: %v", i, err)
			}
		}
		if err != nil {
			return
		}
		body, block = next, m.Extensions
	}
	t.Errorf("more than %d extensions taken", MaxExtensions)
}

func TestServerNameDefects(t *testing.T) {
	for _, list := range []string{
		"\x00\x00", "\x00\x03\x00\x00\x00", "\x00\x04\x01\x00\x01a", "\x00\x04\x00\x00\x01\x00", "\x00\x04\x00\x00\x01 ",
		"\x00\x08\x00\x00\x01a\x00\x00\x01b", "\x00\x04\x00\x00\x01\xff",
	} {
		m := ClientHello{}
		if field := m.parseExtension(ExtServerName, []byte(list)); field != "server_name" {
			t.Errorf("%q taken as %q", list, m.ServerName)
		}
	}
}

func TestStatusRequestOfAnotherKindIsPassedOver(t *testing.T) {
	for body, ok := range map[string]bool{"\x02whatever": true, "\x01\x00\x00\x00\x00": true, "\x01\x00\x01x\x00\x02yz": true, "": false, "\x01": false} {
		m := ClientHello{}
		if field := m.parseExtension(ExtStatusRequest, []byte(body)); ok != (field == "") {
			t.Errorf("%q: %q", body, field)
		}
	}
}

func FuzzClientHello(f *testing.F) { fuzzMessage(f, clientHelloCodec, fullClientHello(f)[HeaderLen:]) }
