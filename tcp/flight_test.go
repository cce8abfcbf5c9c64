package tcp

import (
	"math/rand/v2"
	"testing"
	"time"
)

// fate is what a model remembers of one byte.
type fate struct {
	flags  runFlags
	sentAt Instant
}

// model checks a flight against one fate a byte, whose numbers wrap.
type model struct {
	t    *testing.T
	f    flight
	una  Seq
	byte []fate
}

func (m *model) check() {
	m.t.Helper()
	rs := m.f.runs()
	at := m.una
	var sacked, lost, resent int
	for i := range rs {
		r := &rs[i]
		if r.from != at || !r.from.Less(r.to) {
			m.t.Fatalf("run %d is %d to %d, the one before ended at %d", i, r.from, r.to, at)
		}
		for ; at != r.to; at++ {
			b := m.byte[at.Sub(m.una)]
			if b.flags&runSacked != r.flags&runSacked || b.flags&runSacked == 0 && (b.flags != r.flags || b.sentAt != r.sentAt) {
				m.t.Fatalf("byte %d: %+v, want %+v", at, *r, b)
			}
			switch {
			case b.flags&runSacked != 0:
				sacked++
			case b.flags&runResent != 0:
				resent++
			case b.flags&runLost != 0:
				lost++
			}
		}
		if i > 0 && rs[i-1].alike(r) && r.flags&runSacked != 0 {
			m.t.Fatalf("runs %d and %d should be one", i-1, i)
		}
	}
	if at.Sub(m.una) != len(m.byte) {
		m.t.Fatalf("%d bytes, want %d", at.Sub(m.una), len(m.byte))
	}
	if sacked != m.f.sacked || lost != m.f.lost || resent != m.f.resent || m.f.pipe() != len(m.byte)-sacked-lost {
		m.t.Fatalf("sacked %d lost %d resent %d pipe %d, want %d %d %d", m.f.sacked, m.f.lost, m.f.resent, m.f.pipe(), sacked, lost, resent)
	}
}

// part draws a piece of what is outstanding.
func (m *model) part(rnd *rand.Rand) (from, to int) {
	from = rnd.IntN(len(m.byte))
	return from, from + 1 + rnd.IntN(len(m.byte)-from)
}

func (m *model) sack(from, to int) {
	for i := m.f.find(m.una.Add(from)); i < len(m.f.runs()) && from < to; i++ {
		r := m.f.runs()[i]
		end := min(to, r.to.Sub(m.una))
		if r.flags&runSacked == 0 {
			at, ok := m.f.recast(i, run{from: m.una.Add(from), to: m.una.Add(end), flags: runSacked})
			if !ok {
				m.t.Fatal("no room")
			}
			i, end = at, m.f.runs()[at].to.Sub(m.una)
			for j := from; j < end; j++ {
				m.byte[j].flags = runSacked
			}
		}
		from = end
	}
}

func (m *model) step(rnd *rand.Rand, now Instant) {
	op := rnd.IntN(6)
	if len(m.byte) == 0 {
		op = 0
	}
	switch op {
	case 0:
		n := 1 + rnd.IntN(9)
		end := m.una.Add(len(m.byte))
		m.f.push(run{from: end, to: end.Add(n), sentAt: now})
		for range n {
			m.byte = append(m.byte, fate{sentAt: now})
		}
	case 1:
		n := rnd.IntN(len(m.byte)/2 + 1)
		popped := 0
		for r, ok := m.f.popTo(m.una.Add(n)); ok; r, ok = m.f.popTo(m.una.Add(n)) {
			popped += r.len()
		}
		if popped != n {
			m.t.Fatalf("%d bytes came off, want %d", popped, n)
		}
		m.una, m.byte = m.una.Add(n), m.byte[n:]
	case 2:
		m.sack(m.part(rnd))
	case 3:
		i := rnd.IntN(len(m.f.runs()))
		if r := m.f.runs()[i]; r.flags&runSacked == 0 && !r.missing() {
			m.f.lose(i)
			for at := r.from; at != r.to; at++ {
				b := &m.byte[at.Sub(m.una)]
				b.flags = b.flags&^runResent | runLost
			}
		}
	case 4:
		from, to := m.part(rnd)
		m.f.resend(m.una.Add(from), m.una.Add(to), run{sentAt: now})
		for j := from; j < to; j++ {
			if b := &m.byte[j]; b.flags&runSacked == 0 {
				*b = fate{b.flags&runLost | runResent | runAgain, now}
			}
		}
	case 5:
		m.missing(1 + rnd.IntN(12))
	}
}

// missing compares firstMissing with the bytes.
func (m *model) missing(limit int) {
	from, n := m.f.firstMissing(limit)
	for i, b := range m.byte {
		if b.flags&(runLost|runResent|runSacked) != runLost {
			continue
		}
		want := 0
		for j := i; j < len(m.byte) && m.byte[j].flags&(runLost|runResent|runSacked) == runLost && want < limit; j++ {
			want++
		}
		if from != m.una.Add(i) || n != want {
			m.t.Fatalf("%d bytes at %d, want %d at %d", n, from, want, m.una.Add(i))
		}
		return
	}
	if n != 0 {
		m.t.Fatalf("%d bytes at %d, none is missing", n, from)
	}
}

func TestAFlightIsWhatAFateForEachByteWouldBe(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		m := &model{t: t, una: Seq(0xffffff80)}
		now := Instant(1000)
		for range 300 {
			if rnd.IntN(3) == 0 {
				now++
			}
			m.step(rnd, now)
			m.check()
		}
		m.f.restore()
		m.f.forgetSACK()
		if m.f.lost != 0 || m.f.sacked != 0 {
			t.Fatal("something is left", m.f.lost, m.f.sacked)
		}
		m.f.loseAll()
		if m.f.pipe() != 0 {
			t.Fatal("something is on its way", m.f.pipe())
		}
	}
}

func TestOnePollsSegmentsAreOneRun(t *testing.T) {
	var f flight
	for i := range 100 {
		f.push(run{from: Seq(i * 1000), to: Seq(i*1000 + 1000), sentAt: 5})
	}
	if len(f.runs()) != 1 || f.pipe() != 100_000 {
		t.Fatal(len(f.runs()), f.pipe())
	}
}

func TestRunsAreBoundedAndNothingIsForgotten(t *testing.T) {
	const maxRuns = leastRuns
	var f flight
	for i := range 3 * maxRuns {
		f.push(run{from: Seq(i * 10), to: Seq(i*10 + 10), sentAt: Instant(i)})
	}
	if n := len(f.runs()); n != maxRuns || f.pipe() != 30*maxRuns {
		t.Fatal(n, f.pipe())
	}
	if last := f.runs()[maxRuns-1]; last.sentAt != 3*maxRuns-1 {
		t.Fatal("joined runs count as sent before they were", last.sentAt)
	}
	if _, ok := f.recast(0, run{from: 2, to: 4, flags: runSacked}); ok || f.sacked != 0 {
		t.Fatal("one run more than there may be")
	}
	if _, ok := f.recast(0, run{from: 0, to: 10, flags: runSacked}); !ok || f.sacked != 10 {
		t.Fatal("a whole run needs no other")
	}
	if big := (&flight{limit: maxBuffer / runSpacing}).maxRuns(); big != mostRuns {
		t.Fatal("a large buffer has no bound", big)
	}
	f.resend(12, 14, run{sentAt: 1 << 40})
	if r := f.runs()[1]; r.flags&runResent == 0 || r.len() != 10 {
		t.Fatalf("sent again, and not noted: %+v", r)
	}
}

func TestTheFrontOfAFlightIsUsedAgain(t *testing.T) {
	var f flight
	at := Seq(0)
	for i := range 10_000 {
		f.push(run{from: at, to: at + 10, sentAt: Instant(i)})
		at += 10
		if i > 20 {
			for _, ok := f.popTo(at - 200); ok; _, ok = f.popTo(at - 200) {
			}
		}
	}
	if cap(f.buf) > 128 {
		t.Fatalf("%d runs of memory for 20", cap(f.buf))
	}
}

func BenchmarkSACKOfEveryOtherSegment(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var f flight
		for i := range 1000 {
			f.push(run{from: Seq(i * 1000), to: Seq(i*1000 + 1000), sentAt: Instant(time.Millisecond)})
		}
		for i := 1; i < 1000; i += 2 {
			f.recast(f.find(Seq(i*1000)), run{from: Seq(i * 1000), to: Seq(i*1000 + 1000), flags: runSacked})
		}
	}
}
