package measure

import "slices"

// Summary is what is shown of a figure's readings.
type Summary struct {
	Median, Min, Max float64
	N                int // readings; 0: there are none, and the rest means nothing
}

// Summarize takes the median, which one disturbed round does not move, and the extremes, which show that there was one.
func Summarize(values []float64) Summary {
	n := len(values)
	if n == 0 {
		return Summary{}
	}
	s := slices.Sorted(slices.Values(values))
	m := s[n/2]
	if n%2 == 0 {
		m = (s[n/2-1] + s[n/2]) / 2
	}
	return Summary{Median: m, Min: s[0], Max: s[n-1], N: n}
}

// AddRatios adds, as figures to, to+1, ..., what the medians of figures 1, 2, ... n-1 are as multiples of the median of
// figure 0.
func (r *Readings) AddRatios(n, to int) {
	base := Summarize(r.Of(0))
	for i := 1; i < n; i++ {
		if s := Summarize(r.Of(i)); s.N > 0 && base.N > 0 {
			r.Add(to+i-1, s.Median/base.Median)
		}
	}
}
