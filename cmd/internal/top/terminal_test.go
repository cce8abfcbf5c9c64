//go:build !wasip1

package top

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
)

// simulation is a screen in memory. The goroutine that draws notes what it drew.
type simulation struct {
	tcell.SimulationScreen
	text atomic.Value
}

func (s *simulation) Show() {
	s.SimulationScreen.Show()
	s.note()
}

func (s *simulation) Sync() {
	s.SimulationScreen.Sync()
	s.note()
}

func (s *simulation) note() {
	cells, w, _ := s.GetContents()
	var b strings.Builder
	for i, c := range cells {
		if i > 0 && i%w == 0 {
			b.WriteByte('\n')
		}
		b.WriteString(string(c.Runes))
	}
	s.text.Store(b.String())
}

// seen gives what stands on the screen.
func (s *simulation) seen() string {
	text, _ := s.text.Load().(string)
	return text
}

// simulated opens a terminal in memory.
func simulated(t *testing.T, colours bool, wake func()) (*terminal, *simulation) {
	t.Helper()
	sim := &simulation{SimulationScreen: tcell.NewSimulationScreen("UTF-8")}
	term, err := openOn(sim, colours, wake)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	return term, sim
}

// until waits for what another goroutine does.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come: ", what)
		}
	}
}

func TestLinesComeToTheScreenAndKeysToTheLoop(t *testing.T) {
	var woken atomic.Int32
	term, sim := simulated(t, true, func() { woken.Add(1) })
	term.Show([]Line{{{"12 µs", Plain}}, {{"failed", Bad}}})
	until(t, "the text", func() bool { s := sim.seen(); return strings.Contains(s, "12 µs") && strings.Contains(s, "failed") })
	term.Show([]Line{{{"13 µs", Plain}}})
	until(t, "what replaces it", func() bool { s := sim.seen(); return strings.Contains(s, "13 µs") && !strings.Contains(s, "failed") })
	for _, k := range []struct {
		key  tcell.Key
		r    rune
		want Key
	}{{tcell.KeyRune, 'q', 'q'}, {tcell.KeyCtrlC, 0, KeyInterrupt}, {tcell.KeyF1, 0, KeyNone}, {tcell.KeyBackspace2, 0, KeyBackspace}, {tcell.KeyPgDn, 0, KeyPageDown}} {
		sim.InjectKey(k.key, k.r, tcell.ModNone)
		if k.want == KeyNone {
			continue
		}
		got := KeyNone
		until(t, "a key", func() bool {
			for got == KeyNone || got == KeyResize {
				if got = term.Key(); got == KeyNone {
					return false
				}
			}
			return true
		})
		if got != k.want {
			t.Errorf("%v is %d, want %d", k.key, got, k.want)
		}
	}
	if woken.Load() < 4 {
		t.Errorf("woken %d times", woken.Load())
	}
	sim.SetSize(132, 43)
	sim.PostEvent(tcell.NewEventResize(132, 43))
	until(t, "the new size", func() bool { w, h := term.Size(); return w == 132 && h == 43 })
}

func TestKeysThatNobodyTakesAreDropped(t *testing.T) {
	term, sim := simulated(t, true, func() {})
	for range 4 * keysWaiting {
		until(t, "room for an event", func() bool { return sim.PostEvent(tcell.NewEventKey(tcell.KeyRune, 'x', tcell.ModNone)) == nil })
	}
	until(t, "the end of the keys", func() bool { return len(term.keys) == keysWaiting })
}

func TestNoColourMeansNone(t *testing.T) {
	for _, colours := range []bool{true, false} {
		any := false
		for tone, s := range styles(colours) {
			fg, bg, _ := s.Decompose()
			any = any || fg != tcell.ColorDefault || bg != tcell.ColorDefault
			if tone != int(Plain) && s == tcell.StyleDefault {
				t.Errorf("colours %v: tone %d looks like any other text", colours, tone)
			}
		}
		if any != colours {
			t.Errorf("colours %v: %v", colours, any)
		}
	}
}

func TestClosingTwiceAndShowingAfterwardsIsHarmless(t *testing.T) {
	term, _ := simulated(t, false, func() {})
	term.Close()
	term.Close()
	term.Show([]Line{{{"late", Plain}}})
	if k := term.Key(); k != KeyNone && k != KeyResize {
		t.Errorf("key %d", k)
	}
}
