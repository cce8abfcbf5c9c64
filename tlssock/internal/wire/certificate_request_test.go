package wire

import "testing"

func certificateRequestCodec(body []byte) ([]byte, error) {
	var m CertificateRequest
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func fullCertificateRequest(t testing.TB) []byte {
	authorities, err := MakeAuthorities([]byte("0\x00"))
	if err != nil {
		t.Fatal(err)
	}
	m := CertificateRequest{
		Context: []byte("context"), Has: SetOf(ExtSignatureAlgorithms, ExtSignatureAlgorithmsCert, ExtCertificateAuthorities,
			ExtCompressCertificate, ExtStatusRequest, ExtSCT),
		CertificateCompression: MakeUint16s[uint16](1),
		SignatureAlgorithms:    MakeUint16s[uint16](0x0403), SignatureAlgorithmsCert: MakeUint16s[uint16](0x0401), CertificateAuthorities: authorities,
	}
	raw, err := m.Append(nil)
	return must(t, raw, err)
}

func TestCertificateRequest(t *testing.T) {
	raw := fullCertificateRequest(t)
	var m CertificateRequest
	if err := m.Parse(raw[HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	if string(m.Context) != "context" || m.SignatureAlgorithms.At(0) != 0x0403 || string(m.CertificateAuthorities.First()) != "0\x00" {
		t.Errorf("parsed %+v", m)
	}
	checkMessage(t, raw, certificateRequestCodec)
	checkExtensionBodies(t, raw[HeaderLen:], m.Extensions, certificateRequestCodec)
	noAllocs(t, func() error { return m.Parse(raw[HeaderLen:]) })
}

func FuzzCertificateRequest(f *testing.F) {
	fuzzMessage(f, certificateRequestCodec, fullCertificateRequest(f)[HeaderLen:])
}
