package simnet

import (
	"fmt"
	"testing"
	"time"
)

// sharedLinks are those that flows share: as long a path as the first has the second, with a product of rate and delay
// that lets windows find their balance in minutes rather than hours.
var sharedLinks = []struct {
	name  string
	rate  int64
	delay time.Duration
}{
	{"100M/5ms", 100_000_000, 5 * time.Millisecond},
	{"20M/50ms", 20_000_000, 50 * time.Millisecond},
}

var fairnessFlows = []int{2, 10}

// leastFairness is asked of flows that have had a thousand round trips to find their shares.
const leastFairness = 0.95

const toleratedUnfairness = 0.05 // what Jain's index may fall by

var fairnessTable = goldenTable{
	name: "fairness.txt",
	comment: `# How two and ten connections share one link without loss of its own: measured by TestGoldenFairness of internal/simnet, the same in every run.
#
# The first figure is what comes through of all together, in % as in goodput.txt; the second Jain's index of the shares, 1 if all are equal. The connections
# begin one second apart, and are judged for 1,800 round trips of an empty queue, a minute at least, which begin 1,200 round trips, a minute at least, after the
# first. Rows are the link's rate and one-way delay, and its queue in bandwidth-delay products.
#
# The test fails when a sum falls by 2 points or an index by 0.05. Without -whole it measures only the
# last link with one product. Rewrite it with: go test ./internal/simnet -run GoldenFairness -whole -update
`,
	head: "      2 flows        10 flows",
	figure: func(column int, v float64) string {
		if column%2 == 0 {
			return fmt.Sprintf("%10.0f", v)
		}
		return fmt.Sprintf(" %5.3f", v)
	},
	fallen: func(column int, was, is float64) bool {
		if column%2 == 0 {
			return is < was-toleratedPoints
		}
		return is < was-toleratedUnfairness
	},
}

func TestGoldenFairness(t *testing.T) {
	if testing.Short() {
		t.Skip("measures minutes of a full link")
	}
	var order []row
	rows := make(map[row][]float64)
	t.Run("cells", func(t *testing.T) {
		for _, a := range algorithms {
			for _, link := range sharedLinks {
				for _, queue := range goldenQueues {
					r, figures := row{a.name, fmt.Sprintf("%s %v", link.name, queue)}, make([]float64, 2*len(fairnessFlows))
					order = append(order, r)
					if !*wholeFlag && (link != sharedLinks[1] || queue != 1) {
						continue
					}
					t.Run(r.algorithm+" "+r.path, func(t *testing.T) {
						rows[r] = figures
						t.Parallel()
						for i, flows := range fairnessFlows {
							m := share(t, a, Bottleneck{Rate: link.rate, Delay: link.delay, Queue: queue, Flows: flows})
							figures[2*i], figures[2*i+1] = 100*m.Total(), m.Fairness()
						}
					})
				}
			}
		}
	})
	if !t.Failed() {
		fairnessTable.judge(t, order, rows)
	}
}

// share lets flows that begin one after the other find their shares, and measures those.
func share(t *testing.T, a algorithm, b Bottleneck) Measured {
	t.Helper()
	rtt := 2 * b.Delay
	b.TCP, b.Stagger, b.Jitter = &a.config, time.Second, time.Duration(fullFrame*8*int64(time.Second)/b.Rate)
	b.Ramp, b.Length = max(time.Minute, 1200*rtt), max(time.Minute, 1800*rtt)
	m, err := b.Measure(1)
	if err != nil {
		t.Fatal(err)
	}
	if m.Fairness() < leastFairness {
		t.Errorf("%d flows: Jain's index is %.3f, at least %v is due: %.3f", b.Flows, m.Fairness(), leastFairness, m.Shares)
	}
	return m
}
