// Package report shows results: as one table for people, and as a line of JSON for each figure.
package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"smoltls/bench/internal/measure"
)

// notThere stands where nothing was measured.
const notThere = "n/a"

// Table writes all results as one table, in their order, a headline before each section, and below it why contenders
// were skipped. Each value is the median with the least and the largest reading behind it. "gain" is how many times
// better ours is than the peer, whichever direction is better; "of limit" is ours divided by the limit.
func Table(w io.Writer, results []measure.Result) error {
	rows := [][]string{{"", "unit", "ours", "peer", "gain", "limit", "of limit"}}
	section := ""
	for _, r := range results {
		if r.Section != section {
			section = r.Section
			rows = append(rows, nil, []string{section})
		}
		rows = append(rows, []string{
			"  " + r.Name, r.Unit, cell(r.Ours), cell(r.Peer), gain(r), cell(r.Limit), ratio(r.Ours, r.Limit),
		})
	}
	var b strings.Builder
	widths := columnWidths(rows)
	for _, row := range rows {
		writeRow(&b, row, widths)
	}
	writeSkipped(&b, results)
	_, err := io.WriteString(w, b.String())
	return err
}

// columnWidths gives the width of each column in characters. A row of one cell is a headline, which no column has to
// hold.
func columnWidths(rows [][]string) []int {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		if len(row) < 2 {
			continue
		}
		for i, c := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	return widths
}

// writeRow sets the first two columns flush left and the others flush right.
func writeRow(b *strings.Builder, row []string, widths []int) {
	var line strings.Builder
	for i, c := range row {
		if len(row) < 2 {
			line.WriteString(c)
			break
		}
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c))
		if i < 2 {
			line.WriteString(c + pad)
		} else {
			line.WriteString(pad + c)
		}
		line.WriteString("  ")
	}
	b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
}

func writeSkipped(b *strings.Builder, results []measure.Result) {
	for _, why := range Skipped(results) {
		b.WriteString("\n" + notThere + " above: " + why + "\n")
	}
}

// Skipped gives the reasons why contenders did not run, each once.
func Skipped(results []measure.Result) []string {
	var reasons []string
	for _, r := range results {
		for _, why := range r.Skipped {
			if !slices.Contains(reasons, why) {
				reasons = append(reasons, why)
			}
		}
	}
	return reasons
}

// cell is a median with its extremes, or without them when there was one reading or no spread.
func cell(s measure.Summary) string {
	switch {
	case s.N == 0:
		return notThere
	case number(s.Min) == number(s.Max):
		return number(s.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", number(s.Median), number(s.Min), number(s.Max))
}

// number gives three significant digits, and all digits before the point.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 99.95 || a == 0:
		return fmt.Sprintf("%.0f", v)
	case a >= 9.995:
		return fmt.Sprintf("%.1f", v)
	case a >= 0.0995:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.2g", v)
}

func gain(r measure.Result) string {
	if r.Better == measure.LessIsBetter {
		return ratio(r.Peer, r.Ours)
	}
	return ratio(r.Ours, r.Peer)
}

func ratio(a, b measure.Summary) string {
	if a.N == 0 || b.N == 0 || b.Median == 0 {
		return ""
	}
	return number(a.Median/b.Median) + " ×"
}
