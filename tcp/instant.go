package tcp

import (
	"math"
	"time"
)

// Instant is a time in nanoseconds since an epoch that the host chose.
type Instant int64

// Never is later than any other Instant: a timer that does not run.
const Never Instant = math.MaxInt64

// Add gives the instant d later; Never stays.
func (t Instant) Add(d time.Duration) Instant {
	if t == Never || d > 0 && t > Never-Instant(d) {
		return Never
	}
	return t + Instant(d)
}

// Sub gives the time from u to t.
func (t Instant) Sub(u Instant) time.Duration { return time.Duration(t - u) }

// millis is the clock of the timestamps option: milliseconds, within RFC 7323 §5.4's 1 ms to 1 s.
func (t Instant) millis() uint32 { return uint32(t / Instant(time.Millisecond)) }

// micros is for short times, where 32 bits do: they wrap after an hour.
func (t Instant) micros() uint32 { return uint32(t / Instant(time.Microsecond)) }
