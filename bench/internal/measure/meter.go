package measure

import (
	"math"
	"runtime"
	"time"
)

// Meter measures a stretch of work: its time, and what it allocated in the whole process.
type Meter struct {
	start   time.Time
	mallocs uint64
}

// Start begins a stretch. Garbage of what came before is collected first, so that it is not paid for in the stretch.
func Start() Meter {
	runtime.GC()
	return StartWarm()
}

// StartWarm begins a stretch in the middle of work that goes on, without collecting garbage.
func StartWarm() Meter {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Meter{time.Now(), m.Mallocs}
}

// Stop gives the time since the start and the number of allocations.
func (m Meter) Stop() (elapsed time.Duration, mallocs uint64) {
	elapsed = time.Since(m.start)
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return elapsed, s.Mallocs - m.mallocs
}

// Timed does the work of warm, and measures that of work.
func Timed(warm, work func() error) (elapsed time.Duration, mallocs uint64, err error) {
	if err := warm(); err != nil {
		return 0, 0, err
	}
	m := Start()
	if err := work(); err != nil {
		return 0, 0, err
	}
	elapsed, mallocs = m.Stop()
	return elapsed, mallocs, nil
}

// HeldMemory is what the process holds in live objects and in goroutine stacks, in bytes. It collects garbage twice,
// since what sync.Pool holds outlives the first time.
func HeldMemory() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// MBps is a rate in megabytes (10^6 bytes) a second.
func MBps(bytes int64, d time.Duration) float64 { return float64(bytes) / 1e6 / d.Seconds() }

// Micros is the time of one of n in microseconds.
func Micros(d time.Duration, n int) float64 { return d.Seconds() * 1e6 / float64(n) }

// PerOp is how many of something came to each of ops, to the nearest thousandth: what happens once in a long run, such
// as a buffer that finds its size, is not something that each op costs.
func PerOp(n uint64, ops float64) float64 { return math.Round(1000*float64(n)/ops) / 1000 }
