package measure

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// noting is a contender that notes its turns and reads 1, 2, 3, ...
func noting(log *[]string, name string) Contender {
	n := 0
	return func(_ Effort, r *Readings) error {
		n++
		*log = append(*log, name)
		r.Add(0, float64(n))
		return nil
	}
}

func TestContendersTakeTurns(t *testing.T) {
	var log []string
	x := Experiment{Figures: []Figure{{Name: "a"}}, Ours: noting(&log, "ours"), Peer: noting(&log, "peer")}
	rs, err := Plan{Experiments: []Experiment{x}, Rounds: 3}.Run()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"ours", "peer", "ours", "peer", "ours", "peer"}; !slices.Equal(log, want) {
		t.Errorf("turns %v", log)
	}
	if len(rs) != 1 || rs[0].Ours != (Summary{2, 1, 3, 3}) || rs[0].Peer.N != 3 || rs[0].Limit.N != 0 {
		t.Errorf("results %+v", rs)
	}
}

func TestAnExperimentThatIsCostlyToSetUpRunsOnce(t *testing.T) {
	var log []string
	x := Experiment{Figures: []Figure{{Name: "a"}}, Ours: noting(&log, "ours"), Once: true}
	if _, err := (Plan{Experiments: []Experiment{x}, Rounds: 7}).Run(); err != nil {
		t.Fatal(err)
	}
	if len(log) != 1 {
		t.Errorf("ran %d times", len(log))
	}
}

func TestAnExperimentRunsOnItsNumberOfCores(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	for procs, want := range map[int]int{0: 1, 2: 2} {
		got := 0
		x := Experiment{Figures: []Figure{{Name: "a"}}, Procs: procs, Ours: func(Effort, *Readings) error {
			got = runtime.GOMAXPROCS(0)
			return nil
		}}
		if _, err := (Plan{Experiments: []Experiment{x}, Rounds: 1}).Run(); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("Procs %d: GOMAXPROCS %d", procs, got)
		}
	}
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("GOMAXPROCS left at %d", got)
	}
}

func TestOnlyWantedFiguresAreShownAndOnlyTheirExperimentsRun(t *testing.T) {
	var log []string
	xs := []Experiment{
		{Figures: []Figure{{Name: "a"}, {Name: "b"}}, Ours: noting(&log, "first")},
		{Figures: []Figure{{Name: "c"}}, Ours: noting(&log, "second")},
	}
	rs, err := Plan{Experiments: xs, Rounds: 1, Want: func(s string) bool { return s == "b" }}.Run()
	if err != nil {
		t.Fatal(err)
	}
	if len(rs) != 1 || rs[0].Name != "b" || rs[0].Ours.N != 0 {
		t.Errorf("results %+v", rs)
	}
	if !slices.Equal(log, []string{"first"}) {
		t.Errorf("ran %v", log)
	}
}

func TestASkippedContenderSaysWhyAndTheOthersGoOn(t *testing.T) {
	var log []string
	x := Experiment{
		Figures: []Figure{{Name: "a"}},
		Ours:    func(Effort, *Readings) error { return Skip("no root") },
		Peer:    noting(&log, "peer"),
		Limit:   func(Effort, *Readings) error { return Skip("no root") },
	}
	rs, err := Plan{Experiments: []Experiment{x}, Rounds: 2}.Run()
	if err != nil {
		t.Fatal(err)
	}
	if r := rs[0]; r.Ours.N != 0 || r.Peer.N != 2 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0], "no root") {
		t.Errorf("result %+v", r)
	}
}

func TestAFailedContenderEndsTheRun(t *testing.T) {
	broken := errors.New("broken")
	x := Experiment{Figures: []Figure{{Name: "a"}}, Peer: func(Effort, *Readings) error { return broken }}
	_, err := Plan{Experiments: []Experiment{x}, Rounds: 2}.Run()
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "peer") {
		t.Errorf("error %v", err)
	}
}
