package download

import (
	"io"
	"time"
)

// watched is a body whose reads may not take longer than a limit each. The time that its reader takes in between does
// not count: who writes slowly to a terminal is no broken connection.
type watched struct {
	io.Reader
	limit time.Duration
	timer *time.Timer // nil: no limit
}

// newWatched calls stalled, which must make the read under way fail, when one takes longer than limit.
func newWatched(r io.Reader, limit time.Duration, stalled func()) *watched {
	w := &watched{Reader: r, limit: limit}
	if limit > 0 {
		w.timer = time.AfterFunc(limit, stalled)
		w.timer.Stop()
	}
	return w
}

// Read reads under the limit.
func (w *watched) Read(p []byte) (int, error) {
	if w.timer != nil {
		w.timer.Reset(w.limit)
		defer w.timer.Stop()
	}
	return w.Reader.Read(p)
}
