package phy

import (
	"testing"
	"time"
)

// Whatever is a Device here can be woken too.
var _ = []interface {
	Device
	Waker
}{(*PipeEnd)(nil), (*SharedPipeEnd)(nil)}

func TestMediumHeaderAndName(t *testing.T) {
	for m, want := range map[Medium]struct {
		header int
		name   string
	}{MediumEthernet: {14, "Ethernet"}, MediumIP: {0, "IP"}, 0: {0, "unknown medium"}} {
		if m.HeaderLen() != want.header || m.String() != want.name {
			t.Errorf("medium %d: %d, %q", m, m.HeaderLen(), m.String())
		}
	}
}

func TestEarlierTakesZeroForNever(t *testing.T) {
	a, b, never := t0, t0.Add(1), time.Time{}
	for _, c := range []struct{ x, y, want time.Time }{{a, b, a}, {b, a, a}, {never, a, a}, {a, never, a}, {never, never, never}, {a, a, a}} {
		if got := earlier(c.x, c.y); got != c.want {
			t.Errorf("earlier(%v, %v) = %v", c.x, c.y, got)
		}
	}
	if Immediate.IsZero() || Immediate.After(time.Unix(0, 0)) {
		t.Error("Immediate is not before every now")
	}
}
