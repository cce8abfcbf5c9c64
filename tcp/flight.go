package tcp

import "slices"

// leastRuns, runSpacing and mostRuns bound how many runs are kept of one connection's flight, by how many bytes that
// may be: what a peer can make us remember, and look through at each of its ACKs, by acknowledging every other segment.
// At the bound a sending joins the run before it, and a report of the peer's that would need another run is not
// believed: its bytes may be sent again, and no harm comes of it.
const (
	leastRuns  = 256
	runSpacing = 1 << 10
	mostRuns   = 1 << 14
)

// run is a stretch of outstanding sequence numbers whose bytes share their fate: sent last at one instant, and all of
// them reported as arrived, or held for lost, or neither. What one poll sends is one run, however many segments it was.
type run struct {
	from, to Seq
	flags    runFlags
	sentAt   Instant // last time

	// What the delivery rate is found from, as of that sending: ratesample.go.
	delivered   uint32
	inFlight    uint32
	lostBefore  uint32
	deliveredAt Instant
	firstSentAt Instant
}

type runFlags uint8

const (
	runSacked    runFlags = 1 << iota // the peer has reported it (RFC 2018)
	runLost                           // the sending before the last, or, without runResent, the last one is held for lost
	runResent                         // its last sending was a retransmission, of which nothing is known yet
	runAgain                          // sent more than once, ever
	runLimited                        // sent while the application had no more to send (ratesample.go)
	runPathProbe                      // longer than what is known to get through (pathsearch.go)
)

func (r *run) len() int { return r.to.Sub(r.from) }

// missing: held for lost, and not sent again since.
func (r *run) missing() bool { return r.flags&(runLost|runResent|runSacked) == runLost }

// alike reports whether two neighbours may be one run. What has arrived has no history worth keeping.
func (r *run) alike(o *run) bool {
	return r.flags&o.flags&runSacked != 0 || (r.flags^o.flags)&^runLimited == 0 && r.sentAt == o.sentAt
}

// flight is what is outstanding, sndUna to sndNxt, as runs in the order of their numbers, without a gap between them.
type flight struct {
	buf    []run
	head   int // runs before it have been acknowledged
	sacked int // bytes that have arrived
	lost   int // bytes that are missing
	resent int // bytes whose last sending was a retransmission, of which nothing is known yet
	low    Seq // nothing before it is missing, while anything is
	limit  int // of the number of runs; leastRuns when that is more
}

func (f *flight) runs() []run { return f.buf[f.head:] }

func (f *flight) maxRuns() int { return max(leastRuns, min(f.limit, mostRuns)) }

// pipe is how many bytes are thought to be on their way (RFC 6675 §4).
func (f *flight) pipe() int {
	rs := f.runs()
	if len(rs) == 0 {
		return 0
	}
	return rs[len(rs)-1].to.Sub(rs[0].from) - f.sacked - f.lost
}

// weigh adds r to what is counted, or with sign -1 takes it off.
func (f *flight) weigh(r *run, sign int) {
	n := sign * r.len()
	switch {
	case r.flags&runSacked != 0:
		f.sacked += n
	case r.flags&runResent != 0:
		f.resent += n
	case r.flags&runLost != 0:
		f.lost += n
	}
}

// push appends what was just sent for the first time.
func (f *flight) push(r run) {
	rs := f.runs()
	if n := len(rs); n > 0 {
		last := &rs[n-1]
		if last.alike(&r) || n >= f.maxRuns() && last.flags&(runSacked|runLost|runResent) == 0 {
			last.to, last.sentAt, last.inFlight = r.to, r.sentAt, r.inFlight
			return
		}
	}
	if len(f.buf) == cap(f.buf) && f.head > 0 {
		f.buf = f.buf[:copy(f.buf, f.buf[f.head:])]
		f.head = 0
	}
	f.buf = append(f.buf, r)
}

// find gives the index of the run that holds seq, or the number of runs when none does.
func (f *flight) find(seq Seq) int {
	i, _ := slices.BinarySearchFunc(f.runs(), seq, func(r run, seq Seq) int {
		if r.to.LessEq(seq) {
			return -1
		}
		return 1
	})
	return i
}

// popTo takes the bytes before seq off the front, one run or a part of it at a call.
func (f *flight) popTo(seq Seq) (r run, ok bool) {
	if f.head == len(f.buf) {
		f.buf, f.head = f.buf[:0], 0
		return run{}, false
	}
	first := &f.buf[f.head]
	if seq.LessEq(first.from) {
		return run{}, false
	}
	r = *first
	if seq.Less(r.to) {
		r.to = seq
		first.from = seq
	} else {
		f.head++
	}
	f.weigh(&r, -1)
	return r, true
}

// recast makes r out of a part of run i: bounds within it, flags and history as given. Alike neighbours are joined. It
// gives the index of the run that holds r.from afterwards; ok is false, and nothing has changed, when that would need
// more runs than there may be.
func (f *flight) recast(i int, r run) (at int, ok bool) {
	rs := f.runs()
	old := rs[i]
	left, right := r.from == old.from, r.to == old.to
	joinLeft := left && i > 0 && rs[i-1].alike(&r)
	joinRight := right && i+1 < len(rs) && rs[i+1].alike(&r)
	if len(rs)+2 > f.maxRuns() && !(left && right || joinLeft || joinRight) {
		return i, false
	}
	part := old
	part.from, part.to = r.from, r.to
	f.weigh(&part, -1)
	f.weigh(&r, 1)
	switch {
	case joinLeft && joinRight:
		rs[i-1].to = rs[i+1].to
		f.cut(i, i+2)
		return i - 1, true
	case joinLeft:
		rs[i-1].to = r.to
		if right {
			f.cut(i, i+1)
		} else {
			rs[i].from = r.to
		}
		return i - 1, true
	case joinRight:
		rs[i+1].from = r.from
		if left {
			f.cut(i, i+1)
			return i, true
		}
		rs[i].to = r.from
		return i + 1, true
	}
	return f.insert(i, r, left, right), true
}

// insert puts r in the place of that part of run i.
func (f *flight) insert(i int, r run, left, right bool) int {
	rs := f.runs()
	after := rs[i]
	after.from = r.to
	at := f.head + i
	switch {
	case left && right:
		rs[i] = r
		return i
	case left:
		rs[i] = after
		f.buf = slices.Insert(f.buf, at, r)
		return i
	case right:
		rs[i].to = r.from
		f.buf = slices.Insert(f.buf, at+1, r)
		return i + 1
	}
	rs[i].to = r.from
	f.buf = slices.Insert(f.buf, at+1, r, after)
	return i + 1
}

// cut removes runs i to j.
func (f *flight) cut(i, j int) { f.buf = slices.Delete(f.buf, f.head+i, f.head+j) }

// lose holds run i for lost.
func (f *flight) lose(i int) {
	r := &f.runs()[i]
	if f.lost == 0 || r.from.Less(f.low) {
		f.low = r.from
	}
	f.weigh(r, -1)
	r.flags = r.flags&^runResent | runLost
	f.weigh(r, 1)
}

// firstMissing gives the bytes that are to be sent again next: those that are missing, from the lowest on, up to limit
// of them in one piece.
func (f *flight) firstMissing(limit int) (from Seq, n int) {
	if f.lost == 0 {
		return 0, 0
	}
	rs := f.runs()
	for i := f.find(f.low); i < len(rs); i++ {
		if !rs[i].missing() {
			continue
		}
		from = rs[i].from
		f.low = from
		for ; i < len(rs) && rs[i].missing() && n < limit; i++ {
			n += rs[i].len()
		}
		return from, min(n, limit)
	}
	return 0, 0
}

// resend notes that [from,to) was sent again, as r tells. Parts of it that have arrived meanwhile, or that there is no
// room to note, stay what they are.
func (f *flight) resend(from, to Seq, r run) {
	for i := f.find(from); i < len(f.runs()) && from.Less(to); i++ {
		old := f.runs()[i]
		r.from, r.to = from, old.to
		if to.Less(r.to) {
			r.to = to
		}
		from = r.to
		if old.flags&runSacked != 0 {
			continue
		}
		r.flags = old.flags&runLost | runResent | runAgain | r.flags&runLimited
		at, ok := f.recast(i, r)
		if !ok { // the whole run counts as sent again: it will be held for lost later, not earlier
			r.from, r.to = old.from, old.to
			at, _ = f.recast(i, r)
		}
		i, from = at, f.runs()[at].to
	}
}

// restore takes back that anything is missing.
func (f *flight) restore() {
	rs := f.runs()
	for i := range rs {
		if rs[i].missing() {
			f.weigh(&rs[i], -1)
			rs[i].flags &^= runLost
		}
	}
}

// loseAll holds everything for lost that is not known to have arrived.
func (f *flight) loseAll() {
	for i, rs := 0, f.runs(); i < len(rs); i++ {
		if rs[i].flags&runSacked == 0 && !rs[i].missing() {
			f.lose(i)
		}
	}
}

// forgetSACK takes back what the peer has reported.
func (f *flight) forgetSACK() {
	for i, rs := 0, f.runs(); i < len(rs); i++ {
		if rs[i].flags&runSacked != 0 {
			f.weigh(&rs[i], -1)
			rs[i].flags = runAgain
			f.weigh(&rs[i], 1)
		}
	}
}
