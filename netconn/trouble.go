package netconn

import (
	"sync"
	"time"
)

// How long a Runner leaves a device alone that has failed: the first time, and at most.
const (
	firstPause = time.Millisecond
	maxPause   = time.Second
	forgotten  = 2 * maxPause // a failure after so long is the first again
)

// troubleshooter spaces the attempts to use a device that fails.
type troubleshooter struct {
	next    time.Duration
	last    time.Time
	stopped chan struct{}
	once    *sync.Once
}

func newTroubleshooter() troubleshooter {
	return troubleshooter{stopped: make(chan struct{}), once: new(sync.Once)}
}

// delay gives how long to pause for a failure at now.
func (t *troubleshooter) delay(now time.Time) time.Duration {
	if t.next == 0 || now.Sub(t.last) > forgotten {
		t.next = firstPause
	}
	d := t.next
	t.last = now.Add(d)
	t.next = min(2*t.next, maxPause)
	return d
}

// pause sleeps after a failure, unless stop was called.
func (t *troubleshooter) pause() {
	timer := time.NewTimer(t.delay(time.Now()))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.stopped:
	}
}

// stop ends the pause under way, and all that follow.
func (t *troubleshooter) stop() { t.once.Do(func() { close(t.stopped) }) }
