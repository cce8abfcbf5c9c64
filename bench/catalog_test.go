package main

import (
	"testing"

	"smoltls/bench/internal/measure"
)

func TestEveryFigureHasANameOfItsOwnAndAUnit(t *testing.T) {
	seen := make(map[string]bool)
	for _, x := range catalog(measure.Full) {
		if x.Section == "" || len(x.Figures) == 0 {
			t.Errorf("experiment without a section or figures: %+v", x.Figures)
		}
		for _, f := range x.Figures {
			if f.Name == "" || f.Unit == "" || seen[f.Name] {
				t.Errorf("no name, no unit, or there twice: %+v", f)
			}
			seen[f.Name] = true
		}
	}
}

func TestACrowdHasAFigureForEachNumberAndAMultipleForEachButTheFirst(t *testing.T) {
	e := measure.Effort{Idle: []int{0, 7, 50}}
	var names []string
	for _, f := range crowd(e, "x", cost("", "µs")) {
		names = append(names, f.Name+" "+f.Unit)
	}
	want := []string{"x, among 0 idle µs", "x, among 7 idle µs", "x, among 50 idle µs", "x, among 7 idle, against none ×", "x, among 50 idle, against none ×"}
	if len(names) != len(want) {
		t.Fatalf("%q", names)
	}
	for i := range want {
		if names[i] != want[i] {
			t.Errorf("%q, want %q", names[i], want[i])
		}
	}
}
