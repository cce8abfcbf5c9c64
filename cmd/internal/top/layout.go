package top

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// gap is what stands between two columns.
const gap = "  "

// lowTerminal is the height below which only the totals that matter most are shown.
const lowTerminal = 16

// layout makes the w by h cells of the terminal: the bar, totals, the sockets, the last of the log, and the keys.
func layout(title string, s *sampler, v *view, log []string, w, h int) []Line {
	v.arrange(s)
	above := totals(s)
	if h < lowTerminal {
		above = []Line{above[0], traffic(s)}
	}
	lines := append([]Line{bar(title, s, v, w)}, above...)
	lines = append(lines, nil)
	room := h - len(lines) - 2 // heading and keys
	logged := max(0, min(len(log), room/4))
	if logged > 0 {
		room -= logged + 1
	}
	rows := v.show(room)
	lines = append(lines, table(s, v, rows, w)...)
	for range room - len(rows) {
		lines = append(lines, nil)
	}
	if logged > 0 {
		lines = append(lines, nil)
		for _, l := range log[len(log)-logged:] {
			lines = append(lines, Line{{printableLine(l), Dim}})
		}
	}
	lines = append(lines[:max(0, min(len(lines), h-1))], keys(v))
	for i := range lines {
		lines[i] = lines[i].clip(w)
	}
	return lines
}

// bar is the first line: who we are and what is seen.
func bar(title string, s *sampler, v *view, w int) Line {
	left := " " + title
	var right []string
	if v.paused {
		right = append(right, "PAUSED")
	}
	if v.filter != "" {
		right = append(right, count(uint64(len(v.rows)))+" of them with “"+printable(v.filter)+"”")
	}
	right = append(right, "up "+age(s.at.Sub(s.started))+" ")
	r := strings.Join(right, " · ")
	return Line{{left + strings.Repeat(" ", max(w-utf8.RuneCountInString(left)-utf8.RuneCountInString(r), 2)) + r, Bar}}
}

// table is the heading and the rows, in as many columns as fit.
func table(s *sampler, v *view, rows []*row, w int) []Line {
	shown := make([]int, len(columns))
	widths := make([]int, len(columns))
	cells := make([][]string, len(rows))
	for c := range columns {
		shown[c] = c
		widths[c] = utf8.RuneCountInString(heading(c, v))
	}
	for i, r := range rows {
		cells[i] = make([]string, len(columns))
		for c, col := range columns {
			cells[i][c] = col.text(r, s.at)
			widths[c] = max(widths[c], utf8.RuneCountInString(cells[i][c]), col.least())
		}
	}
	shown = fit(shown, widths, v.sort, w)
	out := []Line{nil}
	for _, c := range shown {
		tone := Dim
		if c == v.sort {
			tone = Strong
		}
		out[0] = append(out[0], Span{pad(heading(c, v), widths[c], columns[c].right) + gap, tone})
	}
	for i, r := range rows {
		var l Line
		for _, c := range shown {
			l = append(l, Span{pad(cells[i][c], widths[c], columns[c].right) + gap, tone(c, r, cells[i][c])})
		}
		out = append(out, l)
	}
	return out
}

// heading is a column's title, with an arrow where it is what the table is sorted by.
func heading(c int, v *view) string {
	switch {
	case c != v.sort:
		return columns[c].title
	case v.reverse:
		return columns[c].title + " ▲"
	}
	return columns[c].title + " ▼"
}

// least is how wide a column is at least: figures change all the time, and columns should not.
func (c *column) least() int {
	switch {
	case strings.HasSuffix(c.title, "RATE"):
		return len("999 kB/s") + 1
	case c.right:
		return len("99.9 kB")
	}
	return 0
}

// fit leaves out the columns that matter least until the others fit into w cells; the first one, and the one that is
// sorted by, stay.
func fit(shown, widths []int, sorted, w int) []int {
	total := 0
	for _, c := range shown {
		total += widths[c] + len(gap)
	}
	for total-len(gap) > w && len(shown) > 2 {
		worst := -1
		for i, c := range shown {
			if c != 0 && c != sorted && (worst < 0 || columns[c].keep < columns[shown[worst]].keep) {
				worst = i
			}
		}
		total -= widths[shown[worst]] + len(gap)
		shown = slices.Delete(shown, worst, worst+1)
	}
	return shown
}

// tone is that of a cell; what has ended is dim as a whole.
func tone(c int, r *row, text string) Tone {
	if text == "·" || stateTone(r) == Dim {
		return Dim
	}
	if f := columns[c].tone; f != nil {
		return f(r)
	}
	return Plain
}

// keys is the last line.
func keys(v *view) Line {
	if v.typing {
		return Line{{"filter: ", Strong}, {printable(v.filter) + "▏", Plain}, {"  Enter", Strong}, {" keeps it  ", Dim}, {"Esc", Strong}, {" drops it", Dim}}
	}
	var l Line
	for _, k := range []struct{ key, does string }{
		{"q", "quit"}, {"←→", "sort by"}, {"r", "reverse"}, {"p", "pause"}, {"/", "filter"}, {"↑↓", "scroll"},
	} {
		l = append(l, Span{k.key, Strong}, Span{" " + k.does + "   ", Dim})
	}
	return l
}
