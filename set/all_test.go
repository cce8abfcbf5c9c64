package set

import (
	"slices"
	"testing"
)

func TestAllYieldsTheHandlesThatNameSomething(t *testing.T) {
	var c core[testEntry, *testEntry]
	c.init(4)
	var hs [3]Handle
	for i := range hs {
		hs[i], _ = c.insert(&testEntry{})
	}
	c.remove(hs[1])
	if got := slices.Collect(c.All()); !slices.Equal(got, []Handle{hs[0], hs[2]}) {
		t.Errorf("%v, want %v and %v", got, hs[0], hs[2])
	}
	t.Log("# a place that is used again has a new handle, and one that goes while it is told of is not told of")
	again, _ := c.insert(&testEntry{})
	var got []Handle
	for h := range c.All() {
		got = append(got, h)
		c.remove(hs[2])
	}
	if !slices.Equal(got, []Handle{hs[0], again}) {
		t.Errorf("%v, want %v and %v", got, hs[0], again)
	}
	for range c.All() {
		break
	}
}

func TestHandshakesUnderWayAreCountedAtEitherEnd(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	w.listen(ListenConfig{})
	if _, err := w.sa.Connect(port1, w.clientConfig()); err != nil {
		t.Fatal(err)
	}
	if n := w.sa.Handshaking(); n != 1 {
		t.Errorf("%d under way at the client, want 1", n)
	}
	w.poll()
	if a, b := w.sa.Handshaking(), w.sb.Handshaking(); a != 0 || b != 0 {
		t.Errorf("%d and %d under way when it is done", a, b)
	}
}
