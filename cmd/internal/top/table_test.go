package top

import (
	"strings"
	"testing"
	"time"
)

// page is a Surface in memory.
type page struct {
	w, h   int
	shown  []Line
	times  int
	keys   []Key
	closed int
}

func (p *page) Size() (w, h int) { return p.w, p.h }
func (p *page) Show(l []Line)    { p.shown, p.times = l, p.times+1 }
func (p *page) Close()           { p.closed++ }
func (p *page) Key() Key {
	if len(p.keys) == 0 {
		return KeyNone
	}
	k := p.keys[0]
	p.keys = p.keys[1:]
	return k
}

func TestATableFollowsTheStack(t *testing.T) {
	w := newWorld(t)
	p := &page{w: 160, h: 30}
	var said strings.Builder
	log := NewLog(&said)
	quit := 0
	table := New(p, Config{Title: "tunserver", Interface: w.ifc[1], Sockets: w.tls[1], Log: log, Quit: func() { quit++ }})
	table.Poll(w.now)
	if got := text(p.shown); !strings.Contains(got, " 0 open") || p.times != 1 {
		t.Errorf("shown %d times:\n%s", p.times, got)
	}
	t.Log("# nothing is shown before it is time to")
	_, server := w.connect(40000)
	log.Write([]byte("somebody connected\n"))
	table.Poll(w.now)
	if p.times != 1 {
		t.Errorf("shown %d times", p.times)
	}
	if at := table.PollAt(); !at.After(w.now) || at.Sub(w.now) > Interval {
		t.Errorf("next at %v", at.Sub(w.now))
	}
	w.now = w.now.Add(Interval)
	table.Poll(w.now)
	if got := text(p.shown); !strings.Contains(got, "192.0.2.1:40000  established") || !strings.Contains(got, "somebody connected") || !strings.Contains(got, "1 done") {
		t.Errorf("%s", got)
	}
	t.Log("# a key is answered at once, and pausing holds the figures")
	p.keys = []Key{'p'}
	table.Poll(w.now)
	server.TryWrite(make([]byte, 5000))
	w.now = w.now.Add(Interval)
	table.Poll(w.now)
	if got := text(p.shown); p.times != 3 || !strings.Contains(got, "PAUSED") || strings.Contains(got, "5.00 kB") {
		t.Errorf("shown %d times:\n%s", p.times, got)
	}
	p.keys = []Key{'p'}
	w.now = w.now.Add(Interval)
	table.Poll(w.now)
	if got := text(p.shown); !strings.Contains(got, "5.00 kB") {
		t.Errorf("%s", got)
	}
	t.Log("# what was said is said when it is over, and nothing is shown after that")
	p.keys = []Key{'q', 'r'}
	table.Poll(w.now)
	if quit != 1 || p.closed != 1 || said.String() != "somebody connected\n" {
		t.Errorf("quit %d times, closed %d times, said %q", quit, p.closed, said.String())
	}
	times := p.times
	table.Poll(w.now.Add(time.Hour))
	if p.times != times || !table.PollAt().IsZero() {
		t.Error("it goes on after it was quit")
	}
}
