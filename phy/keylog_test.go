package phy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// logged returns the secrets that a capture holds after these writes, a string for each block.
func logged(t *testing.T, writes ...string) (secrets []string, err error) {
	t.Helper()
	var file bytes.Buffer
	a, _ := NewPipe(PipeConfig{})
	d, err := Capture(a, &file, CaptureOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w := d.KeyLog()
	for _, s := range writes {
		if n, err := w.Write([]byte(s)); n != len(s) || err != nil {
			t.Fatalf("Write: %d, %v", n, err)
		}
	}
	err = d.Close()
	for _, b := range blocks(t, file.Bytes())[2:] {
		secrets = append(secrets, string(b.body[8:8+binary.LittleEndian.Uint32(b.body[4:])]))
	}
	return secrets, err
}

func TestKeyLogWritesWholeLinesHoweverTheyAreCut(t *testing.T) {
	for _, c := range []struct{ writes, want []string }{
		{[]string{"one\n", "two\n"}, []string{"one\n", "two\n"}},
		{[]string{"one\ntwo\n"}, []string{"one\ntwo\n"}},
		{[]string{"o", "n", "e\ntw", "o\n"}, []string{"one\n", "two\n"}},
		{[]string{"one", ""}, nil},
		{[]string{strings.Repeat("x", MaxKeyLogLine), "\n"}, []string{strings.Repeat("x", MaxKeyLogLine) + "\n"}},
	} {
		got, err := logged(t, c.writes...)
		if err != nil || strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q became %q, %v", c.writes, got, err)
		}
	}
}

func TestKeyLogLineIsBounded(t *testing.T) {
	for _, writes := range [][]string{
		{strings.Repeat("x", MaxKeyLogLine+1)},
		{strings.Repeat("x", MaxKeyLogLine+1) + "\n"}, // however it is cut
		{"x", strings.Repeat("x", MaxKeyLogLine) + "\ny\n"},
		{"y\n" + strings.Repeat("x", MaxKeyLogLine+1) + "\n"},
		{strings.Repeat("x", MaxKeyLogLine), "y", "\n"},
	} {
		if got, err := logged(t, writes...); !errors.Is(err, ErrKeyLogLine) || got != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// However a log is cut, the blocks hold its complete lines, unchanged and in order.
func FuzzKeyLog(f *testing.F) {
	f.Add([]byte("CLIENT_RANDOM aa bb\nCLIENT_RANDOM cc dd\n"), uint8(3))
	f.Add([]byte("\n\n\nx"), uint8(1))
	f.Add(bytes.Repeat([]byte{'x'}, 3000), uint8(0))
	f.Fuzz(func(t *testing.T, log []byte, cut uint8) {
		var writes []string
		for rest := log; len(rest) > 0; {
			n := min(len(rest), int(cut)+1)
			writes = append(writes, string(rest[:n]))
			rest = rest[n:]
		}
		got, err := logged(t, writes...)
		if err != nil {
			if !errors.Is(err, ErrKeyLogLine) {
				t.Fatal(err)
			}
			return
		}
		want := string(log[:bytes.LastIndexByte(log, '\n')+1])
		if all := strings.Join(got, ""); all != want {
			t.Fatalf("%q became %q", log, all)
		}
	})
}
