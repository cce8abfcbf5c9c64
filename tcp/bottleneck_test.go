package tcp

import (
	"container/heap"
	"math/rand/v2"
	"testing"
	"time"
)

// bottleneck is a link that several connections share, with a rate and a queue in the direction of their data, on a
// virtual clock. It leaves out all that is not TCP's: internal/simnet has the rest.
type bottleneck struct {
	t     testing.TB
	now   Instant
	rand  *rand.Rand
	env   Env
	flows []*pathFlow
	air   airborne

	rate    int           // bytes a second
	delay   time.Duration // each way
	queue   int           // bytes
	loss    float64
	markAt  int           // bytes in the queue from which on what may be marked is; 0: never
	header  int           // bytes that a segment has before its own, in what rate and queue count
	tick    time.Duration // the hosts look at their sockets so often, besides when something arrives; 0: exactly on time
	dropped int
	busy    Instant
}

// pathFlow is one connection over it, a sending to b as much as it can.
type pathFlow struct {
	a, b     end
	listener Listener
	opened   bool
	iss      Seq
	start    Instant
	received int
	slow     int // b reads once in so many times; 0: always
	mark     int // received when measuring began
}

type airborne []airSegment

type airSegment struct {
	at  Instant
	n   int
	f   *pathFlow
	toB bool
	raw []byte
	ce  bool
}

func (h airborne) Len() int { return len(h) }
func (h airborne) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].n < h[j].n
}
func (h airborne) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *airborne) Push(x any)   { *h = append(*h, x.(airSegment)) }
func (h *airborne) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// newBottleneck has a rate in Mbit/s, and a queue of so many bandwidth-delay products.
func newBottleneck(t testing.TB, seed uint64, mbit int, delay time.Duration, queue, loss float64) *bottleneck {
	p := &bottleneck{t: t, now: 1e9, rand: rand.New(rand.NewPCG(seed, 17)), rate: mbit * 125_000, delay: delay, loss: loss, header: 34}
	p.queue = max(int(queue*2*delay.Seconds()*float64(p.rate)), 2*1514)
	return p
}

// bdp is what the empty path holds.
func (p *bottleneck) bdp() int { return int(2 * p.delay.Seconds() * float64(p.rate)) }

// add makes a connection that begins after so long.
func (p *bottleneck) add(cfg Config, after time.Duration) *pathFlow {
	f := &pathFlow{start: p.now.Add(after)}
	if cfg.MaxSendBuffer == 0 {
		cfg.SendBuffer = max(8*(p.bdp()+p.queue), 1<<20)
		cfg.RecvBuffer = cfg.SendBuffer
	}
	f.a.Init(&p.env, &f.a, &cfg)
	f.b.Init(&p.env, &f.b, &cfg)
	f.listener.Init(&p.env, ListenConfig{Config: &cfg})
	p.flows = append(p.flows, f)
	return f
}

var zeroes [1 << 16]byte

// run moves the clock on.
func (p *bottleneck) run(d time.Duration) {
	end := p.now.Add(d)
	var buf [1 << 16]byte
	for {
		next := end
		for _, f := range p.flows {
			if !f.opened {
				if f.start <= p.now {
					if err := f.a.Connect(p.now, 1000, 80, 100+f.iss, testMSS); err != nil {
						p.t.Fatal(err)
					}
					f.opened = true
				} else {
					next = min(next, f.start)
					continue
				}
			}
			p.serve(f, buf[:])
			next = min(next, p.due(f.a.Deadline()), p.due(f.b.Deadline()))
		}
		if len(p.air) > 0 {
			next = min(next, p.air[0].at)
		}
		p.now = max(p.now, next)
		if p.now >= end {
			return
		}
		for _, f := range p.flows {
			f.a.Expire(p.now)
			f.b.Expire(p.now)
		}
		for len(p.air) > 0 && p.air[0].at <= p.now {
			p.arrive(heap.Pop(&p.air).(airSegment))
		}
	}
}

// due is when a coarse host runs a timer.
func (p *bottleneck) due(at Instant) Instant {
	if p.tick == 0 || at == Never {
		return at
	}
	return (at + Instant(p.tick) - 1) / Instant(p.tick) * Instant(p.tick)
}

// serve lets both ends do what they can.
func (p *bottleneck) serve(f *pathFlow, buf []byte) {
	if f.a.State() == StateEstablished {
		for {
			if n, _ := f.a.TryWrite(zeroes[:]); n == 0 {
				break
			}
		}
	}
	for {
		n := 0
		if f.slow == 0 || p.rand.IntN(f.slow) == 0 {
			n, _ = f.b.TryRead(buf)
		}
		if n == 0 {
			break
		}
		f.received += n
	}
	for n := f.a.Emit(p.now, buf[:2000], 0); n > 0; n = f.a.Emit(p.now, buf[:2000], 0) {
		p.forward(f, buf[:n], f.a.ecn() == ect0)
	}
	for n := f.b.Emit(p.now, buf[:2000], 0); n > 0; n = f.b.Emit(p.now, buf[:2000], 0) {
		p.fly(f, false, p.now.Add(p.delay), buf[:n], false)
	}
}

// forward puts a segment into the queue.
func (p *bottleneck) forward(f *pathFlow, b []byte, ect bool) {
	n := len(b) + p.header
	p.busy = max(p.busy, p.now)
	waiting := int(p.busy.Sub(p.now).Seconds() * float64(p.rate))
	if p.loss > 0 && p.rand.Float64() < p.loss || waiting > 0 && waiting+n > p.queue {
		p.dropped++
		return
	}
	p.busy = p.busy.Add(time.Duration(n) * time.Second / time.Duration(p.rate))
	p.fly(f, true, p.busy.Add(p.delay), b, ect && p.markAt > 0 && waiting > p.markAt)
}

func (p *bottleneck) fly(f *pathFlow, toB bool, at Instant, b []byte, ce bool) {
	p.env.Stats.BytesIn++ // a number for the order of what arrives at one instant
	heap.Push(&p.air, airSegment{at, int(p.env.Stats.BytesIn), f, toB, append([]byte(nil), b...), ce})
}

func (p *bottleneck) arrive(x airSegment) {
	var seg Segment
	if err := seg.Parse(x.raw); err != nil {
		p.t.Fatal(err)
	}
	seg.CE = x.ce
	to := &x.f.a
	if x.toB {
		to = &x.f.b
	}
	if x.toB && seg.Flags&(SYN|ACK) == SYN && to.State() == StateClosed {
		if x.f.listener.Admit() == AdmitOpen {
			x.f.listener.Open(p.now, &to.Socket, &seg, 5000, testMSS)
		}
		return
	}
	to.Process(p.now, &seg)
	if x.toB {
		x.f.listener.Accept()
	}
}

// measure runs for warm, and then for d, and gives each flow's share of the link's payload in that.
func (p *bottleneck) measure(warm, d time.Duration) (shares []float64, sum float64) {
	p.run(warm)
	for _, f := range p.flows {
		f.mark = f.received
	}
	p.run(d)
	most := float64(p.rate) * d.Seconds() * (testMSS - tsLen) / (testMSS + 20 + float64(p.header))
	for _, f := range p.flows {
		share := float64(f.received-f.mark) / most
		shares = append(shares, share)
		sum += share
	}
	return shares, sum
}

// jain is the fairness index of shares: 1 when they are equal, 1/n when one has all.
func jain(shares []float64) float64 {
	var sum, squares float64
	for _, x := range shares {
		sum += x
		squares += x * x
	}
	return sum * sum / squares / float64(len(shares))
}

func TestTheBottleneckHasItsRateAndItsQueue(t *testing.T) {
	p := newBottleneck(t, 1, 10, 10*time.Millisecond, 1, 0)
	f := p.add(Config{}, 0)
	if _, sum := p.measure(5*time.Second, 10*time.Second); sum > 1.001 || sum < 0.5 {
		t.Fatalf("%.3f of the link", sum)
	}
	if p.dropped == 0 || f.a.Info().RTT > 45*time.Millisecond {
		t.Fatalf("%d dropped, %+v", p.dropped, f.a.Info())
	}
}
