package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smoltls/x509lite"
)

func TestPinsLoadEveryFileAndNameTheBadOne(t *testing.T) {
	dir := t.TempDir()
	a, _, _ := write(t, dir, "a")
	b, key, _ := write(t, dir, "b")
	trust, err := Pins("pin", []string{a, b})
	if err != nil || trust.Len() != 2 {
		t.Fatal(err)
	}
	if _, err := Pins("pin", []string{a, key}); err == nil || !strings.Contains(err.Error(), "-pin "+key) {
		t.Errorf("a key as a certificate: %v", err)
	}
	if _, err := Pins("pin", []string{filepath.Join(dir, "none")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestRootsLoadEveryFileAndNameTheBadOne(t *testing.T) {
	dir := t.TempDir()
	a, _, _ := write(t, dir, "a")
	b, key, _ := write(t, dir, "b")
	trust, err := Roots("roots", []string{a, b, a})
	if err != nil || trust.Roots().Len() != 2 {
		t.Fatal(err)
	}
	if _, err := Roots("roots", []string{a, key}); !errors.Is(err, x509lite.ErrNoCertificate) || !strings.Contains(err.Error(), "-roots "+key) {
		t.Errorf("a key as a certificate: %v", err)
	}
	if _, err := Roots("roots", []string{filepath.Join(dir, "none")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestTrustOfPinsAndRootsTogether(t *testing.T) {
	dir := t.TempDir()
	a, _, _ := write(t, dir, "a")
	b, _, _ := write(t, dir, "b")
	for _, c := range []struct {
		pins, roots []string
		all, of     int
	}{{nil, nil, 0, 0}, {[]string{a}, nil, 1, 0}, {nil, []string{a, b}, 2, 2}, {[]string{a}, []string{b}, 2, 1}} {
		trust, err := Trust("pin", c.pins, "roots", c.roots)
		if err != nil || trust.Len() != c.all || trust.Roots().Len() != c.of || (trust == nil) != (c.all == 0) {
			t.Errorf("%v and %v: %d, %d of them roots, %v", c.pins, c.roots, trust.Len(), trust.Roots().Len(), err)
		}
	}
	for _, c := range [][2][]string{{{a, "none"}, {b}}, {{a}, {"none"}}} {
		if _, err := Trust("pin", c[0], "roots", c[1]); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v: %v", c, err)
		}
	}
}
