package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

// codec parses a body and encodes the result again, header included.
type codec func(body []byte) ([]byte, error)

// checkMessage holds a whole message to what every codec promises: it survives the round trip, no part of it and
// nothing longer is the message, and parsing allocates nothing. whole lists the lengths of bodies that are messages
// too.
func checkMessage(t *testing.T, raw []byte, c codec, whole ...int) {
	t.Helper()
	_, msg, rest, ok := Next(raw)
	if !ok || len(rest) != 0 || !bytes.Equal(msg, raw) {
		t.Fatalf("Next does not find the message in %x", raw)
	}
	body := raw[HeaderLen:]
	again, err := c(body)
	if err != nil {
		t.Fatalf("%x: %v", raw, err)
	}
	if !bytes.Equal(again, raw) {
		t.Fatalf("round trip:\n got %x\nwant %x", again, raw)
	}
	for n := range body {
		_, err := c(body[:n:n])
		exempt := false
		for _, w := range whole {
			exempt = exempt || w == n
		}
		if !exempt && !errors.Is(err, ErrSyntax) {
			t.Errorf("cut at %d of %d: %v", n, len(body), err)
		}
	}
	if _, err := c(append(bytes.Clone(body), 0)); !errors.Is(err, ErrSyntax) {
		t.Errorf("a byte too many: %v", err)
	}
}

// checkExtensions cuts every extension of the block that body ends with at every byte, and makes each too long, with
// all the lengths around it right.
func checkExtensionBodies(t *testing.T, body []byte, block Extensions, c codec) {
	t.Helper()
	head := body[:len(body)-len(block)-2]
	rebuild := func(change ExtensionType, to []byte) []byte {
		var w builder
		w.bytes(head)
		mark := w.begin(2)
		for typ, content := range block.All() {
			if typ == change {
				content = to
			}
			w.u16(uint16(typ))
			w.vector(content, 2)
		}
		w.end(mark, 2)
		return w.b
	}
	for typ, content := range block.All() {
		for n := range content {
			if _, err := c(rebuild(typ, content[:n])); !errors.Is(err, ErrSyntax) {
				t.Errorf("extension %d cut at %d of %d: %v", typ, n, len(content), err)
			}
		}
		if _, err := c(rebuild(typ, append(bytes.Clone(content), 0))); !errors.Is(err, ErrSyntax) {
			t.Errorf("extension %d with a byte too many: %v", typ, err)
		}
	}
}

// withExtension gives the message of body with one more extension at its end.
func withExtension(body []byte, block Extensions, typ ExtensionType, content []byte) []byte {
	out := bytes.Clone(body)
	out = binary.BigEndian.AppendUint16(out, uint16(typ))
	out = binary.BigEndian.AppendUint16(out, uint16(len(content)))
	out = append(out, content...)
	at := len(body) - len(block) - 2
	binary.BigEndian.PutUint16(out[at:], uint16(len(out)-at-2))
	return out
}

// fuzzMessage fuzzes a codec: it never panics, and what it accepts and encodes again is what it accepts again,
// unchanged.
func fuzzMessage(f *testing.F, c codec, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		raw, err := c(bytes.Clone(body))
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		again, err := c(raw[HeaderLen:])
		if err != nil {
			t.Fatalf("%x becomes %x: %v", body, raw, err)
		}
		if !bytes.Equal(raw, again) {
			t.Fatalf("%x becomes %x", raw, again)
		}
	})
}

func must(t testing.TB, raw []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func noAllocs(t *testing.T, f func() error) {
	t.Helper()
	if n := testing.AllocsPerRun(50, func() {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%.0f allocations", n)
	}
}
