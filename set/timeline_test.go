package set

import (
	"testing"

	"smoltls/tcp"
)

func TestTimelineKeepsItsOrderWhateverLeaves(t *testing.T) {
	line, other := timeline{id: lineHandshakes}, timeline{id: lineLingering}
	es := make([]tlsEntry, 4)
	for i := range es {
		es[i].set = &TLSSocketSet{}
		line.add(&es[i], tcp.Instant(10*i))
	}
	expect := func(want ...int) {
		t.Helper()
		e := line.first
		for _, w := range want {
			if e != &es[w] {
				t.Fatalf("want entry %d next", w)
			}
			e = e.way.next
		}
		if e != nil || line.n != len(want) {
			t.Fatalf("%d entries left, want %d", line.n, len(want))
		}
	}
	expect(0, 1, 2, 3)
	line.remove(&es[1])
	expect(0, 2, 3)
	line.remove(&es[1]) // twice does nothing
	other.remove(&es[0])
	expect(0, 2, 3)
	line.remove(&es[0])
	if line.deadline() != 20 {
		t.Fatalf("deadline %d", line.deadline())
	}
	line.remove(&es[3])
	line.remove(&es[2])
	expect()
	if line.deadline() != tcp.Never {
		t.Fatal("an empty timeline has a deadline")
	}
}
