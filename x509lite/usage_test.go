package x509lite

import (
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
)

func TestEveryKeyUsageReadsAsItIsWritten(t *testing.T) {
	for u := KeyUsage(1); u < 1<<keyUsageBits; u++ {
		var b cryptobyte.Builder
		addKeyUsage(&b, u)
		r, s := newDERReader(b.BytesOrPanic())
		if got := parseKeyUsage(r, s); r.err != nil || got != u {
			t.Fatalf("%v: read as %v, %v", u, got, r.err)
		}
	}
}

func TestKeyUsageIsANamedBitList(t *testing.T) {
	for name, in := range map[string]string{
		"no bits":                "\x03\x01\x00",
		"zero bits":              "\x03\x02\x07\x00",
		"trailing zero bit":      "\x03\x02\x06\x80",
		"trailing zero octet":    "\x03\x03\x00\x80\x00",
		"ten bits":               "\x03\x03\x06\x80\x40",
		"three octets":           "\x03\x04\x00\x80\x00\x01",
		"unused bits set":        "\x03\x02\x07\xff",
		"trailing bytes":         "\x03\x02\x07\x80\x00",
		"an octet string":        "\x04\x01\x80",
		"nothing":                "",
		"eight unused bits":      "\x03\x02\x08\x80",
		"length in long form":    "\x03\x81\x02\x07\x80",
		"constructed bit string": "\x23\x04\x03\x02\x07\x80",
	} {
		r, s := newDERReader([]byte(in))
		if got := parseKeyUsage(r, s); r.err == nil {
			t.Errorf("%s: read as %v", name, got)
		}
	}
}

func TestExtKeyUsage(t *testing.T) {
	for u := ExtKeyUsage(1); u < ExtOther; u++ {
		var b cryptobyte.Builder
		addExtKeyUsage(&b, u)
		r, s := newDERReader(b.BytesOrPanic())
		if got := parseExtKeyUsage(r, s); r.err != nil || got != u {
			t.Fatalf("%v: read as %v, %v", u, got, r.err)
		}
	}
	r, s := newDERReader(tlv(0x30, oidDER(oidTest), oidDER(extKeyUsageOIDs[1])))
	if got := parseExtKeyUsage(r, s); r.err != nil || got != ExtOther|ExtServerAuth {
		t.Errorf("an unknown purpose beside serverAuth: %v, %v", got, r.err)
	}
	for name, in := range map[string][]byte{"empty": tlv(0x30), "not a sequence": oidDER(oidTest), "not purposes": tlv(0x30, []byte{5, 0}),
		"trailing": append(tlv(0x30, oidDER(oidTest)), 5, 0), "cut": {0x30, 5, 6}} {
		r, s := newDERReader(in)
		if got := parseExtKeyUsage(r, s); r.err == nil {
			t.Errorf("%s: read as %v", name, got)
		}
	}
}

func TestUsagesHaveNames(t *testing.T) {
	if s := (DigitalSignature | CertSign).String(); s != "digitalSignature, keyCertSign" {
		t.Error(s)
	}
	if s := (ExtServerAuth | ExtOther).String(); s != "serverAuth, other" {
		t.Error(s)
	}
	if s := KeyUsage(0).String(); s != "none" {
		t.Error(s)
	}
	if s := KeyUsage(1 << 15).String(); !strings.Contains(s, "15") {
		t.Error(s)
	}
}
