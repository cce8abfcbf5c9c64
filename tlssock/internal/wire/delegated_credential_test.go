package wire

import (
	"bytes"
	"errors"
	"testing"
)

func TestDelegatedCredential(t *testing.T) {
	d := DelegatedCredential{ValidTime: 0x01020304, VerifyAlgorithm: 0x0403, SPKI: []byte("key"), Algorithm: 0x0804, Signature: []byte("signature")}
	raw, err := d.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var got DelegatedCredential
	if err := got.Parse(raw); err != nil || got.ValidTime != d.ValidTime || got.VerifyAlgorithm != d.VerifyAlgorithm || got.Algorithm != d.Algorithm ||
		!bytes.Equal(got.SPKI, d.SPKI) || !bytes.Equal(got.Signature, d.Signature) {
		t.Errorf("%v, %+v", err, got)
	}
	for n := range raw {
		if err := got.Parse(raw[:n]); !errors.Is(err, ErrSyntax) {
			t.Errorf("cut at %d: %v", n, err)
		}
	}
	if err := got.Parse(append(raw, 0)); !errors.Is(err, ErrSyntax) {
		t.Errorf("a byte too many: %v", err)
	}
	d.Signature = make([]byte, 1<<16)
	if _, err := d.Append(nil); !errors.Is(err, ErrTooLong) {
		t.Error(err)
	}
}

func FuzzDelegatedCredential(f *testing.F) {
	raw, err := (&DelegatedCredential{SPKI: []byte("key"), Signature: []byte("signature")}).Append(nil)
	f.Add(must(f, raw, err))
	f.Fuzz(func(t *testing.T, body []byte) {
		var d DelegatedCredential
		if d.Parse(body) != nil {
			return
		}
		if again, err := d.Append(nil); err != nil || !bytes.Equal(again, body) {
			t.Fatalf("%x becomes %x, %v", body, again, err)
		}
	})
}
