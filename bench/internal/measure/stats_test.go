package measure

import "testing"

func TestSummarize(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		want Summary
	}{
		{nil, Summary{}},
		{[]float64{3}, Summary{3, 3, 3, 1}},
		{[]float64{9, 1, 2}, Summary{2, 1, 9, 3}},
		{[]float64{4, 1, 100, 2}, Summary{3, 1, 100, 4}},
	} {
		if got := Summarize(c.in); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.in, got, c.want)
		}
	}
}

func TestSummarizeLeavesItsArgumentInOrder(t *testing.T) {
	in := []float64{3, 1, 2}
	Summarize(in)
	if in[0] != 3 || in[1] != 1 || in[2] != 2 {
		t.Fatalf("order changed: %v", in)
	}
}

func TestAddRatios(t *testing.T) {
	r := NewReadings(5)
	for i, v := range []float64{2, 3} { // figure 2 has no reading
		r.Add(i, v)
	}
	r.AddRatios(3, 3)
	if len(r.Of(3)) != 1 || r.Of(3)[0] != 1.5 || len(r.Of(4)) != 0 {
		t.Errorf("%v", r.values)
	}
}
