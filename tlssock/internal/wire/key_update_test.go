package wire

import (
	"errors"
	"testing"
)

func keyUpdateCodec(body []byte) ([]byte, error) {
	var m KeyUpdate
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func TestKeyUpdate(t *testing.T) {
	for _, request := range []bool{false, true} {
		raw, err := (&KeyUpdate{RequestUpdate: request}).Append(nil)
		checkMessage(t, must(t, raw, err), keyUpdateCodec)
	}
	if err := new(KeyUpdate).Parse([]byte{2}); !errors.Is(err, ErrValue) {
		t.Errorf("request_update 2: %v", err)
	}
	for _, body := range [][]byte{{}, {0, 0}} {
		if err := new(KeyUpdate).Parse(body); !errors.Is(err, ErrSyntax) {
			t.Errorf("%d bytes: %v", len(body), err)
		}
	}
}

func FuzzKeyUpdate(f *testing.F) { fuzzMessage(f, keyUpdateCodec, []byte{0}, []byte{1}) }
