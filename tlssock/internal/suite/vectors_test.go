package suite

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// unhex panics on what is not hexadecimal: it is for constants.
func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func equal(t testing.TB, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n got %x\nwant %x", what, got, want)
	}
}

// A trace is one section of RFC 8448, value by name.
type trace struct {
	t      testing.TB
	values map[string][]byte
}

// loadTrace reads the section of testdata/rfc8448.txt whose title begins with number.
func loadTrace(t testing.TB, number string) *trace {
	t.Helper()
	text, err := os.ReadFile("testdata/rfc8448.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n["+number+" ")
	if !found {
		t.Fatalf("no section %s", number)
	}
	section, _, _ = strings.Cut(section, "\n[")
	tr := &trace{t, map[string][]byte{}}
	name := ""
	for _, line := range strings.Split(section, "\n")[1:] {
		if value, ok := strings.CutPrefix(line, "  "); ok {
			tr.values[name] = append(tr.values[name], unhex(value)...)
		} else {
			name = strings.TrimSuffix(line, ":")
		}
	}
	return tr
}

// get returns the value of a name that must be there.
func (tr *trace) get(name string) []byte {
	tr.t.Helper()
	v, ok := tr.values[name]
	if !ok {
		tr.t.Fatalf("the trace has no %q", name)
	}
	return v
}

// check compares got with the value of name.
func (tr *trace) check(name string, got []byte) {
	tr.t.Helper()
	equal(tr.t, name, got, tr.get(name))
}
