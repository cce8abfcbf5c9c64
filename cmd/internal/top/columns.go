package top

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"smoltls/tlssock"
)

// column is one of the table's: what stands in it, and by what it sorts.
type column struct {
	title string
	right bool // flush right: a number
	keep  int  // of columns that do not fit on the terminal, those with the least go first
	text  func(r *row, now time.Time) string
	order func(a, b *row) int // as cmp.Compare; what is of most interest first
	tone  func(r *row) Tone   // nil: plain
}

// columns are all of them, from left to right.
var columns = []column{
	{"PEER", false, 100, func(r *row, _ time.Time) string { return r.peer.String() }, func(a, b *row) int { return a.peer.Compare(b.peer) }, nil},
	{"STATE", false, 99, func(r *row, _ time.Time) string { return r.state.String() }, func(a, b *row) int { return cmp.Compare(a.state, b.state) }, stateTone},
	{"AGE", true, 60, func(r *row, now time.Time) string { return age(now.Sub(r.since)) }, func(a, b *row) int { return a.since.Compare(b.since) }, nil},
	{"RTT", true, 90, func(r *row, _ time.Time) string { return short(r.tcp.RTT) }, most(func(r *row) float64 { return float64(r.tcp.RTT) }), when(Bad, func(r *row) bool { return r.tcp.Timeouts > 0 })},
	{"CWND", true, 70, func(r *row, _ time.Time) string { return size(float64(r.tcp.Cwnd)) }, most(func(r *row) float64 { return float64(r.tcp.Cwnd) }), when(Warn, func(r *row) bool { return r.tcp.FastRecovery })},
	{"SENDQ", true, 85, queue(func(r *row) int { return r.tcp.SendQueue }), most(func(r *row) float64 { return float64(r.tcp.SendQueue) }), nil},
	{"RECVQ", true, 84, queue(func(r *row) int { return r.tcp.RecvQueue }), most(func(r *row) float64 { return float64(r.tcp.RecvQueue) }), nil},
	{"IN", true, 88, func(r *row, _ time.Time) string { return size(float64(r.in)) }, most(func(r *row) float64 { return float64(r.in) }), nil},
	{"OUT", true, 87, func(r *row, _ time.Time) string { return size(float64(r.out)) }, most(func(r *row) float64 { return float64(r.out) }), nil},
	{"IN RATE", true, 95, func(r *row, _ time.Time) string { return rate(r.inRate) }, most(func(r *row) float64 { return r.inRate }), when(Strong, func(r *row) bool { return r.inRate > 0 })},
	{"OUT RATE", true, 94, func(r *row, _ time.Time) string { return rate(r.outRate) }, most(func(r *row) float64 { return r.outRate }), when(Strong, func(r *row) bool { return r.outRate > 0 })},
	{"SUITE", false, 50, known(func(r *row) string { return r.suite }), by(func(r *row) string { return r.suite }), nil},
	{"GROUP", false, 49, known(func(r *row) string { return r.group }), by(func(r *row) string { return r.group }), nil},
	{"ALPN", false, 48, known(func(r *row) string { return r.alpn }), by(func(r *row) string { return r.alpn }), nil},
	{"NAME", false, 40, known(func(r *row) string { return r.name }), by(func(r *row) string { return r.name }), nil},
	{"HOW", false, 45, known(func(r *row) string { return r.how }), by(func(r *row) string { return r.how }), nil},
}

// most orders by a figure, the largest first.
func most(f func(*row) float64) func(a, b *row) int {
	return func(a, b *row) int { return cmp.Compare(f(b), f(a)) }
}

// by orders by a text.
func by(f func(*row) string) func(a, b *row) int {
	return func(a, b *row) int { return strings.Compare(f(a), f(b)) }
}

// when is a tone for those of whom is is true.
func when(t Tone, is func(*row) bool) func(*row) Tone {
	return func(r *row) Tone {
		if is(r) {
			return t
		}
		return Plain
	}
}

// stateTone tells at a glance who is not simply open.
func stateTone(r *row) Tone {
	switch r.state {
	case tlssock.StateEstablished:
		return Plain
	case tlssock.StateFailed:
		return Bad
	case tlssock.StateConnecting, tlssock.StateHandshaking:
		return Warn
	}
	return Dim
}

// queue shows a number of bytes that wait; none shows as nothing.
func queue(f func(*row) int) func(*row, time.Time) string {
	return func(r *row, _ time.Time) string {
		if n := f(r); n > 0 {
			return size(float64(n))
		}
		return "·"
	}
}

// known shows what a peer may have a say in: nothing of it reaches the terminal as it is that could speak to one.
func known(f func(*row) string) func(*row, time.Time) string {
	return func(r *row, _ time.Time) string { return printable(f(r)) }
}

// printable gives s with whatever could speak to a terminal spelled out, and no more of it than a cell should have.
func printable(s string) string {
	const most = 40
	q := strconv.QuoteToASCII(s)
	q = q[1 : len(q)-1]
	if len(q) > most {
		q = q[:most-1] + "…"
	}
	return q
}

// printableLine is printable for a line of the log, of which more may be seen.
func printableLine(s string) string {
	q := strconv.QuoteToGraphic(s)
	return q[1 : len(q)-1]
}
