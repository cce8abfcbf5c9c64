package wire

import "testing"

func certificateVerifyCodec(body []byte) ([]byte, error) {
	var m CertificateVerify
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func TestCertificateVerify(t *testing.T) {
	raw, err := (&CertificateVerify{Algorithm: 0x0807, Signature: []byte("signature")}).Append([]byte(nil))
	checkMessage(t, must(t, raw, err), certificateVerifyCodec)
	var m CertificateVerify
	noAllocs(t, func() error { return m.Parse(raw[HeaderLen:]) })
	if m.Algorithm != 0x0807 || string(m.Signature) != "signature" {
		t.Errorf("parsed %+v", m)
	}
}

func FuzzCertificateVerify(f *testing.F) {
	fuzzMessage(f, certificateVerifyCodec, []byte("\x08\x07\x00\x03sig"))
}
