package tcp

import "testing"

func TestSequenceNumbersCompareAcrossTheWrap(t *testing.T) { // RFC 9293 §3.4
	for _, c := range []struct {
		a, b Seq
		less bool
	}{{0, 1, true}, {1, 0, false}, {5, 5, false}, {0xffffffff, 0, true}, {0, 0xffffffff, false}, {0xfffffff0, 0x10, true}, {0, 1<<31 - 1, true}, {1<<31 - 1, 0, false}} {
		if got := c.a.Less(c.b); got != c.less {
			t.Errorf("%#x < %#x: %v", c.a, c.b, got)
		}
		if got := c.a.LessEq(c.b); got != (c.less || c.a == c.b) {
			t.Errorf("%#x <= %#x: %v", c.a, c.b, got)
		}
		want := c.a
		if c.less {
			want = c.b
		}
		if got := maxSeq(c.a, c.b); got != want {
			t.Errorf("max(%#x, %#x) = %#x", c.a, c.b, got)
		}
	}
	if Seq(0xfffffff0).Add(0x20) != 0x10 || Seq(0x10).Add(-0x20) != 0xfffffff0 || Seq(0x10).Sub(0xfffffff0) != 0x20 || Seq(0xfffffff0).Sub(0x10) != -0x20 {
		t.Error("Add or Sub")
	}
}
