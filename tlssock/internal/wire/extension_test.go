package wire

import "testing"

func TestExtensionSet(t *testing.T) {
	s := SetOf(ExtServerName, ExtKeyShare)
	if !s.Has(ExtServerName) || !s.Has(ExtKeyShare) || s.Has(ExtALPN) || s.Has(64) || s.Has(0xffff) {
		t.Errorf("%x", uint64(s))
	}
	s.Add(0xfafa)
	if s != SetOf(ExtServerName, ExtKeyShare) {
		t.Errorf("%x", uint64(s))
	}
}

func TestExtensionsAll(t *testing.T) {
	e := Extensions("\x00\x05\x00\x01a\xfa\xfa\x00\x00")
	n := 0
	for range e.All() {
		n++
	}
	if n != 2 {
		t.Errorf("%d extensions", n)
	}
	if body, ok := e.Find(5); !ok || string(body) != "a" {
		t.Errorf("%q", body)
	}
	if _, ok := e.Find(6); ok {
		t.Error("found what is not there")
	}
}

func TestExtensionsAfter(t *testing.T) {
	e := Extensions("\x00\x05\x00\x01a\xfa\xfa\x00\x00\x00\x05\x00\x00")
	if whole, rest := e.After(0xfafa); string(whole) != "\xfa\xfa\x00\x00" || string(rest) != "\x00\x05\x00\x00" {
		t.Errorf("%x, %x", whole, rest)
	}
	if whole, rest := e.After(7); whole != nil || rest != nil {
		t.Errorf("%x, %x", whole, rest)
	}
}
