package cli

import (
	"io"
	"sync"
)

// outputRoom is how many bytes an Output holds at most.
const outputRoom = 256 << 10

// Output writes to a writer that may block, in a goroutine of its own: whoever reads slowly at its end holds back the
// peer, through what is left in the socket, and not the main loop, which has acknowledgements and other answers to
// send.
type Output struct {
	w    io.Writer
	wake func() // the main loop, which was told that there is no room, or would like to know of an error

	mu      sync.Mutex
	change  sync.Cond // of what follows
	waiting []byte
	full    bool // TryWrite took less than it was given
	closed  bool
	err     error
	ended   chan struct{}
}

// NewOutput starts to write to w. wake is called, from another goroutine, when there is room again after there was
// none, and when writing has failed.
func NewOutput(w io.Writer, wake func()) *Output {
	o := &Output{w: w, wake: wake, ended: make(chan struct{})}
	o.change.L = &o.mu
	go o.run()
	return o
}

// TryWrite takes what it has room for, at once. The error is the one that ended the writing.
func (o *Output) TryWrite(p []byte) (n int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n = min(len(p), outputRoom-len(o.waiting))
	o.waiting = append(o.waiting, p[:n]...)
	o.full = n < len(p)
	o.change.Signal()
	return n, nil
}

// Close waits until everything is written, and gives the error that ended the writing. Nothing may be written after it.
func (o *Output) Close() error {
	o.mu.Lock()
	o.closed = true
	o.change.Signal()
	o.mu.Unlock()
	<-o.ended
	return o.err
}

func (o *Output) run() {
	defer close(o.ended)
	var b []byte
	for {
		var wake bool
		if b, wake = o.take(b); len(b) == 0 {
			return
		}
		if wake {
			o.wake()
		}
		if _, err := o.w.Write(b); err != nil {
			o.mu.Lock()
			o.err = err
			o.mu.Unlock()
			o.wake()
			return
		}
	}
}

// take waits for something to write, and gives done, which has been written, in exchange. Nothing: it is the end.
func (o *Output) take(done []byte) (b []byte, wake bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.waiting) == 0 && !o.closed {
		o.change.Wait()
	}
	b, wake = o.waiting, o.full
	o.waiting, o.full = done[:0], false
	return b, wake
}
