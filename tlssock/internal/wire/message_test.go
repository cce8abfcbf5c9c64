package wire

import (
	"bytes"
	"testing"
)

func TestNextSplitsMessages(t *testing.T) {
	b := []byte{20, 0, 0, 2, 'a', 'b', 24, 0, 0, 1}
	typ, msg, rest, ok := Next(b)
	if !ok || typ != TypeFinished || !bytes.Equal(msg, b[:6]) || len(rest) != 4 {
		t.Fatal(typ, msg, rest, ok)
	}
	if typ, _, again, ok := Next(rest); ok || typ != TypeKeyUpdate || len(again) != 4 {
		t.Error("half a message taken for a whole one")
	}
	for n := range HeaderLen {
		if _, _, ok := BodyLen(b[:n]); ok {
			t.Errorf("header of %d bytes", n)
		}
	}
}
