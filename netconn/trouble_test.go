package netconn

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestPausesGrowToABoundAndAreForgotten(t *testing.T) {
	var tr troubleshooter
	now := time.Unix(1000, 0)
	var last time.Duration
	for range 20 {
		d := tr.delay(now)
		if d < last || d > maxPause {
			t.Fatalf("%v after %v", d, last)
		}
		last = d
		now = now.Add(d)
	}
	if last != maxPause {
		t.Errorf("grew to %v", last)
	}
	if d := tr.delay(now.Add(forgotten + time.Second)); d != firstPause {
		t.Errorf("after a long time %v", d)
	}
}

func TestStopEndsAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTroubleshooter()
		tr.next = maxPause
		begin := time.Now()
		tr.last = begin
		go tr.stop()
		tr.pause()
		tr.stop()
		tr.pause()
		if d := time.Since(begin); d != 0 {
			t.Errorf("slept %v", d)
		}
	})
}
