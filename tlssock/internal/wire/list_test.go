package wire

import (
	"errors"
	"strings"
	"testing"
)

func TestUint16s(t *testing.T) {
	u := MakeUint16s[uint16](1, 0x1234)
	if u.Len() != 2 || u.At(1) != 0x1234 || !u.Contains(1) || u.Contains(2) || u.Contains(0x0112) {
		t.Errorf("%x", []byte(u))
	}
}

func TestNames(t *testing.T) {
	n, err := MakeProtocols("a", "bc")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for name := range n.All() {
		got = append(got, string(name))
	}
	if strings.Join(got, ",") != "a,bc" || !n.Contains("bc") || n.Contains("b") || n.One() || string(n.First()) != "a" || n.Empty() {
		t.Errorf("%q", got)
	}
	for _, bad := range []string{"", strings.Repeat("x", 256)} {
		if _, err := MakeProtocols(bad); !errors.Is(err, ErrTooLong) {
			t.Errorf("name of %d bytes: %v", len(bad), err)
		}
	}
	if _, err := MakeAuthorities(nil); !errors.Is(err, ErrTooLong) {
		t.Errorf("empty authority: %v", err)
	}
	if _, err := MakeAuthorities(make([]byte, 40000), make([]byte, 40000)); !errors.Is(err, ErrTooLong) {
		t.Errorf("80,000 bytes of authorities: %v", err)
	}
}
