package tunserver

import (
	"io"
	"sync"
)

// speaker is where goroutines that begin before there is a table say what they have to say: on standard error, and in
// the table's log once there is one.
type speaker struct {
	mu sync.Mutex
	w  io.Writer
}

// Write says p.
func (s *speaker) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}

// to makes w what is spoken to from now on.
func (s *speaker) to(w io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.w = w
}
