package wire

import (
	"bytes"
	"errors"
	"testing"
)

func TestBuilderRefusesWhatALengthCantExpress(t *testing.T) {
	for _, c := range []struct {
		size   int
		refuse bool
	}{{255, false}, {256, true}} {
		m := Certificate{Context: make([]byte, c.size)}
		raw, err := m.Append([]byte("kept"))
		if errors.Is(err, ErrTooLong) != c.refuse {
			t.Errorf("%d bytes: %v", c.size, err)
		}
		if !bytes.HasPrefix(raw, []byte("kept")) || c.refuse && len(raw) != 4 {
			t.Errorf("%d bytes: %d come back", c.size, len(raw))
		}
	}
}
