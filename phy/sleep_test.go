package phy

import (
	"testing"
	"time"
)

func TestSleepTellsWakingFromTheDeadline(t *testing.T) {
	var timer *time.Timer
	wake := make(chan struct{}, 1)
	for _, until := range []time.Time{time.Now().Add(-time.Second), time.Now().Add(time.Microsecond), time.Now().Add(time.Microsecond)} {
		if sleep(&timer, until, wake) {
			t.Fatal("woken by nobody")
		}
		if time.Now().Before(until) {
			t.Fatal("returned before the deadline")
		}
	}
	for _, until := range []time.Time{{}, time.Now().Add(-time.Second), time.Now().Add(time.Hour)} {
		signal(wake)
		signal(wake) // a second token is the same news
		if !sleep(&timer, until, wake) {
			t.Fatal("waking not told")
		}
	}
	if len(wake) != 0 {
		t.Fatal("a token was left")
	}
}
