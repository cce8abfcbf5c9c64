package top

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Key is a key that was pressed: a character, or one of those below.
type Key rune

// Keys that are no characters.
const (
	KeyNone Key = -iota // nothing of interest
	KeyUp
	KeyDown
	KeyLeft
	KeyRight
	KeyPageUp
	KeyPageDown
	KeyHome
	KeyEnd
	KeyEnter
	KeyEscape
	KeyBackspace
	KeyInterrupt // Ctrl-C
	KeyResize    // no key: the terminal has another size
)

// maxFilter is how many characters a filter has at most.
const maxFilter = 40

// view is which sockets are seen, in what order: what the keys change.
type view struct {
	sort    int // index of columns
	reverse bool
	paused  bool
	filter  string
	typing  bool // the filter
	top     int  // rows passed over
	page    int  // rows that were shown last
	rows    []*row
}

// newView sorts by age: lines stay where they are.
func newView() *view {
	v := &view{}
	for columns[v.sort].title != "AGE" {
		v.sort++
	}
	return v
}

// press does what a key means, and reports whether that is to quit.
func (v *view) press(k Key) (quit bool) {
	if k == KeyInterrupt {
		return true
	}
	if v.typing {
		v.edit(k)
		return false
	}
	switch k {
	case 'q', 'Q':
		return true
	case 's', '>', KeyRight:
		v.sort = (v.sort + 1) % len(columns)
	case 'S', '<', KeyLeft:
		v.sort = (v.sort + len(columns) - 1) % len(columns)
	case 'r':
		v.reverse = !v.reverse
	case 'p', ' ':
		v.paused = !v.paused
	case '/':
		v.typing = true
	case KeyEscape:
		v.filter = ""
	default:
		v.scroll(k)
	}
	return false
}

// edit types a filter.
func (v *view) edit(k Key) {
	switch {
	case k == KeyEnter:
		v.typing = false
	case k == KeyEscape:
		v.typing, v.filter = false, ""
	case k == KeyBackspace:
		if r := []rune(v.filter); len(r) > 0 {
			v.filter = string(r[:len(r)-1])
		}
	case k >= ' ' && len(v.filter) < maxFilter:
		v.filter += strings.ToLower(string(rune(k)))
	}
	v.top = 0
}

func (v *view) scroll(k Key) {
	switch k {
	case KeyUp, 'k':
		v.top--
	case KeyDown, 'j':
		v.top++
	case KeyPageUp:
		v.top -= v.page
	case KeyPageDown:
		v.top += v.page
	case KeyHome:
		v.top = 0
	case KeyEnd:
		v.top = len(v.rows)
	}
}

// arrange makes the list of what is seen. Among equals the one that came first stands first.
func (v *view) arrange(s *sampler) {
	v.rows = v.rows[:0]
	for _, r := range s.list {
		if v.filter == "" || r.contains(v.filter, s.at) {
			v.rows = append(v.rows, r)
		}
	}
	order := columns[v.sort].order
	slices.SortFunc(v.rows, func(a, b *row) int {
		if c := order(a, b); c != 0 {
			if v.reverse {
				return -c
			}
			return c
		}
		return cmp.Compare(a.number, b.number)
	})
}

// show gives the rows that a page of n shows, and keeps the scroll within what there is.
func (v *view) show(n int) []*row {
	v.page = max(n, 1)
	v.top = max(0, min(v.top, len(v.rows)-v.page))
	return v.rows[v.top:min(v.top+max(n, 0), len(v.rows))]
}

// contains reports whether one of the row's cells has that text, in whatever case.
func (r *row) contains(text string, now time.Time) bool {
	for _, c := range columns {
		if strings.Contains(strings.ToLower(c.text(r, now)), text) {
			return true
		}
	}
	return false
}
