package measure

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
)

// Result is what one figure came to.
type Result struct {
	Section string
	Figure
	Ours, Peer, Limit Summary
	Skipped           []string // why contenders did not run, each reason once
}

// Plan says what to run.
type Plan struct {
	Experiments []Experiment
	Rounds      int                      // of each experiment, but for those that run once
	Want        func(figure string) bool // which figures; nil: all
	Effort      Effort
	Progress    func(what string, round int) // called before each contender's turn; nil: nobody watches
}

// Run measures. Contenders take turns within each round, so that a disturbance of the machine that lasts meets all of
// them. The error of a contender that did not skip ends the run.
func (p Plan) Run() ([]Result, error) {
	var results []Result
	for _, x := range p.Experiments {
		if !p.wanted(x) {
			continue
		}
		rs, err := p.experiment(x)
		if err != nil {
			return results, err
		}
		for _, r := range rs {
			if p.want(r.Name) {
				results = append(results, r)
			}
		}
	}
	return results, nil
}

// Names gives the names of the figures that Run would measure.
func (p Plan) Names() []string {
	var names []string
	for _, x := range p.Experiments {
		for _, f := range x.Figures {
			if p.want(f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

func (p Plan) want(name string) bool { return p.Want == nil || p.Want(name) }

func (p Plan) wanted(x Experiment) bool {
	for _, f := range x.Figures {
		if p.want(f.Name) {
			return true
		}
	}
	return false
}

// turn is a contender within an experiment.
type turn struct {
	who      string
	run      Contender
	readings *Readings
}

func (p Plan) experiment(x Experiment) ([]Result, error) {
	turns := []turn{{"ours", x.Ours, nil}, {"peer", x.Peer, nil}, {"limit", x.Limit, nil}}
	for i := range turns {
		turns[i].readings = NewReadings(len(x.Figures))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(1, x.Procs)))
	var skipped []string
	rounds := p.Rounds
	if x.Once {
		rounds = 1
	}
	for round := range rounds {
		for i := range turns {
			t := &turns[i]
			if t.run == nil {
				continue
			}
			if p.Progress != nil {
				p.Progress(x.Figures[0].Name+", "+t.who, round)
			}
			runtime.GC() // what the turn before left behind
			err := t.run(p.Effort, t.readings)
			if errors.Is(err, ErrSkip) {
				t.run = nil
				if !slices.Contains(skipped, err.Error()) {
					skipped = append(skipped, err.Error())
				}
			} else if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", x.Figures[0].Name, t.who, err)
			}
		}
	}
	results := make([]Result, len(x.Figures))
	for i, f := range x.Figures {
		results[i] = Result{
			Section: x.Section,
			Figure:  f,
			Ours:    Summarize(turns[0].readings.Of(i)),
			Peer:    Summarize(turns[1].readings.Of(i)),
			Limit:   Summarize(turns[2].readings.Of(i)),
			Skipped: skipped,
		}
	}
	return results, nil
}
