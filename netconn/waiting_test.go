package netconn

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestADeadlineIsThatOfOneDirectionOrOfBoth(t *testing.T) {
	var w waiting
	w.init(new(Runner))
	past := time.Now().Add(-time.Second)
	if err := w.setDeadline(past, &w.rd); err != nil {
		t.Fatal(err)
	}
	if err := w.usable(&w.rd); err != os.ErrDeadlineExceeded {
		t.Errorf("reading after its deadline: %v", err)
	}
	if err := w.usable(&w.wr); err != nil {
		t.Errorf("writing after the deadline of reading: %v", err)
	}
	if err := w.setDeadline(time.Time{}, &w.rd, &w.wr); err != nil {
		t.Fatal(err)
	}
	for _, g := range []*gate{&w.rd, &w.wr} {
		if err := w.usable(g); err != nil {
			t.Errorf("without a deadline: %v", err)
		}
	}
}

func TestWhatWaitsInEitherDirectionEndsWhenItIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w waiting
		r := new(Runner)
		w.init(r)
		ended := make(chan error, 2)
		for _, g := range []*gate{&w.rd, &w.wr} {
			go func() {
				r.mu.Lock()
				defer r.mu.Unlock()
				for w.usable(g) == nil {
					g.wait()
				}
				ended <- w.usable(g)
			}()
		}
		synctest.Wait()
		r.mu.Lock()
		w.wake() // for nothing
		r.mu.Unlock()
		synctest.Wait()
		if len(ended) != 0 {
			t.Errorf("%d of them ended at a wake", len(ended))
		}
		r.mu.Lock()
		w.closed = true
		w.leave()
		r.mu.Unlock()
		for range 2 {
			if err := <-ended; !errors.Is(err, net.ErrClosed) {
				t.Errorf("it ended with %v", err)
			}
		}
		if err := w.setDeadline(time.Now(), &w.rd); err != net.ErrClosed {
			t.Errorf("a deadline of what is closed: %v", err)
		}
	})
}
