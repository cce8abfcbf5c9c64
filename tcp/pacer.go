package tcp

import (
	"math/bits"
	"time"
)

// pacer spreads what leaves over time. It lets go a quantum at once, what the rate gives in [pacingQuantum] and two
// segments at least, and the next one when that has had its time: a host that sleeps until then wakes a thousand times
// a second at most, and at a gigabyte a second still hands on large pieces. When the host comes later than it was asked
// to, because it polls on a coarse beat, it makes up for that, by what the rate gives in [pacingCatchUp] at most. A
// pause in which there was nothing to send earns one quantum: no burst comes of it.
type pacer struct {
	at     Instant // when the next quantum may leave
	budget int     // bytes of the present one that are left; less than 0 when the last segment was longer than that
	cameAt Instant // when the host last came for what was held back,
	late   time.Duration
}

const (
	// pacingQuantum is draft-ietf-ccwg-bbr §5.6.3's millisecond. Its bound of 64 KiB is left out: what leaves in one go
	// is handed to a device in one go here, too.
	pacingQuantum = time.Millisecond
	// pacingCatchUp is longer than the beat of most clocks that programs sleep by: 15.6 ms is Windows'.
	pacingCatchUp = 20 * time.Millisecond
)

// came: the host was asked to come at p.at for what was held back, and here it is. What leaves at this instant may make
// up for its delay.
func (p *pacer) came(now Instant) { p.cameAt, p.late = now, min(now.Sub(p.at), pacingCatchUp) }

// sent takes n bytes that have just left.
func (p *pacer) sent(n int) { p.budget -= n }

// quantum is how many bytes leave at once at a rate in bytes a second.
func quantum(rate uint64, mss int) int {
	return max(int(min(rate/uint64(time.Second/pacingQuantum), maxBuffer)), 2*mss)
}

// afresh: nothing is outstanding, and something is about to be. It leaves at once, up to n bytes of it: a short answer
// is not spread over half a round trip (RFC 9002 §7.7 has that bound, too).
func (p *pacer) afresh(n int) { p.budget = max(p.budget, n) }

// open reports whether something may leave at now, at that rate, which is not 0. When not, p.at tells when.
func (p *pacer) open(now Instant, rate uint64, mss int) bool {
	if p.budget > 0 {
		return true
	}
	if now < p.at {
		return false
	}
	credit := pacingQuantum
	if now == p.cameAt {
		credit = max(credit, p.late)
	}
	q := quantum(rate, mss)
	wait := transmission(q-p.budget, rate) // what the last quantum took too much is paid for with this one
	p.at = max(p.at, now.Add(-credit)).Add(wait)
	p.budget = q
	return true
}

// transmission is how long n bytes take at a rate in bytes a second, an hour at most.
func transmission(n int, rate uint64) time.Duration {
	const most = time.Hour
	hi, lo := bits.Mul64(uint64(max(n, 0)), uint64(time.Second))
	if hi >= rate {
		return most
	}
	q, _ := bits.Div64(hi, lo, rate)
	return time.Duration(min(q, uint64(most)))
}

// paced reports whether a segment may leave now. When not, Deadline tells when. A window that is no larger than a
// quantum needs no pacing: its ACKs do that.
func (s *Socket) paced(now Instant) bool {
	tx := s.tx
	if tx == nil {
		return true
	}
	if s.cfg.NoPacing && s.cfg.Congestion != BBR {
		return true
	}
	if s.pipe() == 0 {
		tx.pacer.afresh(int(s.initialWindow()))
	}
	if tx.pacer.budget > 0 {
		return true
	}
	rate := s.congestion().pacingRate(s)
	if rate == 0 || quantum(rate, int(s.mss)) >= int(s.cwnd) {
		tx.paceAt, tx.pacer = Never, pacer{}
		return true
	}
	if tx.pacer.open(now, rate, int(s.mss)) {
		tx.paceAt = Never
		return true
	}
	tx.paceAt = tx.pacer.at
	s.schedule()
	return false
}

// pacedPart gives how much of n bytes, which paced has let go, goes in one piece: a super-segment is no longer than
// what is left of the quantum, in whole segments of size.
func (s *Socket) pacedPart(n, size int) int {
	if s.tx == nil || s.tx.pacer.budget <= 0 { // nothing is paced
		return n
	}
	left := s.tx.pacer.budget + size - 1
	return min(n, left-left%size)
}

// windowRate is a rate, in bytes a second, that empties the congestion window in so many percent of a round trip; 0
// when none was measured.
func (s *Socket) windowRate(percent uint64) uint64 {
	if s.srtt == 0 {
		return 0
	}
	return uint64(s.cwnd) * percent * uint64(time.Second/time.Microsecond) / 100 / uint64(s.srtt)
}

// What NewReno and CUBIC send faster than a window a round trip: in slow start the window doubles in that time, and
// later ACKs must find it used up, so that it is they who set the pace.
const (
	slowStartPace = 200 // percent
	avoidancePace = 120
)

// steadyRate paces a window that is governed by ACKs.
func (s *Socket) steadyRate() uint64 {
	if s.cwnd < s.ssthresh/2 {
		return s.windowRate(slowStartPace)
	}
	return s.windowRate(avoidancePace)
}
