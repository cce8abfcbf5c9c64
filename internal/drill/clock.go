package drill

import "time"

// tick is what the clock moves by each time that it is asked: those who wait for a moment by asking again and again
// reach it.
const tick = time.Microsecond

// grace bounds, in real time, how long a thread whose call has returned is waited for.
const grace = time.Second

// notice is how long, in real time, such a thread is given to tell packetdrill of it, once it knows the time: what
// follows in a script builds on that.
const notice = 2 * time.Millisecond

// Now gives the time.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(tick)
	w.owed = false
	w.moved.Broadcast()
	return w.now
}

// Sleep moves the clock on by d. Everything that is due on the way happens at its time.
func (w *World) Sleep(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.giveNotice()
	until := w.now.Add(d)
	for w.step(until) {
		w.giveNotice()
	}
	w.now = until
	w.settle(MovesClock)
	w.giveNotice()
}

// step moves the clock to the next deadline of the stack, but not beyond until, unless that is zero. False: there is
// none.
func (w *World) step(until time.Time) bool {
	at := w.ifc.PollAt(w.now)
	if at.IsZero() || !until.IsZero() && at.After(until) {
		return false
	}
	if at.After(w.now) {
		w.now = at
	}
	w.settle(MovesClock)
	return true
}

// settle lets everything happen that follows of a call.
func (w *World) settle(who Caller) {
	w.poll()
	if who == MovesClock {
		w.handOver()
	}
}

// handOver waits until the thread whose call has just returned has asked for the time, so that it learns the right one.
func (w *World) handOver() {
	if !w.owed {
		return
	}
	late := time.AfterFunc(grace, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.owed = false
		w.moved.Broadcast()
	})
	defer late.Stop()
	for w.owed {
		w.moved.Wait()
	}
}

// giveNotice lets the thread whose call has returned tell packetdrill of it. It is called by who sleeps, because then
// packetdrill's own lock is free.
func (w *World) giveNotice() {
	if !w.returned {
		return
	}
	w.returned = false
	w.mu.Unlock()
	time.Sleep(notice)
	w.mu.Lock()
}

// Caller says who makes a call that may block.
type Caller int

const (
	MovesClock Caller = iota // nobody else will: the clock moves on until the call can return, or nothing is due any more (EDEADLK)
	Waits                    // another thread moves the clock
)

// block makes attempt until it gives true, after everything that happens. The caller holds the lock. False: it never
// will.
func (w *World) block(who Caller, attempt func() bool) bool {
	w.poll()
	if attempt() {
		w.poll()
		return true
	}
	if who == MovesClock {
		for !attempt() {
			if !w.step(time.Time{}) {
				return attempt()
			}
		}
		w.poll()
		return true
	}
	c := &call{attempt: attempt}
	w.blocked = c
	for !c.done {
		w.moved.Wait()
	}
	return true
}
