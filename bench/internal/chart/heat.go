package chart

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Heat is one block of a table of shares in percent.
type Heat struct {
	Name    string
	Columns []string
	Rows    []HeatRow
}

// HeatRow is a row of a Heat: two labels, and a share for each column.
type HeatRow struct {
	Group, Label string
	Shares       []float64
}

// ReadHeat reads blocks of a table as testdata/goodput.txt has them: lines with # are for people; a block begins with
// its name and the headings of its columns, of which the last has what they are of behind it, and has a row for each
// line: two labels and the shares.
func ReadHeat(r io.Reader) (blocks []Heat, err error) {
	lines := bufio.NewScanner(r)
	var block *Heat
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 0:
			block = nil
		case fields[0] == "#" || strings.HasPrefix(fields[0], "#"):
		case block == nil:
			blocks = append(blocks, Heat{Name: fields[0]})
			block = &blocks[len(blocks)-1]
			for _, f := range fields[1:] {
				if strings.HasSuffix(f, "%") {
					block.Columns = append(block.Columns, f)
				}
			}
			if len(block.Columns) == 0 {
				return nil, fmt.Errorf("line %d: a block without columns", n)
			}
		default:
			row, err := readRow(fields, len(block.Columns))
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			block.Rows = append(block.Rows, row)
		}
	}
	if len(blocks) == 0 && lines.Err() == nil {
		return nil, fmt.Errorf("no table")
	}
	return blocks, lines.Err()
}

func readRow(fields []string, columns int) (HeatRow, error) {
	if len(fields) != 2+columns {
		return HeatRow{}, fmt.Errorf("%d fields, want two labels and %d shares", len(fields), columns)
	}
	row := HeatRow{Group: fields[0], Label: fields[1]}
	for _, f := range fields[2:] {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || !(v >= 0 && v < 1000) {
			return HeatRow{}, fmt.Errorf("%q is no share in percent", f)
		}
		row.Shares = append(row.Shares, v)
	}
	return row, nil
}

// The measures of a heat map, in pixels.
const (
	cellWidth  = 56.0
	cellHeight = 23.0
	groupGap   = 7.0
	blockGap   = 26.0
	heatLeft   = margin + 150
	heatTop    = 112.0
)

// HeatMap draws blocks beside each other, which have the same rows and columns.
func HeatMap(title, note, columns, rows string, blocks []Heat) []byte {
	wide := float64(len(blocks[0].Columns)) * cellWidth
	w := heatLeft + float64(len(blocks))*(wide+blockGap) - blockGap + margin
	high := 0.0
	for i := range blocks[0].Rows {
		high = rowTop(blocks[0].Rows, i) + cellHeight
	}
	h := heatTop + high + 62
	s := begin(int(w), int(h), title, describeHeat(blocks))
	s.text("title", startsAt, margin, 32, title)
	s.text("note", startsAt, margin, 52, note)
	s.text("note", startsAt, margin, heatTop-10, rows)
	s.rowLabels(blocks[0].Rows)
	for i, b := range blocks {
		s.block(b, heatLeft+float64(i)*(wide+blockGap))
	}
	s.legend(w-margin, heatTop+high+22, columns)
	return s.end()
}

// rowTop is where a row begins below the first one: groups stand apart.
func rowTop(rows []HeatRow, i int) (y float64) {
	for j := 1; j <= i; j++ {
		y += cellHeight
		if rows[j].Group != rows[j-1].Group {
			y += groupGap
		}
	}
	return y
}

func (s *svg) rowLabels(rows []HeatRow) {
	for i, r := range rows {
		y := heatTop + rowTop(rows, i) + cellHeight - 7
		if i == 0 || rows[i-1].Group != r.Group {
			s.text("", startsAt, margin, y, delay(r.Group))
		}
		s.text("note", endsAt, heatLeft-10, y, "queue "+r.Label)
	}
}

func (s *svg) block(b Heat, x float64) {
	s.text("title", startsAt, x, heatTop-30, b.Name)
	for c, name := range b.Columns {
		s.text("note", middle, x+(float64(c)+0.5)*cellWidth, heatTop-10, name)
	}
	for i, r := range b.Rows {
		y := heatTop + rowTop(b.Rows, i)
		for c, v := range r.Shares {
			fill, ink := shade(v)
			cx := x + float64(c)*cellWidth
			s.rect("", fill, cx+0.5, y+0.5, cellWidth-1, cellHeight-1, 2)
			s.text("cell "+ink, middle, cx+cellWidth/2, y+cellHeight-7, strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
}

// legend is the scale of colours, that ends at right.
func (s *svg) legend(right, y float64, columns string) {
	const steps, step = 21, 10.0
	x := right - steps*step
	for i := range steps {
		fill, _ := shade(float64(i) * 100 / (steps - 1))
		s.rect("", fill, x+float64(i)*step, y, step, 12, 0)
	}
	s.text("note", startsAt, x, y+28, "0")
	s.text("note", middle, x+steps*step/2, y+28, "50")
	s.text("note", endsAt, right, y+28, "100 %")
	s.text("note", startsAt, margin, y+11, columns)
}

// delay spells the delay of a group of rows.
func delay(g string) string {
	if g == "0s" {
		return "no delay"
	}
	return strings.TrimSuffix(g, "ms") + " ms"
}

// stops are the colours of 0, 50 and 100 %, which those who see no red or green tell apart too.
var stops = [3][3]float64{{0xc4, 0x4e, 0x3b}, {0xfb, 0xe9, 0xb6}, {0x2f, 0x74, 0xa8}}

// shade is the colour of a share, and the class of the ink that is read on it in either scheme.
func shade(v float64) (fill, ink string) {
	at := min(max(v, 0), 100) / 50
	i := min(int(at), 1)
	at -= float64(i)
	var c [3]int
	for k := range c {
		c[k] = int(stops[i][k] + (stops[i+1][k]-stops[i][k])*at + 0.5)
	}
	ink = "light"
	if 299*c[0]+587*c[1]+114*c[2] > 150_000 {
		ink = "dark"
	}
	return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]), ink
}

// describeHeat says in words what the blocks come to.
func describeHeat(blocks []Heat) string {
	var b strings.Builder
	for _, block := range blocks {
		sum, n, least := 0.0, 0, 1000.0
		for _, r := range block.Rows {
			for _, v := range r.Shares {
				sum, n, least = sum+v, n+1, min(least, v)
			}
		}
		fmt.Fprintf(&b, "%s: %s %% in the mean of %d cells, %s %% in the worst. ", block.Name, Number(sum/float64(max(n, 1))), n, strconv.FormatFloat(least, 'f', -1, 64))
	}
	return strings.TrimSpace(b.String())
}
