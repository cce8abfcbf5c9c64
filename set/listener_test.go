package set

import "testing"

func TestEntryQueueIsFirstInFirstOut(t *testing.T) {
	var q entryQueue
	if q.pop() != nil {
		t.Fatal("an empty queue gave an entry")
	}
	es := make([]tlsEntry, 5)
	for round := range 3 {
		for i := range es {
			q.push(&es[i])
		}
		if q.len() != len(es) {
			t.Fatalf("round %d: len %d", round, q.len())
		}
		for i := range es {
			if e := q.pop(); e != &es[i] {
				t.Fatalf("round %d: entry %d out of order", round, i)
			}
		}
		if q.len() != 0 {
			t.Fatalf("round %d: len %d after all were taken", round, q.len())
		}
	}
}
