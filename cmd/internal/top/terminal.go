//go:build !wasip1

package top

import (
	"os"
	"sync"
	"sync/atomic"

	"github.com/gdamore/tcell/v2"
)

// keysWaiting is how many keys wait for the main loop; more are dropped.
const keysWaiting = 64

// terminal is a Surface on a tcell screen, which writes only the cells that change. Two goroutines stand between it and
// the main loop: one hears the keys, one draws, so that a terminal which takes nothing holds up nobody.
type terminal struct {
	screen tcell.Screen
	styles [Bad + 1]tcell.Style
	wake   func()
	keys   chan Key
	size   atomic.Uint64 // width in the upper half

	mu     sync.Mutex
	next   []Line // to be drawn; nil: nothing
	resize bool   // since the last drawing
	change chan struct{}

	once   sync.Once
	closed chan struct{}
}

// Open opens the terminal that the process runs on. wake is called, from another goroutine, when there is a key.
func Open(wake func()) (Surface, error) {
	screen, err := tcell.NewScreen()
	if err != nil {
		return nil, err
	}
	return openOn(screen, os.Getenv("NO_COLOR") == "", wake)
}

func openOn(screen tcell.Screen, colours bool, wake func()) (*terminal, error) {
	if err := screen.Init(); err != nil {
		return nil, err
	}
	t := &terminal{screen: screen, styles: styles(colours), wake: wake, keys: make(chan Key, keysWaiting), change: make(chan struct{}, 1), closed: make(chan struct{})}
	for r, instead := range map[rune]string{'·': ".", 'µ': "u", '…': "~", '▲': "^", '▼': "v", '←': "<", '→': ">", '↑': "^", '↓': "v", '“': `"`, '”': `"`, '▏': "|"} {
		screen.RegisterRuneFallback(r, instead)
	}
	screen.HideCursor()
	t.resized(screen.Size())
	go t.hear()
	go t.draw()
	return t, nil
}

// styles are the tones in colours, or without them (https://no-color.org) in weights only.
func styles(colours bool) (s [Bad + 1]tcell.Style) {
	s[Dim] = s[Dim].Dim(true)
	s[Strong] = s[Strong].Bold(true)
	s[Bar] = s[Bar].Reverse(true).Bold(true)
	s[Warn] = s[Warn].Bold(true)
	s[Bad] = s[Bad].Bold(true).Underline(true)
	if colours {
		s[Warn] = tcell.StyleDefault.Foreground(tcell.ColorOlive)
		s[Bad] = tcell.StyleDefault.Foreground(tcell.ColorRed).Bold(true)
	}
	return s
}

// Size implements Surface.
func (t *terminal) Size() (w, h int) {
	s := t.size.Load()
	return int(s >> 32), int(uint32(s))
}

func (t *terminal) resized(w, h int) { t.size.Store(uint64(w)<<32 | uint64(uint32(h))) }

// Show implements Surface.
func (t *terminal) Show(lines []Line) {
	t.mu.Lock()
	t.next = lines
	t.mu.Unlock()
	select {
	case t.change <- struct{}{}:
	default: // it has been told, and has not looked yet
	}
}

// Key implements Surface.
func (t *terminal) Key() Key {
	select {
	case k := <-t.keys:
		return k
	default:
		return KeyNone
	}
}

// Close implements Surface.
func (t *terminal) Close() {
	t.once.Do(func() {
		close(t.closed)
		t.screen.Fini()
	})
}

// hear passes on what the user does, until the screen is closed.
func (t *terminal) hear() {
	for e := t.screen.PollEvent(); e != nil; e = t.screen.PollEvent() {
		k := KeyNone
		switch e := e.(type) {
		case *tcell.EventKey:
			k = keyOf(e)
		case *tcell.EventResize:
			t.resized(e.Size())
			t.mu.Lock()
			t.resize = true
			t.mu.Unlock()
			k = KeyResize
		}
		if k == KeyNone {
			continue
		}
		select {
		case t.keys <- k:
		default:
		}
		t.wake()
	}
}

// specialKeys are those that are no characters.
var specialKeys = map[tcell.Key]Key{
	tcell.KeyUp: KeyUp, tcell.KeyDown: KeyDown, tcell.KeyLeft: KeyLeft, tcell.KeyRight: KeyRight, tcell.KeyPgUp: KeyPageUp, tcell.KeyPgDn: KeyPageDown,
	tcell.KeyHome: KeyHome, tcell.KeyEnd: KeyEnd, tcell.KeyEnter: KeyEnter, tcell.KeyEscape: KeyEscape, tcell.KeyBackspace: KeyBackspace,
	tcell.KeyBackspace2: KeyBackspace, tcell.KeyCtrlC: KeyInterrupt,
}

func keyOf(e *tcell.EventKey) Key {
	if e.Key() == tcell.KeyRune {
		return Key(e.Rune())
	}
	return specialKeys[e.Key()]
}

// draw draws what was shown last, whenever there is something new.
func (t *terminal) draw() {
	for {
		select {
		case <-t.closed:
			return
		case <-t.change:
		}
		t.mu.Lock()
		lines, resize := t.next, t.resize
		t.next, t.resize = nil, false
		t.mu.Unlock()
		if lines == nil {
			continue
		}
		t.screen.Clear() // in memory: what is the same afterwards is not written
		for y, l := range lines {
			t.put(y, l)
		}
		if resize {
			t.screen.Sync()
		} else {
			t.screen.Show()
		}
	}
}

func (t *terminal) put(y int, l Line) {
	x := 0
	for _, s := range l {
		for _, r := range s.Text {
			t.screen.SetContent(x, y, r, nil, t.styles[s.Tone])
			x++
		}
	}
}
