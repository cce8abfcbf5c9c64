package wire

import (
	"errors"
	"testing"
)

func compressedCertificateCodec(body []byte) ([]byte, error) {
	var m CompressedCertificate
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func fullCompressedCertificate(t testing.TB) []byte {
	raw, err := (&CompressedCertificate{Algorithm: 1, Uncompressed: 0x123456, Data: []byte("compressed")}).Append(nil)
	return must(t, raw, err)
}

func TestCompressedCertificate(t *testing.T) {
	raw := fullCompressedCertificate(t)
	checkMessage(t, raw, compressedCertificateCodec)
	var m CompressedCertificate
	if err := m.Parse(raw[HeaderLen:]); err != nil || m.Algorithm != 1 || m.Uncompressed != 0x123456 || string(m.Data) != "compressed" {
		t.Errorf("%v, %+v", err, m)
	}
	noAllocs(t, func() error { return m.Parse(raw[HeaderLen:]) })
	for _, m := range []CompressedCertificate{{Uncompressed: 1 << 24, Data: []byte("x")}, {Uncompressed: -1, Data: []byte("x")}} {
		if _, err := m.Append(nil); !errors.Is(err, ErrTooLong) {
			t.Errorf("%d bytes: %v", m.Uncompressed, err)
		}
	}
	if err := new(CompressedCertificate).Parse([]byte{0, 1, 0, 0, 9, 0, 0, 0}); !errors.Is(err, ErrSyntax) {
		t.Errorf("nothing compressed: %v", err)
	}
}

func FuzzCompressedCertificate(f *testing.F) {
	fuzzMessage(f, compressedCertificateCodec, fullCompressedCertificate(f)[HeaderLen:])
}
