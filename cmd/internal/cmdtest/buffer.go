package cmdtest

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// Patience is how long a test waits for what must happen, before it fails.
const Patience = 60 * time.Second

// Buffer collects what a program writes, while others read it.
type Buffer struct {
	mu     sync.Mutex
	b      bytes.Buffer
	change chan struct{} // closed at the next write or End; nil: nobody waits
	ended  bool
}

// Write implements io.Writer.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wake()
	return b.b.Write(p)
}

// String gives what was written so far.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// End says that nothing will be written any more: nobody need wait.
func (b *Buffer) End() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	b.wake()
}

func (b *Buffer) wake() {
	if b.change != nil {
		close(b.change)
		b.change = nil
	}
}

// Await waits until text has been written, and reports whether it was: not when the buffer has ended. It fails the test
// when [Patience] is over.
func (b *Buffer) Await(t testing.TB, text string) bool {
	t.Helper()
	limit := time.After(Patience)
	for {
		b.mu.Lock()
		found, ended := strings.Contains(b.b.String(), text), b.ended
		if b.change == nil {
			b.change = make(chan struct{})
		}
		change := b.change
		b.mu.Unlock()
		if found || ended {
			return found
		}
		select {
		case <-change:
		case <-limit:
			t.Errorf("%q did not come; there is:\n%s", text, b)
			return false
		}
	}
}
