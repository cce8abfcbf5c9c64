package tcp

import "testing"

func TestCookieIsSpentOnce(t *testing.T) {
	var c spentCookies
	for _, w := range []struct {
		unit, key uint64
		want      bool
	}{
		{5, 1, true}, {5, 1, false}, {5, 2, true},
		{6, 1, true}, {6, 1, false}, // another cookie: the unit is in it
		{5, 1, false}, {5, 3, true}, {5, 3, false}, // those of the last unit are still known
		{9, 7, true}, {8, 7, true}, {8, 7, false}, {9, 7, false},
	} {
		if got := !c.has(w.unit, w.key); got != w.want {
			t.Fatalf("%+v: %v", w, got)
		}
		c.add(w.unit, w.key)
	}
}

func TestSpentCookiesAreBounded(t *testing.T) {
	var c spentCookies
	for k := range uint64(maxSpentCookies) + 10 {
		if c.has(1, k) {
			t.Fatal("never spent")
		}
		c.add(1, k)
	}
	if len(c.now) != maxSpentCookies || !c.has(1, 0) || c.has(1, maxSpentCookies) {
		t.Fatalf("%d are kept", len(c.now))
	}
	c.add(2, 0)
	c.add(3, 0)
	if len(c.now)+len(c.last) != 2 {
		t.Fatal("the old ones were not forgotten")
	}
}
