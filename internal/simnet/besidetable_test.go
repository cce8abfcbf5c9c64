package simnet

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Who sends to whom.
const (
	kernelToKernel = iota
	oursToKernel
	kernelToOurs
)

var ways = [...]string{"kernel-kernel", "ours-kernel", "kernel-ours"}

// besideComment stands above the table.
const besideComment = `# What comes through one link of 100 Mbit/s in real time: measured by TestBesideTheKernel of internal/simnet. Two TAP devices, each in a network namespace, are joined by a
# link in user space. From one kernel to the other by CUBIC; from this module's stack (CUBIC, too) to a kernel; from a kernel to this module's stack.
#
# Goodput is counted as in goodput.txt: in % of a full link, after a ramp. Figures are the median of five runs and, in brackets, the least and the most, the three ways by turns;
# ratios are to the kernel's median. A ratio followed by < is below the kernel's by more than 1 % and by more than the noise: Mann and Whitney's test tells the two apart at the
# level of 5 %. Rows are the one-way delay, the queue before the link in bandwidth-delay products, and the share of frames lost at random in each direction.
#
# On the longest paths a run sees few losses, and five runs differ by a third. Of 24 runs of 150 ms with a queue of one product the means at 0.1, 1 and 3 % loss were 3.84, 0.640 and 0.273 from
# kernel to kernel, 3.94, 0.624 and 0.271 from ours, 3.70, 0.641 and 0.282 to ours: the same within 5 %, which is what such a mean is worth. More than 100 % is what was sent in the ramp, and could
# be read only later, when a gap before it was filled.
#
# Measure all of it, which takes most of an hour and a core, or some cells, and write it here:
#	go test ./internal/simnet -run BesideTheKernel -beside -v -timeout 0 -update
#	go test ./internal/simnet -run BesideTheKernel -beside -v -timeout 0 -update -cells '^5ms 1 '

`

// besideCell is one path beside the kernel.
type besideCell struct {
	delay       time.Duration
	queue, loss float64
}

func besideCells() (cells []besideCell) {
	for _, delay := range goldenDelays {
		for _, queue := range goldenQueues {
			for _, loss := range goldenLosses {
				cells = append(cells, besideCell{delay, queue, loss})
			}
		}
	}
	return cells
}

// name is what -cells selects by, and how a line of the table begins.
func (c besideCell) name() string { return fmt.Sprintf("%v %v %v%%", c.delay, c.queue, 100*c.loss) }

// load is about what share of the link is used (Mathis, Semke, Mahdavi and Ott: The macroscopic behavior of the TCP
// congestion avoidance algorithm, 1997), which is also about what share of a core that takes.
func (c besideCell) load() float64 {
	if c.loss == 0 || c.delay == 0 {
		return 1
	}
	return min(1, fullPayload*8*math.Sqrt(1.5/c.loss)/(2*c.delay).Seconds()/goldenRate)
}

// seed of the first run. Cells that differ only by a queue that is never full would otherwise lose the same frames.
func (c besideCell) seed() uint64 { return uint64(100 * (1 + slices.Index(besideCells(), c))) }

// bottleneck is goodputCell, but shorter, as real time passes: what chance decides takes longer, the more so the rarer
// it is.
func (c besideCell) bottleneck() Bottleneck {
	rtt := 2 * c.delay
	length := 4 * time.Second
	switch {
	case c.loss == 0:
		length = max(length, 20*rtt)
	case c.load() < 0.02:
		length = 2 * time.Minute
	case c.load() < 0.1:
		length = time.Minute
	case c.load() < 1 || c.loss == slices.Max(goldenLosses):
		length = 12 * time.Second
	}
	return Bottleneck{Rate: goldenRate, Delay: c.delay, Queue: c.queue, Loss: c.loss, Ramp: time.Second + 20*rtt, Length: length}
}

// besideShares are the shares of the link, in %, of each run of one cell.
type besideShares [len(ways)][]float64

func median(v []float64) float64 { return slices.Sorted(slices.Values(v))[len(v)/2] }

// Mann and Whitney's one-sided test at the level of 5 %: at most so many of the pairs of five and five runs are the
// other way round. For more runs it is the share of pairs that counts, and fewer tell nothing.
const (
	noiseRuns      = 5
	noisePairs     = 4.0 / (noiseRuns * noiseRuns)
	noiseTolerance = 0.99 // of the kernel's median; less does not matter
)

// below reports that runs are worse than those that they are measured by, by more than noise explains.
func below(runs, by []float64) bool {
	over := 0.0
	for _, a := range runs {
		for _, b := range by {
			switch {
			case a > b:
				over++
			case a == b:
				over += 0.5
			}
		}
	}
	return len(runs) >= noiseRuns && median(runs) < noiseTolerance*median(by) && over <= noisePairs*float64(len(runs)*len(by))
}

// figure is a share as it is printed.
func figure(v float64) string {
	if v >= 9.995 {
		return fmt.Sprintf("%5.1f", v)
	}
	return fmt.Sprintf("%5.2f", v)
}

// line renders a cell.
func (s *besideShares) line(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-16s", name)
	for way, runs := range s {
		fmt.Fprintf(&b, "   %s [%s %s]", figure(median(runs)), figure(slices.Min(runs)), figure(slices.Max(runs)))
		if way == kernelToKernel {
			continue
		}
		mark := " "
		if below(runs, s[kernelToKernel]) {
			mark = "<"
		}
		fmt.Fprintf(&b, " %5.2f%s", median(runs)/median(s[kernelToKernel]), mark)
	}
	return strings.TrimRight(b.String(), " ")
}

var besideHead = fmt.Sprintf("%-16s   %-19s   %-19s %-6s   %-19s %s", "path", ways[0], ways[1], " ratio", ways[2], " ratio")

// besideText is the table, with the lines of those cells that have one.
func besideText(lines map[string]string) string {
	var b strings.Builder
	b.WriteString(besideComment + besideHead + "\n")
	for _, c := range besideCells() {
		if line := lines[c.name()]; line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// parseBeside reads what besideText has written.
func parseBeside(text string) map[string]string {
	lines := make(map[string]string)
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) > 3 && strings.HasSuffix(f[2], "%") {
			lines[strings.Join(f[:3], " ")] = strings.TrimRight(line, "\n")
		}
	}
	return lines
}

// besideUpdate puts one line into the file, as soon as it is known: the whole takes long.
func besideUpdate(name, line string) error {
	path := filepath.Join("..", "..", "testdata", "beside.txt")
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	lines := parseBeside(string(text))
	lines[name] = line
	return os.WriteFile(path, []byte(besideText(lines)), 0o644)
}

func TestTheTableBesideTheKernelIsReadAsItWasWritten(t *testing.T) {
	lines := make(map[string]string)
	for i, c := range besideCells() {
		s := besideShares{{float64(i), 50, 60, 70, 80}, {70, 20, float64(i), 8, 9}, {1, 2, 3, 4, 5}}
		lines[c.name()] = s.line(c.name())
	}
	text := besideText(lines)
	if got := parseBeside(text); !maps.Equal(got, lines) || len(got) != len(goldenDelays)*len(goldenQueues)*len(goldenLosses) {
		t.Errorf("%d of %d lines: %v", len(got), len(lines), got)
	}
}

func TestNoiseIsNotHeldForAShortfall(t *testing.T) {
	kernel := []float64{48, 50, 52, 54, 56}
	for _, c := range []struct {
		runs  []float64
		below bool
	}{
		{[]float64{48, 50, 52, 54, 56}, false},
		{[]float64{44, 45, 46, 47, 47.5}, true},
		{[]float64{44, 45, 47, 49, 51}, true},            // three pairs of 25 are the other way round
		{[]float64{44, 45, 49, 51, 53}, false},           // six are
		{[]float64{51.6, 51.7, 51.7, 51.7, 51.7}, false}, // not by as much as matters
		{[]float64{70, 71, 72, 73, 74}, false},
		{[]float64{1}, false}, // nobody knows how much it would vary
	} {
		if got := below(c.runs, kernel); got != c.below {
			t.Errorf("%v beside %v: %v", c.runs, kernel, got)
		}
	}
}
