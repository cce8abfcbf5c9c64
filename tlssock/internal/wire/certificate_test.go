package wire

import (
	"errors"
	"testing"
)

func certificateCodec(body []byte) ([]byte, error) {
	var m Certificate
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func fullCertificate(t testing.TB) []byte {
	list, err := AppendEntry(nil, []byte("leaf"), EntryExtensions{})
	list, err2 := AppendEntry(list, []byte("issuer"), EntryExtensions{})
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	raw, err := (&Certificate{Context: []byte("context"), Entries: list}).Append(nil)
	return must(t, raw, err)
}

func TestCertificate(t *testing.T) {
	raw := fullCertificate(t)
	var m Certificate
	if err := m.Parse(raw[HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	var got string
	for der, ext := range m.Entries.All() {
		got += string(der) + ","
		if len(ext) != 0 {
			t.Errorf("extensions %x", ext)
		}
	}
	if got != "leaf,issuer," {
		t.Errorf("certificates %q", got)
	}
	checkMessage(t, raw, certificateCodec)
	noAllocs(t, func() error { return m.Parse(raw[HeaderLen:]) })
	none, err := (&Certificate{}).Append(nil)
	checkMessage(t, must(t, none, err), certificateCodec)
}

func TestCertificateEntryDefects(t *testing.T) {
	for _, c := range []struct {
		body string
		want error
	}{
		{"\x00\x00\x00\x05\x00\x00\x00\x00\x00", ErrSyntax},                                     // empty certificate
		{"\x00\x00\x00\x05\x00\x00\x01x\x00", ErrSyntax},                                        // half a length
		{"\x00\x00\x00\x0e\x00\x00\x01x\x00\x08\x00\x05\x00\x00\x00\x05\x00\x00", ErrDuplicate}, // extension twice
		{"\x00\x00\x00\x07\x00\x00\x01x\x00\x01\x00", ErrSyntax},                                // half an extension
	} {
		if err := new(Certificate).Parse([]byte(c.body)); !errors.Is(err, c.want) {
			t.Errorf("%q: %v", c.body, err)
		}
	}
}

func FuzzCertificate(f *testing.F) {
	fuzzMessage(f, certificateCodec, fullCertificate(f)[HeaderLen:], []byte{0, 0, 0, 0})
}
