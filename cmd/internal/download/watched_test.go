package download

import (
	"io"
	"testing"
	"testing/synctest"
	"time"
)

func TestOnlyReadsAreWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		stalled := 0
		b := newWatched(r, time.Minute, func() {
			stalled++
			r.CloseWithError(ErrStalled)
		})
		go func() {
			for range 3 {
				w.Write([]byte("x"))
				time.Sleep(59 * time.Second)
			}
		}()
		for range 3 {
			if _, err := b.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Hour) // who reads takes his time
		if stalled > 0 {
			t.Fatal("nobody was reading")
		}
		start := time.Now()
		if _, err := b.Read(make([]byte, 1)); err == nil || stalled != 1 || time.Since(start) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
