package wire

import (
	"bytes"
	"testing"
)

func fullECH(t testing.TB) []byte {
	m := ECHClientHello{KDF: 1, AEAD: 3, ConfigID: 42, Enc: []byte("key"), Payload: []byte("sealed")}
	b, ok := m.Append(nil)
	if !ok {
		t.Fatal("too long")
	}
	return b
}

func TestECHClientHello(t *testing.T) {
	body := fullECH(t)
	var m ECHClientHello
	if !m.Parse(body) || m.KDF != 1 || m.AEAD != 3 || m.ConfigID != 42 || string(m.Enc) != "key" || string(m.Payload) != "sealed" {
		t.Fatalf("%+v", m)
	}
	if !bytes.HasSuffix(body, m.Payload) {
		t.Error("the payload is not the end")
	}
	for n := range body {
		if m.Parse(body[:n]) {
			t.Errorf("cut at %d of %d", n, len(body))
		}
	}
	for what, body := range map[string][]byte{
		"a byte too many": append(bytes.Clone(body), 0), "an inner one with something in it": {ECHInner, 0},
		"no payload": {ECHOuter, 0, 1, 0, 1, 0, 0, 0, 0, 0},
	} {
		if m.Parse(body) {
			t.Errorf("%s is taken", what)
		}
	}
	if !m.Parse(ECHInnerExtension) || m.Type != ECHInner || !m.Parse([]byte{7, 7}) || m.Type != 7 {
		t.Errorf("%+v", m)
	}
	long := ECHClientHello{Enc: make([]byte, 1<<15), Payload: make([]byte, 1<<15)}
	if _, ok := long.Append(nil); ok {
		t.Error("longer than an extension")
	}
}

func FuzzECHClientHello(f *testing.F) {
	f.Add(fullECH(f))
	f.Add(ECHInnerExtension)
	f.Fuzz(func(t *testing.T, body []byte) {
		var m ECHClientHello
		if !m.Parse(body) || m.Type != ECHOuter {
			return
		}
		if again, _ := m.Append(nil); !bytes.Equal(again, body) {
			t.Fatalf("%x becomes %x", body, again)
		}
	})
}
