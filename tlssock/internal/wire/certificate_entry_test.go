package wire

import (
	"bytes"
	"errors"
	"testing"
)

// entryCodec reads the extensions of one entry, and encodes the entry's list again.
func entryCodec(body []byte) ([]byte, error) {
	var m Certificate
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	var list Entries
	for der, ext := range m.Entries.All() {
		var x EntryExtensions
		err := x.Parse(ext)
		if err == nil {
			list, err = AppendEntry(list, der, x)
		}
		if err != nil {
			return nil, err
		}
	}
	m.Entries = list
	return m.Append(nil)
}

func fullEntry(t testing.TB) []byte {
	scts, err := MakeSCTs([]byte("first"), []byte("second"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := AppendEntry(nil, []byte("leaf"), EntryExtensions{Has: SetOf(ExtStatusRequest, ExtSCT), OCSP: []byte("response"), SCTs: scts})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := (&Certificate{Entries: list}).Append(nil)
	return must(t, raw, err)
}

func TestCertificateEntryExtensions(t *testing.T) {
	raw := fullEntry(t)
	checkMessage(t, raw, entryCodec)
	var m Certificate
	if err := m.Parse(raw[HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	for _, ext := range m.Entries.All() {
		var x EntryExtensions
		if err := x.Parse(ext); err != nil || string(x.OCSP) != "response" || string(x.SCTs.First()) != "first" {
			t.Errorf("%v, %+v", err, x)
		}
		noAllocs(t, func() error { return x.Parse(ext) })
		for typ, content := range ext.All() { // each cut everywhere, and one byte too long
			for n := range len(content) + 2 {
				var w builder
				w.u16(uint16(typ))
				w.vector(append(bytes.Clone(content), 0)[:n], 2)
				if err := x.Parse(w.b); n != len(content) && !errors.Is(err, ErrSyntax) {
					t.Errorf("extension %d cut at %d of %d: %v", typ, n, len(content), err)
				}
			}
		}
	}
	if _, err := AppendEntry(nil, make([]byte, 1<<24), EntryExtensions{}); !errors.Is(err, ErrTooLong) {
		t.Errorf("a certificate of 16 MiB: %v", err)
	}
	if _, err := AppendEntry(nil, []byte("x"), EntryExtensions{Has: SetOf(ExtStatusRequest), OCSP: make([]byte, 1<<16)}); !errors.Is(err, ErrTooLong) {
		t.Errorf("a response of 64 KiB: %v", err)
	}
}

func TestSCTsInWireForm(t *testing.T) {
	scts, err := MakeSCTs([]byte("first"), []byte("second"))
	if err != nil {
		t.Fatal(err)
	}
	raw := scts.Raw()
	for n := range len(raw) + 1 {
		got, ok := ParseSCTs(raw[:n])
		if whole := n == 0 || n == 7 || n == len(raw); ok != whole || ok && !bytes.Equal(got.Raw(), raw[:n]) {
			t.Errorf("cut at %d: %v", n, ok)
		}
	}
	if _, ok := ParseSCTs([]byte{0, 0}); ok {
		t.Error("an empty one is taken")
	}
}

func FuzzCertificateEntry(f *testing.F) {
	fuzzMessage(f, entryCodec, fullEntry(f)[HeaderLen:], fullCertificate(f)[HeaderLen:])
}
