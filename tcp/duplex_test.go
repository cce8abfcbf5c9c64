package tcp

import (
	"errors"
	"io"
	"testing"
	"time"
)

// talker is one end that writes a number of bytes and reads what the other writes, each at a pace of its own.
type talker struct {
	e         *end
	shift     int // what makes its stream differ from the other's
	total     int // bytes to write
	sent, got int
	closed    bool
	eof       bool
}

// turn writes and reads a little, and checks what it reads against the stream of from.
func (k *talker) turn(w *wire, from *talker) {
	for k.sent < k.total && w.rand.IntN(4) != 0 {
		n := 1 + w.rand.IntN(min(5000, k.total-k.sent))
		var b []byte
		if w.rand.IntN(2) == 0 {
			b = make([]byte, n)
		} else if b = k.e.AvailableBuffer(min(n, 900)); b != nil {
			b = b[:min(n, cap(b))]
		} else {
			break
		}
		for i := range b {
			b[i] = streamByte(k.sent + i + k.shift)
		}
		if len(b) == n && cap(b) == n { // its own memory
			m, err := k.e.TryWrite(b)
			k.sent += m
			if err != nil {
				break
			}
			continue
		}
		if err := k.e.Commit(len(b)); err != nil {
			w.t.Fatal(err)
		}
		k.sent += len(b)
	}
	if k.sent == k.total && !k.closed && k.e.State() >= StateEstablished {
		k.closed = true
		k.e.CloseWrite()
	}
	k.read(w, from)
}

func (k *talker) read(w *wire, from *talker) {
	for w.rand.IntN(5) != 0 {
		a, b := k.e.PeekSpans()
		n := len(a) + len(b)
		if n == 0 {
			if _, err := k.e.TryRead(make([]byte, 1)); err == io.EOF {
				k.eof = true
			}
			return
		}
		n = 1 + w.rand.IntN(n)
		for i := range n {
			c := byte(0)
			if i < len(a) {
				c = a[i]
			} else {
				c = b[i-len(a)]
			}
			if c != streamByte(k.got+i+from.shift) {
				w.t.Fatalf("byte %d of %d differs", k.got+i, from.total)
			}
		}
		k.got += n
		if k.got > from.sent {
			w.t.Fatalf("%d bytes read, %d were written", k.got, from.sent)
		}
		if m, err := k.e.Discard(n); m != n || err != nil {
			w.t.Fatal(m, err)
		}
	}
}

// randomWire gives a wire and configurations of all kinds.
func randomWire(t testing.TB, seed uint64) (w *wire, ca, cb *Config) {
	w = newWire(t, seed)
	r := w.rand
	w.drop, w.dup = float64(r.IntN(4))*0.07, float64(r.IntN(3))*0.05
	w.delay, w.jitter = time.Duration(r.IntN(50))*time.Millisecond+1, time.Duration(r.IntN(3)*r.IntN(20))*time.Millisecond
	random := func() *Config {
		return &Config{SendBuffer: 1024 << r.IntN(8), RecvBuffer: 1024 + r.IntN(200_000), Nagle: r.IntN(3) == 0, NoTimestamps: r.IntN(3) == 0,
			KeepAlive: time.Duration(r.IntN(2)) * time.Second, MaxOutOfOrder: 1 + r.IntN(20),
			Congestion: Congestion(r.IntN(3)), ECN: ECN(r.IntN(3)), MaxSendBuffer: r.IntN(2) << 20, MaxRecvBuffer: r.IntN(2) << 20, NoSACK: r.IntN(5) == 0}
	}
	return w, random(), random()
}

func TestBothDirectionsAtOnceOverBadWiresFromManySeeds(t *testing.T) {
	for seed := range uint64(300) {
		w, ca, cb := randomWire(t, seed)
		w.connect(ca, cb)
		a := &talker{e: w.a, total: w.rand.IntN(120_000)}
		b := &talker{e: w.b, total: w.rand.IntN(120_000), shift: 7}
		for i, idle := 0, 0; !a.eof || !b.eof; i++ {
			a.turn(w, b)
			if w.accepted {
				b.turn(w, a)
			}
			idle++
			if w.step() {
				idle = 0
			}
			if idle > 200 || i > 300_000 || w.now > Instant(10*time.Hour) {
				t.Fatalf("seed %d, step %d: no end in sight: %+v %+v", seed, i, w.a.Info(), w.b.Info())
			}
			if w.a.Err() != nil || w.b.Err() != nil {
				t.Fatalf("seed %d: %v, %v", seed, w.a.Err(), w.b.Err())
			}
		}
		if a.got != b.total || b.got != a.total {
			t.Fatalf("seed %d: %d of %d and %d of %d bytes", seed, a.got, b.total, b.got, a.total)
		}
		w.finish(seed)
		w.nothingHeld(seed)
	}
}

// finish runs on until both ends have forgotten the connection.
func (w *wire) finish(seed uint64) {
	for i := 0; w.step(); i++ {
		if i > 100_000 {
			w.t.Fatalf("seed %d: no end: %+v %+v", seed, w.a.Info(), w.b.Info())
		}
	}
	if w.a.State() != StateClosed || w.b.State() != StateClosed {
		w.t.Fatalf("seed %d: %v %v", seed, w.a.State(), w.b.State())
	}
}

func (w *wire) nothingHeld(seed uint64) {
	if out := w.env.Pool.Out(); out != 0 {
		w.t.Fatalf("seed %d: %d bytes never came back", seed, out)
	}
}

func TestAbortsAndRebootsEndBothSidesFromManySeeds(t *testing.T) {
	for seed := range uint64(150) {
		w, ca, cb := randomWire(t, seed)
		ca.KeepAlive, cb.KeepAlive = time.Minute, time.Minute // so that an idle end finds out
		w.connect(ca, cb)
		a := &talker{e: w.a, total: 1 << 30}
		b := &talker{e: w.b, total: 1 << 30, shift: 7}
		at := w.rand.IntN(1000)
		for i := 0; i < at; i++ {
			a.turn(w, b)
			if w.accepted {
				b.turn(w, a)
			}
			w.step()
		}
		victim := []*end{w.a, w.b}[w.rand.IntN(2)]
		if w.rand.IntN(2) == 0 {
			victim.Abort()
		} else { // a reboot: nothing is said
			victim.Fail(ErrUnreachable)
		}
		w.finish(seed)
		survivor := w.other(victim)
		if err := survivor.Err(); w.accepted && !errors.Is(err, ErrReset) && !errors.Is(err, ErrTimeout) {
			t.Fatalf("seed %d: the other end heard %v", seed, err)
		}
		w.a.Abort() // what was unread
		w.b.Abort()
		w.nothingHeld(seed)
	}
}

func TestSimultaneousOpenAndCloseOverBadWiresFromManySeeds(t *testing.T) {
	for seed := range uint64(200) {
		w, ca, cb := randomWire(t, seed)
		w.a.Init(&w.env, w.a, ca)
		w.b.Init(&w.env, w.b, cb)
		w.accepted = true
		w.a.Connect(w.now, 1000, 80, 100, testMSS)
		w.b.Connect(w.now, 80, 1000, 7000, testMSS)
		a := &talker{e: w.a, total: 1000}
		b := &talker{e: w.b, total: 1000, shift: 7}
		for i := 0; !a.eof || !b.eof; i++ {
			a.turn(w, b)
			b.turn(w, a)
			w.step()
			if i > 100_000 || w.a.Err() != nil || w.b.Err() != nil {
				t.Fatalf("seed %d: %v %v, %+v %+v", seed, w.a.Err(), w.b.Err(), w.a.Info(), w.b.Info())
			}
		}
		w.finish(seed)
	}
}
