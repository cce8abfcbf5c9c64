package x509lite

import (
	"strings"
	"testing"
)

func TestObjectIdentifier(t *testing.T) {
	for in, want := range map[string]string{
		"\x2a\x03\x04":         "1.2.3.4",
		"\x00":                 "0.0",
		"\x27":                 "0.39",
		"\x28":                 "1.0",
		"\x78":                 "2.40",
		"\x88\x37\x03":         "2.999.3",
		oidRSAEncryption:       "1.2.840.113549.1.1.1",
		oidSHA512:              "2.16.840.1.101.3.4.2.3",
		"\x2a\x81\x80\x80\x00": "1.2.2097152",
	} {
		r, s := newDERReader(oidDER(in))
		if got := r.oid(&s, "f"); r.err != nil || got != in {
			t.Errorf("%x: %x, %v", in, got, r.err)
		}
		if got := oidString(in); got != want {
			t.Errorf("%x: %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "\x80\x01", "\x2a\x80\x01", "\x2a\x83"} {
		r, s := newDERReader(oidDER(in))
		if r.oid(&s, "f"); r.err == nil {
			t.Errorf("%x: accepted", in)
		}
	}
	if huge := strings.Repeat("\xff", 20) + "\x01"; oidString(huge) == "" {
		t.Error("an arc beyond 64 bits has no text")
	}
	if s := oidString(strings.Repeat("\x2a", 60000)); len(s) > 2*maxOIDText {
		t.Errorf("%d bytes of text", len(s))
	}
}

func TestKnownObjectIdentifiersCostNothing(t *testing.T) {
	if len(interned) < 30 {
		t.Errorf("only %d object identifiers are known", len(interned))
	}
	der := oidDER(oidExtKeyUsage)
	r, all := newDERReader(der)
	if n := testing.AllocsPerRun(100, func() {
		s := all
		if r.oid(&s, "f") != oidExtKeyUsage {
			t.Fatal(r.err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	for oid := range interned { // each would be read without the table too
		if !strings.Contains(oidString(oid), ".") {
			t.Errorf("%x is no object identifier", oid)
		}
	}
}
