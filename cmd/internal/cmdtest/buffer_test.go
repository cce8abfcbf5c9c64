package cmdtest

import "testing"

func TestAwaitSeesWhatComesAndTheEnd(t *testing.T) {
	var b Buffer
	go func() {
		for _, s := range []string{"some", "th", "ing"} {
			b.Write([]byte(s))
		}
		b.End()
	}()
	if !b.Await(t, "something") || b.String() != "something" {
		t.Errorf("%q", b.String())
	}
	if b.Await(t, "else") {
		t.Error("found what was never written")
	}
}
