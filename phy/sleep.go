package phy

import "time"

// sleep returns when until has passed or wake tells something, and reports which: true for wake.
// A zero until waits for wake alone. The timer is made on first use and kept.
func sleep(timer **time.Timer, until time.Time, wake <-chan struct{}) bool {
	if until.IsZero() {
		<-wake
		return true
	}
	d := time.Until(until)
	if d <= 0 {
		select {
		case <-wake:
			return true
		default:
			return false
		}
	}
	if *timer == nil {
		*timer = time.NewTimer(d)
	} else {
		(*timer).Reset(d)
	}
	select {
	case <-wake:
		(*timer).Stop()
		return true
	case <-(*timer).C:
		return false
	}
}

// signal leaves a token in a channel that holds one, for the sleeper or for the next one.
func signal(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}
