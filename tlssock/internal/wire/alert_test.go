package wire

import (
	"errors"
	"testing"
)

func TestParseAlert(t *testing.T) {
	level, description, err := ParseAlert([]byte{2, 40})
	if level != LevelFatal || description != 40 || err != nil {
		t.Error(level, description, err)
	}
	for _, b := range []string{"", "\x01", "\x01\x00\x01", "\x01\x00\x01\x00"} {
		if _, _, err := ParseAlert([]byte(b)); !errors.Is(err, ErrAlert) {
			t.Errorf("%x: %v", b, err)
		}
	}
}

func FuzzParseAlert(f *testing.F) {
	f.Add([]byte{2, 40})
	f.Fuzz(func(t *testing.T, b []byte) {
		level, description, err := ParseAlert(b)
		if (err == nil) != (len(b) == 2) || err == nil && (level != b[0] || description != b[1]) {
			t.Fatalf("%x: %d %d %v", b, level, description, err)
		}
	})
}
