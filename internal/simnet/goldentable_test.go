package simnet

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"smoltls/tcp"
)

var (
	updateFlag = flag.Bool("update", false, "write what was measured to the golden tables, rather than compare with them")
	wholeFlag  = flag.Bool("whole", false, "measure every cell of the golden tables, rather than those that take seconds")
)

// algorithm is a congestion control that the tables judge.
type algorithm struct {
	name   string
	config tcp.Config
	// least gives the share of the link that it must fill when nothing is lost at random.
	least func(b Bottleneck) float64
}

// row is a line of a golden table: the algorithm and the path.
type row struct{ algorithm, path string }

// goldenTable is a table of figures in testdata: for each algorithm a head, and a line for each path with a figure in
// each column.
type goldenTable struct {
	name    string // of the file
	comment string // above it, each line begins with #
	head    string // of the columns
	figure  func(column int, v float64) string
	// fallen reports that a figure is worse than the one in the file by more than chance explains.
	fallen func(column int, was, is float64) bool
}

// text renders the table, in the order of the rows.
func (g goldenTable) text(order []row, rows map[row][]float64) string {
	var b strings.Builder
	b.WriteString(g.comment)
	last := ""
	for _, r := range order {
		if r.algorithm != last {
			last = r.algorithm
			fmt.Fprintf(&b, "\n%-16s%s\n", r.algorithm, g.head)
		}
		fmt.Fprintf(&b, "%16s", r.path)
		for column, v := range rows[r] {
			b.WriteString(g.figure(column, v))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// parseGolden reads what text has written. Paths are two words.
func parseGolden(text string) (map[row][]float64, error) {
	rows := make(map[row][]float64)
	algorithm := ""
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || f[0] == "#":
			continue
		case !strings.HasPrefix(line, " "):
			algorithm = f[0]
			continue
		case len(f) < 3:
			return nil, fmt.Errorf("no figures in %q", line)
		}
		var figures []float64
		for _, word := range f[2:] {
			v, err := strconv.ParseFloat(word, 64)
			if err != nil {
				return nil, err
			}
			figures = append(figures, v)
		}
		rows[row{algorithm, f[0] + " " + f[1]}] = figures
	}
	return rows, nil
}

// compare says what has fallen; what has risen is news, and no failure.
func (g goldenTable) compare(was, is map[row][]float64) (fallen, risen []string) {
	order := slices.SortedFunc(maps.Keys(is), func(a, b row) int { return strings.Compare(a.algorithm+a.path, b.algorithm+b.path) })
	for _, r := range order {
		if len(was[r]) != len(is[r]) {
			fallen = append(fallen, fmt.Sprintf("%s, %s: %d figures, the file has %d", r.algorithm, r.path, len(is[r]), len(was[r])))
			continue
		}
		for column, v := range is[r] {
			told := fmt.Sprintf("%s, %s, column %d: %s, the file has %s", r.algorithm, r.path, column+1, g.figure(column, v), g.figure(column, was[r][column]))
			switch {
			case g.fallen(column, was[r][column], v):
				fallen = append(fallen, told)
			case g.fallen(column, v, was[r][column]):
				risen = append(risen, told)
			}
		}
	}
	return fallen, risen
}

// judge compares what was measured with the file, or writes it there. Rows that -run has left out stay what they are.
func (g goldenTable) judge(t *testing.T, order []row, measured map[row][]float64) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", g.name)
	text, err := os.ReadFile(path)
	if err != nil && !*updateFlag {
		t.Fatal(err)
	}
	was, err := parseGolden(string(text))
	if err != nil {
		t.Fatal(err)
	}
	fallen, risen := g.compare(was, measured)
	for _, line := range fallen {
		t.Log("worse:  ", line)
	}
	for _, line := range risen {
		t.Log("better: ", line)
	}
	if *updateFlag {
		maps.Copy(was, measured)
		order = slices.DeleteFunc(order, func(r row) bool { return was[r] == nil })
		if err := os.WriteFile(path, []byte(g.text(order, was)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(fallen) > 0 {
		t.Errorf("%d figures of %s are worse than they were. If that is meant: go test ./internal/simnet -run Golden -update", len(fallen), g.name)
	}
}

func TestAGoldenTableIsReadAsItWasWritten(t *testing.T) {
	g := goldenTable{comment: "# What it is.\n", head: "a  b", figure: func(_ int, v float64) string { return fmt.Sprintf("%8.1f", v) }}
	order := []row{{"X", "5ms 0.25"}, {"X", "5ms 1"}, {"Y", "5ms 1"}}
	rows := map[row][]float64{order[0]: {99.5, 1}, order[1]: {2, 3}, order[2]: {4, 5}}
	got, err := parseGolden(g.text(order, rows))
	if err != nil || !maps.EqualFunc(got, rows, slices.Equal) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"X a\n  5ms 1\n", "X a\n  5ms 1 fast\n"} {
		if _, err := parseGolden(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestAFigureThatFallsFailsAndOneThatRisesIsToldOf(t *testing.T) {
	g := goldenTable{figure: func(_ int, v float64) string { return fmt.Sprint(v) }, fallen: func(_ int, was, is float64) bool { return is < was-1 }}
	r := row{"X", "5ms 1"}
	for _, c := range []struct {
		was           map[row][]float64
		fallen, risen int
	}{{map[row][]float64{r: {10, 20}}, 0, 0}, {map[row][]float64{r: {11.5, 18}}, 1, 1}, {map[row][]float64{r: {10}}, 1, 0}, {nil, 1, 0}} {
		if fallen, risen := g.compare(c.was, map[row][]float64{r: {10, 20}}); len(fallen) != c.fallen || len(risen) != c.risen {
			t.Errorf("%v: %q, %q", c.was, fallen, risen)
		}
	}
}
