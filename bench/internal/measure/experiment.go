// Package measure runs the same work for several contenders in turn and keeps what each one read.
package measure

import (
	"errors"
	"fmt"
)

// Direction says which of two values of a figure is the better one.
type Direction int

// The directions of a figure.
const (
	MoreIsBetter Direction = iota
	LessIsBetter
)

// Figure is one number that contenders are compared by.
type Figure struct {
	Name   string // unique in the catalogue; what -only is matched against
	Unit   string
	Better Direction
}

// Contender does an experiment's work once, from setting up to taking down, and adds what it read to r. What it does
// before it measures warms it up.
type Contender func(e Effort, r *Readings) error

// Experiment is work that yields a value for each of its figures, for each of its contenders.
type Experiment struct {
	Section string   // headline that it stands under
	Figures []Figure // in the order in which contenders number them

	Ours, Peer, Limit Contender // nil: there is none

	// Procs is the GOMAXPROCS that it runs with: 0 is one, so that all contenders do all their work on one core.
	Procs int

	// Once says that setting up takes so long that it is done in one round only. The contender then repeats what it
	// measures by itself and adds several readings.
	Once bool
}

// Effort says how much work a contender does.
type Effort struct {
	WarmBytes  int64 // moved before a bulk transfer is measured
	BulkBytes  int64 // moved while it is measured
	TAPBytes   int64 // the same through the kernel, which is slower
	Handshakes int   // one after the other
	RoundTrips int   // of one byte, one after the other
	Idle       []int // numbers of idle sockets that a busy one is measured among; ascending
	PeerIdle   int   // largest of these that the peer is asked to hold
	Conns      int   // idle connections whose memory is weighed
	Chunks     int   // repetitions within a contender that runs once
}

// Full is what the table's figures are measured with.
var Full = Effort{
	WarmBytes:  16 << 20,
	BulkBytes:  128 << 20,
	TAPBytes:   128 << 20,
	Handshakes: 200,
	RoundTrips: 10_000,
	Idle:       []int{0, 1_000, 10_000, 100_000},
	PeerIdle:   10_000,
	Conns:      1_000,
	Chunks:     5,
}

// Smoke does everything once with hardly any work, to see that it runs. Its figures mean nothing.
var Smoke = Effort{
	WarmBytes:  64 << 10,
	BulkBytes:  1 << 20,
	TAPBytes:   1 << 20,
	Handshakes: 3,
	RoundTrips: 20,
	Idle:       []int{0, 5, 10, 20},
	PeerIdle:   10,
	Conns:      5,
	Chunks:     2,
}

// Readings keeps the values that one contender read for the figures of one experiment.
type Readings struct {
	values [][]float64
}

// NewReadings makes room for n figures.
func NewReadings(n int) *Readings { return &Readings{make([][]float64, n)} }

// Add adds a value of figure i.
func (r *Readings) Add(i int, v float64) { r.values[i] = append(r.values[i], v) }

// Of gives the values of figure i.
func (r *Readings) Of(i int) []float64 { return r.values[i] }

// ErrSkip is wrapped by the error of a contender that can't run here; the rest of its text says why.
var ErrSkip = errors.New("skipped")

// Skip is an error that wraps [ErrSkip] and names the reason.
func Skip(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrSkip, fmt.Errorf(format, args...))
}
