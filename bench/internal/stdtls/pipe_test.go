package stdtls

import (
	"errors"
	"io"
	"testing"
)

func TestPipeKeepsOrderAndEnds(t *testing.T) {
	a, b := pipe()
	for _, s := range []string{"one ", "two"} {
		if _, err := io.WriteString(a, s); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(b); err != nil || string(got) != "one two" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := b.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}
