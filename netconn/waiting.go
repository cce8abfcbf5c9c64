package netconn

import (
	"net"
	"os"
	"time"
)

// waiting is what a Conn and a PacketConn have in common: calls that wait, one gate for those that read and one for
// those that write, until a deadline or the end. It is used under the Runner's lock, setDeadline apart.
type waiting struct {
	r      *Runner
	rd, wr gate
	closed bool
}

func (w *waiting) init(r *Runner) {
	w.r = r
	w.rd.init(&r.mu)
	w.wr.init(&r.mu)
}

// usable says why nothing can be done through g, if so.
func (w *waiting) usable(g *gate) error {
	switch {
	case w.closed:
		return w.r.whyClosed()
	case g.expired():
		return os.ErrDeadlineExceeded
	}
	return nil
}

// setDeadline takes the lock and sets the deadline of one gate, or of both.
func (w *waiting) setDeadline(t time.Time, gates ...*gate) error {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	if w.closed {
		return net.ErrClosed
	}
	for _, g := range gates {
		g.set(t)
	}
	return nil
}

// wake makes all that wait look again.
func (w *waiting) wake() {
	w.rd.wake()
	w.wr.wake()
}

// leave wakes all that wait for good.
func (w *waiting) leave() {
	w.rd.close()
	w.wr.close()
}
