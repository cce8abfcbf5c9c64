package ccm

import "testing"

func TestGrowUsesTheCapacityThatIsThere(t *testing.T) {
	b := make([]byte, 3, 10)
	whole, added := grow(b, 7)
	if len(whole) != 10 || len(added) != 7 || &whole[0] != &b[0] || &added[0] != &b[:4][3] {
		t.Errorf("whole %d, added %d", len(whole), len(added))
	}
	b[0] = 42
	whole, added = grow(b, 8)
	if len(whole) != 11 || len(added) != 8 || whole[0] != 42 || &whole[0] == &b[0] {
		t.Errorf("beyond the capacity: whole %d, added %d", len(whole), len(added))
	}
}

func TestOverlap(t *testing.T) {
	b := make([]byte, 20)
	for _, c := range []struct {
		name             string
		x, y             []byte
		overlap, inexact bool
	}{
		{"the same", b[2:9], b[2:9], true, false},
		{"the same start", b[2:9], b[2:5], true, false},
		{"one inside the other", b[2:9], b[3:5], true, true},
		{"one byte in common", b[2:9], b[8:12], true, true},
		{"side by side", b[2:9], b[9:12], false, false},
		{"apart", b[:2], b[9:12], false, false},
		{"an empty one inside", b[2:9], b[4:4], false, false},
		{"other memory", b, make([]byte, 20), false, false},
		{"nothing", nil, nil, false, false},
	} {
		if overlap(c.x, c.y) != c.overlap || overlap(c.y, c.x) != c.overlap {
			t.Errorf("%s: overlap is not %v", c.name, c.overlap)
		}
		if inexactOverlap(c.x, c.y) != c.inexact || inexactOverlap(c.y, c.x) != c.inexact {
			t.Errorf("%s: inexact overlap is not %v", c.name, c.inexact)
		}
	}
}
