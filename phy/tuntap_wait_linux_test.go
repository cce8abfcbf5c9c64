package phy

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// sleeperOn gives a sleeper on one end of a socket pair, which looks for so long before it sleeps, and the other end.
func sleeperOn(t *testing.T, look time.Duration) (s *sleeper, peer int) {
	t.Helper()
	procs := runtime.GOMAXPROCS(2)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	s = &sleeper{}
	if err := s.init(fds[0], look); err != nil {
		t.Fatal(err)
	}
	s.spin.span = s.spin.limit
	t.Cleanup(func() {
		s.close()
		unix.Close(fds[0])
		unix.Close(fds[1])
		runtime.GOMAXPROCS(procs)
	})
	return s, fds[1]
}

// looksAndSleeps runs f with a sleeper that does nothing but look, and with one that never looks.
func looksAndSleeps(t *testing.T, f func(t *testing.T, s *sleeper, peer int)) {
	for name, look := range map[string]time.Duration{"looking": time.Hour, "sleeping": -1} {
		t.Run(name, func(t *testing.T) {
			s, peer := sleeperOn(t, look)
			f(t, s, peer)
		})
	}
}

func TestSleeperEndsWithAFrame(t *testing.T) {
	looksAndSleeps(t, func(t *testing.T, s *sleeper, peer int) {
		sent := make(chan error, 1)
		go func() {
			_, err := unix.Write(peer, []byte("frame"))
			sent <- err
		}()
		if removed, err := s.wait(time.Time{}); removed || err != nil {
			t.Fatalf("removed %v, %v", removed, err)
		}
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
	})
}

func TestSleeperEndsWithWakeOnceForEach(t *testing.T) {
	looksAndSleeps(t, func(t *testing.T, s *sleeper, _ int) {
		for range 3 {
			go s.wakeUp()
			if removed, err := s.wait(time.Time{}); removed || err != nil {
				t.Fatalf("removed %v, %v", removed, err)
			}
		}
		if some, _, err := s.ppoll(0); some || err != nil {
			t.Fatalf("a waking was left: %v, %v", some, err)
		}
	})
}

func TestSleeperEndsAtItsDeadline(t *testing.T) {
	looksAndSleeps(t, func(t *testing.T, s *sleeper, _ int) {
		for _, until := range []time.Time{time.Now().Add(-time.Second), time.Now().Add(time.Millisecond)} {
			if removed, err := s.wait(until); removed || err != nil {
				t.Fatalf("removed %v, %v", removed, err)
			}
			if time.Now().Before(until) {
				t.Fatal("returned before the deadline")
			}
		}
	})
}

func TestSleeperTellsThatTheInterfaceIsGone(t *testing.T) {
	looksAndSleeps(t, func(t *testing.T, s *sleeper, _ int) {
		// What poll(2) says of a TAP interface that was removed, it says of the writing end of a pipe that nobody
		// reads.
		var pipe [2]int
		if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		unix.Close(pipe[0])
		defer unix.Close(pipe[1])
		s.poll[0].Fd = int32(pipe[1])
		if removed, err := s.wait(time.Time{}); !removed || err != nil {
			t.Fatalf("removed %v, %v", removed, err)
		}
	})
}

func TestSleeperThatFoundNothingLearnsFromItsSleep(t *testing.T) {
	s, _ := sleeperOn(t, time.Hour)
	s.spin.span = 0
	s.wakeUp()
	if _, err := s.wait(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if s.spin.span < minSpin {
		t.Fatalf("it looks for %v after a short sleep", s.spin.span)
	}
	s.spin.limit, s.spin.span = time.Nanosecond, minSpin
	if _, err := s.wait(time.Now().Add(100 * time.Microsecond)); err != nil {
		t.Fatal(err)
	}
	if s.spin.span != 0 {
		t.Fatalf("it looks for %v after a long sleep", s.spin.span)
	}
}

func TestSleeperTellsWhatPollSaid(t *testing.T) {
	looksAndSleeps(t, func(t *testing.T, s *sleeper, _ int) {
		s.poll[1].Fd = -1 // left out
		unix.Close(s.wakeFD)
		s.wakeFD = -1
		var limit unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
			t.Fatal(err)
		}
		none := unix.Rlimit{Cur: 1, Max: limit.Max} // poll(2): EINVAL for more descriptors than one may have
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &none); err != nil {
			t.Fatal(err)
		}
		defer unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
		if _, err := s.wait(time.Time{}); !errors.Is(err, unix.EINVAL) {
			t.Fatalf("error %v", err)
		}
	})
}

// What is left of a super-segment is there to be received, though the kernel has nothing more: neither PollAt nor Wait
// lets a loop sleep over it.
func TestWhatIsLeftOfASuperSegmentIsNotSleptOver(t *testing.T) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fds[1])
	var q tunTapQueue
	if err := q.init(fds[0], &TunTap{medium: MediumIP, mtu: 1500, offload: allOffload}, TunTapOptions{}); err != nil {
		t.Fatal(err)
	}
	defer q.close()
	super, info := superFrame(MediumIP, true, 2500), superInfo(MediumIP, true, 1000)
	frame := make([]byte, vnetHeaderLen, vnetHeaderLen+len(super))
	putVnetHeader(frame, &info)
	if _, err := unix.Write(fds[1], append(frame, super...)); err != nil {
		t.Fatal(err)
	}
	for k := range 3 {
		if f, err := q.receive(); f == nil || err != nil {
			t.Fatalf("packet %d: %d bytes, %v", k, len(f), err)
		}
		if k == 2 {
			break
		}
		if at := q.pollAt(); at != Immediate {
			t.Errorf("after packet %d: PollAt is %v", k, at)
		} else if err := q.wait(time.Time{}); err != nil {
			t.Error(err)
		}
	}
	if f, err := q.receive(); f != nil || err != nil || !q.pollAt().IsZero() {
		t.Errorf("%d bytes, %v", len(f), err)
	}
}
