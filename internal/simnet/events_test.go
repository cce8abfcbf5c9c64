package simnet

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestEventsHappenInTheOrderOfTimeThenOfScheduling(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var q events
	var order []int
	for i := range 1000 {
		q.push(time.Duration(rng.IntN(20)), timer(func() { order = append(order, i) }), nil)
		if i%3 == 2 { // pushes and pops take turns
			e := q.pop()
			q.push(e.at, e.to, nil) // keeps its time, and comes last among its equals now
		}
	}
	var last event
	for i := 0; ; i++ {
		at, ok := q.next()
		if !ok {
			break
		}
		e := q.pop()
		if e.at != at || i > 0 && !last.before(&e) {
			t.Fatalf("%v/%d after %v/%d, announced for %v", e.at, e.seq, last.at, last.seq, at)
		}
		last = e
		e.to.arrive(nil)
	}
	if len(order) != 1000 {
		t.Errorf("%d of 1000 events happened", len(order))
	}
}
