package top

import (
	"strings"
	"unicode/utf8"
)

// Tone is what a piece of text means; a [Surface] shows it by a colour or, where there are none, by its weight.
type Tone uint8

// The tones.
const (
	Plain  Tone = iota
	Dim         // of no interest now
	Strong      // headings, and what moves
	Bar         // the bar on top
	Warn        // worth a look
	Bad         // failed
)

// Span is a piece of text, without control characters, whose characters are one cell wide each.
type Span struct {
	Text string
	Tone Tone
}

// Line is a line of the terminal.
type Line []Span

// width is the number of cells.
func (l Line) width() (n int) {
	for _, s := range l {
		n += utf8.RuneCountInString(s.Text)
	}
	return n
}

// String gives the text without its tones.
func (l Line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

// clip cuts a line to w cells, and shows that it did.
func (l Line) clip(w int) Line {
	if l.width() <= w {
		return l
	}
	var out Line
	left := w - 1
	for _, s := range l {
		n := utf8.RuneCountInString(s.Text)
		if n > left {
			s.Text = string([]rune(s.Text)[:max(left, 0)])
			if s.Text != "" {
				out = append(out, s)
			}
			break
		}
		out, left = append(out, s), left-n
	}
	if w < 1 {
		return out
	}
	return append(out, Span{"…", Dim})
}

// pad gives s in w cells.
func pad(s string, w int, right bool) string {
	fill := strings.Repeat(" ", max(w-utf8.RuneCountInString(s), 0))
	if right {
		return fill + s
	}
	return s + fill
}
