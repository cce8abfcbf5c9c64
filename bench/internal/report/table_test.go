package report

import (
	"strings"
	"testing"

	"smoltls/bench/internal/measure"
)

func one(v float64) measure.Summary { return measure.Summary{Median: v, Min: v, Max: v, N: 1} }

func results() []measure.Result {
	return []measure.Result{
		{
			Section: "in memory", Figure: measure.Figure{Name: "bulk", Unit: "MB/s"},
			Ours: measure.Summary{Median: 1200, Min: 1100, Max: 1300, N: 3}, Peer: one(300), Limit: one(2000),
		},
		{
			Section: "in memory", Figure: measure.Figure{Name: "round trip", Unit: "µs", Better: measure.LessIsBetter},
			Ours: one(4), Peer: one(18.04),
		},
		{
			Section: "over TAP", Figure: measure.Figure{Name: "up", Unit: "MB/s"},
			Skipped: []string{"skipped: no root", "skipped: no driver"},
		},
		{
			Section: "over TAP", Figure: measure.Figure{Name: "down", Unit: "MB/s"},
			Skipped: []string{"skipped: no root"},
		},
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	if err := Table(&b, results()); err != nil {
		t.Fatal(err)
	}
	want := `
              unit              ours  peer    gain  limit  of limit

in memory
  bulk        MB/s  1200 (1100–1300)   300  4.00 ×   2000    0.60 ×
  round trip  µs                4.00  18.0  4.51 ×    n/a

over TAP
  up          MB/s               n/a   n/a            n/a
  down        MB/s               n/a   n/a            n/a

n/a above: skipped: no root

n/a above: skipped: no driver
`
	if got := "\n" + b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.0123: "0.012", 0.25: "0.25", 1.234: "1.23", 9.999: "10.0", 12.34: "12.3", 99.96: "100", 1182: "1182", 1234567: "1234567",
	} {
		if got := number(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

func TestARatioNeedsBothAndADivisor(t *testing.T) {
	if s := ratio(one(1), one(0)); s != "" {
		t.Errorf("divided by zero: %q", s)
	}
	if s := ratio(measure.Summary{}, one(1)); s != "" {
		t.Errorf("ratio of nothing: %q", s)
	}
}
