package cmdtest

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// screen is as much of a terminal as it takes to read what a program has drawn: it knows how to place the cursor and to
// clear, and passes over colours, modes and titles (ECMA-48).
type screen struct {
	cells [][]rune
	x, y  int
	held  []byte // a sequence that has not ended
}

func (s *screen) resize(w, h int) {
	cells := make([][]rune, h)
	for y := range cells {
		cells[y] = []rune(strings.Repeat(" ", w))
		if y < len(s.cells) {
			copy(cells[y], s.cells[y])
		}
	}
	s.cells = cells
}

// String gives the lines.
func (s *screen) String() string {
	var b strings.Builder
	for _, row := range s.cells {
		b.WriteString(strings.TrimRight(string(row), " ") + "\n")
	}
	return b.String()
}

func (s *screen) write(p []byte) {
	s.held = append(s.held, p...)
	for len(s.held) > 0 {
		n := s.next(s.held)
		if n == 0 {
			return // the rest of it comes
		}
		s.held = s.held[n:]
	}
}

// next takes one character or sequence from the front of b, and gives its length; 0: b ends within it.
func (s *screen) next(b []byte) int {
	switch {
	case b[0] == 0x1b:
		return s.escape(b)
	case b[0] == '\r':
		s.x = 0
	case b[0] == '\n':
		s.y++
	case b[0] == '\b':
		s.x--
	case b[0] < ' ':
	case !utf8.FullRune(b):
		return 0
	default:
		r, n := utf8.DecodeRune(b)
		if s.y >= 0 && s.y < len(s.cells) && s.x >= 0 && s.x < len(s.cells[s.y]) {
			s.cells[s.y][s.x] = r
		}
		s.x++
		return n
	}
	return 1
}

func (s *screen) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '[':
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				s.control(string(b[2:i]), b[i])
				return i + 1
			}
		}
		return 0
	case ']', 'P': // a string, until BEL or ST
		for i := 2; i < len(b); i++ {
			if b[i] == 7 {
				return i + 1
			}
			if b[i] == '\\' && b[i-1] == 0x1b {
				return i + 1
			}
		}
		return 0
	case '(', ')':
		return min(len(b), 3) / 3 * 3
	}
	return 2
}

// control does what a control sequence says.
func (s *screen) control(parameters string, final byte) {
	n := func(i, unless int) int {
		if ps := strings.Split(parameters, ";"); i < len(ps) {
			if v, err := strconv.Atoi(ps[i]); err == nil {
				return v
			}
		}
		return unless
	}
	switch final {
	case 'H', 'f':
		s.y, s.x = n(0, 1)-1, n(1, 1)-1
	case 'A':
		s.y -= n(0, 1)
	case 'B':
		s.y += n(0, 1)
	case 'C':
		s.x += n(0, 1)
	case 'D':
		s.x -= n(0, 1)
	case 'G':
		s.x = n(0, 1) - 1
	case 'd':
		s.y = n(0, 1) - 1
	case 'J':
		s.clear(0, len(s.cells))
	case 'K':
		if s.y >= 0 && s.y < len(s.cells) {
			for x := max(s.x, 0); x < len(s.cells[s.y]); x++ {
				s.cells[s.y][x] = ' '
			}
		}
	}
}

func (s *screen) clear(from, to int) {
	for _, row := range s.cells[from:to] {
		for x := range row {
			row[x] = ' '
		}
	}
}
