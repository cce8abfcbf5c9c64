package top

import (
	"time"

	"smoltls/iface"
	"smoltls/set"
)

// Interval is the time between two looks at the stack.
const Interval = time.Second

// logTail is how many lines of the log the table shows at most.
const logTail = 5

// Surface is where a table is shown. It belongs to the main loop but for what its own goroutines do.
type Surface interface {
	// Size is the number of cells.
	Size() (w, h int)
	// Show shows lines and returns at once.
	Show(lines []Line)
	// Key gives a key that was pressed, KeyNone when there is none. The main loop is woken when there is one.
	Key() Key
	// Close gives the terminal back as it was. It may be called twice, and from another goroutine.
	Close()
}

// Config says what a table is about.
type Config struct {
	Title     string // of the bar
	Interface *iface.Interface
	Sockets   *set.TLSSocketSet
	Log       *Log   // nil: none
	Quit      func() // the user wants to end the command
}

// Table is the live table of a stack: poll it together with the stack.
type Table struct {
	cfg     Config
	surface Surface
	sampler *sampler
	view    *view
	next    time.Time // the next look; zero: at once
	quit    bool
}

// New makes a table on a surface, which it closes.
func New(s Surface, cfg Config) *Table {
	return &Table{cfg: cfg, surface: s, sampler: newSampler(cfg.Interface, cfg.Sockets), view: newView()}
}

// Poll does what the keys that were pressed say, looks at the stack when it is time to, and shows what has changed. It
// never waits.
func (t *Table) Poll(now time.Time) {
	if t.quit {
		return
	}
	changed := false
	for k := t.surface.Key(); k != KeyNone; k = t.surface.Key() {
		changed = true
		if t.view.press(k) {
			t.quit = true
			t.Close()
			t.cfg.Quit()
			return
		}
	}
	if !now.Before(t.next) {
		t.next = now.Add(Interval)
		if !t.view.paused || t.sampler.samples == 0 {
			t.sampler.take(now)
			changed = true
		}
	}
	if changed {
		t.show()
	}
}

func (t *Table) show() {
	var log []string
	if t.cfg.Log != nil {
		log = t.cfg.Log.tail(logTail)
	}
	w, h := t.surface.Size()
	t.surface.Show(layout(t.cfg.Title, t.sampler, t.view, log, w, h))
}

// PollAt is when the next Poll has something to do though no key is pressed; zero when the table was closed.
func (t *Table) PollAt() time.Time {
	if t.quit {
		return time.Time{}
	}
	return t.next
}

// Close gives the terminal back, and then says what the log has kept. It may be called twice, and from another
// goroutine, such as one that is about to end the process.
func (t *Table) Close() {
	t.surface.Close()
	if t.cfg.Log != nil {
		t.cfg.Log.Close()
	}
}
