package phy

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// frames gives out what a lane has, many at a time.
func (l *lane) all(t *testing.T, atATime int) (got []string) {
	t.Helper()
	frames := make([][]byte, atATime)
	for {
		n, err := l.receiveBatch(frames)
		if n == 0 {
			if err != nil && !errors.Is(err, ErrClosed) {
				t.Fatal(err)
			}
			return got
		}
		for _, f := range frames[:n] {
			got = append(got, string(f))
		}
	}
}

func (l *lane) putBatch(t *testing.T, texts ...string) (sent int, err error) {
	t.Helper()
	bufs, lens := make([][]byte, len(texts)), make([]int, 0, len(texts))
	n := l.bufferBatch(bufs, 20)
	for k, s := range texts[:n] {
		lens = append(lens, copy(bufs[k], s))
	}
	return l.sendBatch(lens)
}

func TestABatchIsAsManyFramesOneByOne(t *testing.T) {
	var l lane
	l.init(20, 4)
	if n, err := l.putBatch(t, "a", "b", "c"); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := l.putBatch(t, "d", "e", "f"); n != 1 || err != nil { // there is room for one more
		t.Fatal(n, err)
	}
	if n, err := l.putBatch(t, "g"); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	if got := fmt.Sprint(l.all(t, 3)); got != "[a b c d]" {
		t.Fatal(got)
	}
	// Both forms may be mixed: what a batch did not use is the next Buffer.
	bufs := make([][]byte, 3)
	if n := l.bufferBatch(bufs, 10); n != 3 {
		t.Fatal(n)
	}
	copy(l.buffer(5), "alone")
	if err := l.send(5); err != nil {
		t.Fatal(err)
	}
	l.putBatch(t, "x", "y")
	one, _ := l.receive()
	if got := fmt.Sprint(string(one), l.all(t, 5)); got != "alone[x y]" && got != "alone [x y]" {
		t.Fatal(got)
	}
}

func TestMisuseOfABatchIsAnError(t *testing.T) {
	var l lane
	l.init(20, 8)
	if n, err := l.sendBatch([]int{1}); n != 0 || !errors.Is(err, ErrNoBuffer) {
		t.Error(n, err)
	}
	bufs := make([][]byte, 3)
	l.bufferBatch(bufs, 10)
	if n, err := l.sendBatch([]int{1, 2, 3, 4}); n != 3 || !errors.Is(err, ErrNoBuffer) {
		t.Error(n, err)
	}
	l.bufferBatch(bufs, 10)
	if n, err := l.sendBatch([]int{1, 11, 3}); n != 1 || !errors.Is(err, ErrFrameLength) {
		t.Error(n, err)
	}
	if l.bufferBatch(bufs, 21) != 0 || l.bufferBatch(nil, 10) != 0 {
		t.Error("bounds")
	}
	if n, err := l.receiveBatch(nil); n != 0 || err != nil {
		t.Error(n, err)
	}
	l.close()
	if l.bufferBatch(bufs, 10) != 0 {
		t.Error("buffers of a closed lane")
	}
	if got := l.all(t, 2); len(got) != 4 {
		t.Errorf("%q", got)
	}
	if n, err := l.receiveBatch(bufs); n != 0 || !errors.Is(err, ErrClosed) {
		t.Error(n, err)
	}
}

// What was sent of a batch that asked for too much is the receiver's: the next batch is built elsewhere.
func TestABatchOfTooManyFramesLeavesThoseThatWentAlone(t *testing.T) {
	var l lane
	l.init(20, 8)
	bufs := make([][]byte, 2)
	for k := range l.bufferBatch(bufs, 10) {
		bufs[k][0] = "ab"[k]
	}
	if n, err := l.sendBatch([]int{1, 1, 1}); n != 2 || !errors.Is(err, ErrNoBuffer) {
		t.Fatal(n, err)
	}
	if n, err := l.putBatch(t, "c", "d"); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if got := fmt.Sprint(l.all(t, 5)); got != "[a b c d]" {
		t.Error(got)
	}
}

// TestNoSlotIsLostOrInTwoHands: whatever mixture of calls, every frame arrives once, in order, and memory does not grow
// beyond the queue.
func TestNoSlotIsLostOrInTwoHands(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		var l lane
		limit := 1 + r.IntN(10)
		l.init(20, limit)
		sent, got := 0, 0
		bufs, lens := make([][]byte, 5), make([]int, 0, 5)
		take := func(f []byte) {
			if want := fmt.Sprint(got); string(f) != want {
				t.Fatalf("seed %d: %q, not %q", seed, f, want)
			}
			got++
		}
		for range 300 {
			switch r.IntN(4) {
			case 0:
				if b := l.buffer(20); b != nil && r.IntN(3) > 0 {
					if l.send(copy(b, fmt.Sprint(sent))) == nil {
						sent++
					}
				}
			case 1:
				n := l.bufferBatch(bufs[:1+r.IntN(5)], 20)
				lens = lens[:0]
				for k := range n {
					lens = append(lens, copy(bufs[k], fmt.Sprint(sent+k)))
				}
				if n > 0 {
					lens = lens[:r.IntN(n+1)]
				}
				m, err := l.sendBatch(lens)
				if sent += m; err != nil || m != len(lens) {
					t.Fatal(m, err)
				}
			case 2:
				if f, _ := l.receive(); f != nil {
					take(f)
				}
			case 3:
				n, _ := l.receiveBatch(bufs[:1+r.IntN(5)])
				for _, f := range bufs[:n] {
					take(f)
				}
			}
		}
		if most := 2*limit + 6; len(l.slots) > most {
			t.Errorf("seed %d: %d slots for a queue of %d", seed, len(l.slots), limit)
		}
	}
}
