package phy

import (
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// sleeper waits for the descriptor of an interface, or for somebody who wakes it. It polls both itself, with the
// deadline as the poll's own timeout: a main loop that waits for one thing has no use for Go's poller.
type sleeper struct {
	spin    spinner
	poll    [2]unix.PollFd // the interface's descriptor and wakeFD
	timeout unix.Timespec
	count   [8]byte // what is read from wakeFD

	wakeMu sync.Mutex // wakeUp may come from any goroutine while close runs
	wakeFD int        // an eventfd, or -1
}

func (s *sleeper) init(fd int, spin time.Duration) (err error) {
	if s.wakeFD, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return os.NewSyscallError("eventfd", err)
	}
	s.spin = newSpinner(spin)
	s.poll = [2]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(s.wakeFD), Events: unix.POLLIN}}
	return nil
}

func (q *tunTapQueue) wait(until time.Time) error {
	switch {
	case q.closed:
		return ErrClosed
	case q.cut.pending():
		return nil
	}
	removed, err := q.sleeper.wait(until)
	switch {
	case err != nil:
		return fmt.Errorf("phy: wait on %s: %w", q.name, err)
	case removed:
		return fmt.Errorf("%w: interface %s was removed", ErrClosed, q.name)
	}
	return nil
}

func (q *tunTapQueue) wakeUp() { q.sleeper.wakeUp() }

// wait looks for a while, if that has been worth it lately, and then sleeps. removed: the interface is gone.
func (s *sleeper) wait(until time.Time) (removed bool, err error) {
	began := time.Now()
	if span := s.spin.next(); span > 0 {
		if some, removed, err := s.look(until, began, span); some || err != nil {
			return removed, err
		}
	}
	removed, err = s.sleep(until, began)
	s.spin.slept(time.Since(began))
	return removed, err
}

// look polls again and again until there is something, the span is over or until has passed, in which case there is
// something to do, too.
func (s *sleeper) look(until, began time.Time, span time.Duration) (some, removed bool, err error) {
	give := began.Add(span)
	for now := began; now.Before(give); now = time.Now() {
		if !until.IsZero() && !now.Before(until) {
			return true, false, nil
		}
		if some, removed, err = s.ppoll(0); some || err != nil {
			return some, removed, err
		}
	}
	return false, false, nil
}

// sleep polls until there is something or until has passed.
func (s *sleeper) sleep(until, now time.Time) (removed bool, err error) {
	const forever = -1
	for d := time.Duration(forever); ; now = time.Now() { // again: the clock that was asked may lag behind the one that slept
		if !until.IsZero() {
			if d = until.Sub(now); d <= 0 {
				return false, nil
			}
		}
		some, removed, err := s.ppoll(d)
		if some || err != nil {
			return removed, err
		}
	}
}

// ppoll polls once, for at most d; a negative d is without limit. some: there is a frame, or somebody woke us. An
// interrupted one found nothing.
func (s *sleeper) ppoll(d time.Duration) (some, removed bool, err error) {
	timeout := &s.timeout
	if s.timeout = unix.NsecToTimespec(int64(d)); d < 0 {
		timeout = nil
	}
	n, err := unix.Ppoll(s.poll[:], timeout, nil)
	switch {
	case err == unix.EINTR:
		return false, false, nil
	case err != nil || n == 0:
		return false, false, err
	case s.poll[0].Revents&unix.POLLERR != 0:
		return true, true, nil
	}
	s.clearWake()
	return true, false, nil
}

func (s *sleeper) clearWake() {
	if s.poll[1].Revents&unix.POLLIN != 0 {
		unix.Read(s.wakeFD, s.count[:]) // non-blocking; nothing to do when another Wait was faster
	}
}

// wakeCount is a number other than zero in any byte order, which an eventfd adds to its counter.
var wakeCount = []byte{1, 1, 1, 1, 1, 1, 1, 1}

func (s *sleeper) wakeUp() {
	s.wakeMu.Lock()
	defer s.wakeMu.Unlock()
	if s.wakeFD >= 0 {
		// The counter is full only if nobody looked at 2^64-2 wakings; then it is set as well.
		unix.Write(s.wakeFD, wakeCount)
	}
}

// close lets go of the eventfd; the interface's descriptor is not ours.
func (s *sleeper) close() {
	s.wakeMu.Lock()
	defer s.wakeMu.Unlock()
	unix.Close(s.wakeFD)
	s.wakeFD = -1
}
