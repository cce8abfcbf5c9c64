package suite

import (
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"hash"
	"strings"
	"testing"
)

// expandLabel is HKDF-Expand-Label (RFC 8446 §7.1) over crypto/hkdf, to compare with.
func expandLabel(t *testing.T, f func() hash.Hash, secret []byte, label string, context []byte, length int) []byte {
	t.Helper()
	label = labelPrefix + label
	info := string([]byte{byte(length >> 8), byte(length), byte(len(label))}) + label +
		string([]byte{byte(len(context))}) + string(context)
	out, err := hkdf.Expand(f, secret, info, length)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var functions = map[Hash]func() hash.Hash{SHA256: sha256.New, SHA384: sha512.New384}

func TestNextTrafficFollowsRFC8446Section72(t *testing.T) {
	var sc Scratch
	for h, f := range functions {
		secret := make([]byte, h.Size())
		for range 3 {
			want := expandLabel(t, f, secret, "traffic upd", nil, h.Size())
			equal(t, h.String(), h.NextTraffic(&sc, secret[:0], secret), want)
			equal(t, h.String()+" in place", secret, want)
		}
	}
}

func TestResumptionPSKFollowsRFC8446Section461(t *testing.T) {
	var sc Scratch
	secret := []byte("a resumption secret of any length")
	for h, f := range functions {
		for _, n := range []int{0, 1, 8, 255} {
			nonce := make([]byte, n)
			got, err := h.ResumptionPSK(&sc, nil, secret, nonce)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, h.String(), got, expandLabel(t, f, secret, "resumption", nonce, h.Size()))
		}
		if _, err := h.ResumptionPSK(&sc, nil, secret, make([]byte, 256)); !errors.Is(err, ErrDerivation) {
			t.Errorf("nonce of 256 bytes: %v", err)
		}
	}
}

func TestExportFollowsRFC8446Section75(t *testing.T) {
	var sc Scratch
	secret := []byte("an exporter secret of any length")
	for h, f := range functions {
		for _, context := range [][]byte{nil, {}, []byte("context"), make([]byte, 1000)} {
			for _, n := range []int{0, 1, 32, 48, 100} {
				hashed := f()
				hashed.Write(context)
				inner := expandLabel(t, f, secret, "EXPORTER-test", f().Sum(nil), h.Size())
				want := expandLabel(t, f, inner, "exporter", hashed.Sum(nil), n)
				got, err := h.Export(&sc, nil, secret, "EXPORTER-test", context, n)
				if err != nil {
					t.Fatal(err)
				}
				equal(t, h.String(), got, want)
			}
		}
	}
}

func TestExportHoldsItsBounds(t *testing.T) {
	var sc Scratch
	if _, err := SHA256.Export(&sc, nil, nil, strings.Repeat("l", MaxLabel), nil, 255*32); err != nil {
		t.Errorf("at the bounds: %v", err)
	}
	for _, c := range []struct{ label, length int }{{MaxLabel + 1, 32}, {5, 255*32 + 1}, {5, -1}} {
		if got, err := SHA256.Export(&sc, nil, nil, strings.Repeat("l", c.label), nil, c.length); !errors.Is(err, ErrDerivation) || got != nil {
			t.Errorf("%+v: %x, %v", c, got, err)
		}
	}
}
