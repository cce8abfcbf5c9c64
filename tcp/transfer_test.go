package tcp

import (
	"math/rand/v2"
	"testing"
	"time"
)

// end is one side of a wire between two sockets.
type end struct {
	Socket
	woken    bool
	notified int
}

func (e *end) Wake()   { e.woken = true }
func (e *end) Notify() { e.notified++ }

// flying is a segment on its way.
type flying struct {
	at  Instant
	to  *end
	raw []byte
}

// wire carries segments between two ends on a virtual clock.
type wire struct {
	t        testing.TB
	now      Instant
	env      Env
	a, b     *end
	listener Listener
	accepted bool
	air      []flying
	rand     *rand.Rand
	drop     float64
	dup      float64
	delay    time.Duration
	jitter   time.Duration
}

func newWire(t testing.TB, seed uint64) *wire {
	return &wire{t: t, rand: rand.New(rand.NewPCG(seed, 9)), a: &end{}, b: &end{}, delay: time.Millisecond}
}

const testMSS = 1460

// connect opens a actively and b through a listener.
func (w *wire) connect(ca, cb *Config) {
	w.a.Init(&w.env, w.a, ca)
	w.b.Init(&w.env, w.b, cb)
	w.listener.Init(&w.env, ListenConfig{Config: cb})
	if err := w.a.Connect(w.now, 1000, 80, 100, testMSS); err != nil {
		w.t.Fatal(err)
	}
}

func (w *wire) send(from, to *end) {
	var buf [2000]byte
	for {
		n := from.Emit(w.now, buf[:], 0)
		if n == 0 {
			return
		}
		copies := 1
		if w.rand.Float64() < w.drop {
			copies = 0
		} else if w.rand.Float64() < w.dup {
			copies = 2
		}
		for range copies {
			d := w.delay
			if w.jitter > 0 {
				d += time.Duration(w.rand.Int64N(int64(w.jitter)))
			}
			w.air = append(w.air, flying{w.now.Add(d), to, append([]byte(nil), buf[:n]...)})
		}
	}
}

func (w *wire) deliver(f flying) {
	var seg Segment
	if err := seg.Parse(f.raw); err != nil {
		w.t.Fatal(err)
	}
	if f.to == w.b && w.b.State() == StateClosed && seg.Flags&(SYN|ACK) == SYN && w.b.Err() == nil && !w.accepted {
		if w.listener.Admit() == AdmitOpen {
			w.listener.Open(w.now, &w.b.Socket, &seg, 5000, testMSS)
		}
		return
	}
	if f.to.State() == StateClosed { // the host has forgotten it
		var buf [HeaderLen]byte
		if n := Reset(&seg, buf[:], 0); n > 0 && w.rand.Float64() >= w.drop {
			w.air = append(w.air, flying{w.now.Add(w.delay), w.other(f.to), append([]byte(nil), buf[:n]...)})
		}
		return
	}
	f.to.Process(w.now, &seg)
}

func (w *wire) other(e *end) *end {
	if e == w.a {
		return w.b
	}
	return w.a
}

// step emits, then moves the clock to what happens next. It reports false when nothing will.
func (w *wire) step() bool {
	w.send(w.a, w.b)
	w.send(w.b, w.a)
	next := min(w.a.Deadline(), w.b.Deadline())
	for _, f := range w.air {
		next = min(next, f.at)
	}
	if next == Never {
		return false
	}
	if next < w.now {
		next = w.now
	}
	w.now = next
	var left []flying
	due := w.air
	w.air = nil
	for _, f := range due {
		if f.at <= w.now {
			w.deliver(f)
		} else {
			left = append(left, f)
		}
	}
	w.air = append(left, w.air...)
	for _, e := range []*end{w.a, w.b} {
		if e.Deadline() <= w.now {
			e.Expire(w.now)
		}
	}
	if !w.accepted {
		if _, ok := w.listener.Accept(); ok {
			w.accepted = true
		}
	}
	return true
}

func streamByte(i int) byte { return byte(i) ^ byte(i>>8)*3 ^ byte(i>>16) }

// transfer sends n bytes from one end to the other, then FIN, and checks them.
func (w *wire) transfer(from, to *end, n int) {
	sent, got := 0, 0
	buf := make([]byte, 4096)
	for steps := 0; ; steps++ {
		if steps > 3_000_000 {
			w.t.Fatalf("no end in sight: %d sent, %d received, %+v / %+v", sent, got, from.Info(), to.Info())
		}
		for sent < n {
			chunk := buf[:min(len(buf), n-sent)]
			for i := range chunk {
				chunk[i] = streamByte(sent + i)
			}
			m, err := from.TryWrite(chunk)
			sent += m
			if err == ErrWouldBlock {
				break
			}
			if err != nil {
				w.t.Fatal(err)
			}
			if sent == n {
				from.CloseWrite()
			}
		}
		for {
			m, err := to.TryRead(buf)
			for i := range m {
				if buf[i] != streamByte(got+i) {
					w.t.Fatalf("byte %d differs", got+i)
				}
			}
			got += m
			if err == ErrWouldBlock || err == ErrNotOpen && !w.accepted {
				break
			}
			if err != nil {
				if got != n || !to.PeerClosed() {
					w.t.Fatalf("%d of %d bytes, %v", got, n, err)
				}
				return
			}
		}
		if !w.step() {
			w.t.Fatalf("deadlock: %d sent, %d received, %+v / %+v", sent, got, from.Info(), to.Info())
		}
	}
}

func TestTransferOverACleanWire(t *testing.T) {
	w := newWire(t, 1)
	w.connect(nil, nil)
	w.transfer(w.a, w.b, 1<<20)
	if w.env.Stats.Retransmits != 0 {
		t.Errorf("%d retransmissions on a clean wire", w.env.Stats.Retransmits)
	}
	w.b.CloseWrite()
	for w.step() {
	}
	if w.a.State() != StateClosed || w.b.State() != StateClosed || w.a.Err() != nil || w.b.Err() != nil {
		t.Fatalf("%v %v, %v %v", w.a.State(), w.a.Err(), w.b.State(), w.b.Err())
	}
	if out := w.env.Pool.Out(); out != 0 {
		t.Fatalf("%d bytes never came back", out)
	}
}

func TestTransferOverABadWireFromManySeeds(t *testing.T) {
	for seed := range uint64(200) {
		w := newWire(t, seed)
		w.drop, w.dup, w.jitter = 0.2, 0.05, 3*time.Millisecond
		var ca, cb *Config
		if seed%3 == 0 {
			cb = &Config{RecvBuffer: 3000 + int(seed)*7}
		}
		if seed%4 == 0 {
			ca = &Config{NoTimestamps: true, Nagle: true}
		}
		w.connect(ca, cb)
		w.transfer(w.a, w.b, 100_000)
		w.b.Close()
		w.a.Close()
		for w.step() {
		}
		if w.a.State() != StateClosed || w.b.State() != StateClosed {
			t.Fatalf("seed %d: %v %v", seed, w.a.State(), w.b.State())
		}
		if out := w.env.Pool.Out(); out != 0 {
			t.Fatalf("seed %d: %d bytes never came back", seed, out)
		}
	}
}
