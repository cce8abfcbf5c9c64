package redisguard

import "testing"

func TestEachVerdictHasItsCounter(t *testing.T) {
	var g Guard
	for v := range verdicts {
		for range v + 1 {
			g.stats.count(v)
		}
	}
	if st := g.Stats(); st != (Stats{Accepted: 1, Replayed: 2, Untimely: 3, Unsure: 4, Failed: 5, Crowded: 6}) {
		t.Errorf("%+v", st)
	}
}
