package phy

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

var _ Batcher = (*SharedPipeEnd)(nil)

func TestBatchesOverASharedPipeWakeBothEnds(t *testing.T) {
	a, b := NewSharedPipe(PipeConfig{Queue: 3})
	const total = 1000
	sent := make(chan error, 1)
	go func() {
		bufs := make([][]byte, 7)
		for k := 0; k < total; {
			n := a.BufferBatch(bufs[:min(7, total-k)], 100)
			if n == 0 {
				if err := a.Wait(time.Time{}); err != nil {
					sent <- err
					return
				}
				continue
			}
			lens := make([]int, n)
			for i := range n {
				lens[i] = copy(bufs[i], fmt.Sprint(k+i))
			}
			m, err := a.SendBatch(time.Time{}, lens)
			if k += m; err != nil || m != n {
				sent <- fmt.Errorf("%d of %d: %w", m, n, err)
				return
			}
		}
		sent <- nil
	}()
	frames := make([][]byte, 5)
	for k := 0; k < total; {
		n, err := b.ReceiveBatch(time.Time{}, frames)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range frames[:n] {
			if string(f) != fmt.Sprint(k) {
				t.Fatalf("%q, not %d", f, k)
			}
			k++
		}
		if n == 0 {
			b.Wait(time.Time{})
		}
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	if a.BufferBatch(frames, 1515) != 0 {
		t.Error("longer than a frame")
	}
}

func TestBatchesOverASharedPipeWithOffload(t *testing.T) {
	a, b := NewSharedPipe(PipeConfig{Offload: allOffload})
	super, info := superFrame(MediumEthernet, true, 2000), superInfo(MediumEthernet, true, 1000)
	sendSuper(t, a, super, info)
	bufs := make([][]byte, 2)
	if n := a.BufferBatch(bufs, 10); n != 2 {
		t.Fatal(n)
	}
	if n, err := a.SendBatch(t0, []int{1, 2}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	for k, want := range []int{66 + 1000, 66 + 1000, 1, 2} {
		if n, err := b.ReceiveBatch(time.Time{}, bufs); n != 1 || err != nil || len(bufs[0]) != want {
			t.Fatalf("frame %d: %d frames of %d bytes, %v", k, n, len(bufs[0]), err)
		}
	}
	a.Close()
	if n, err := b.ReceiveBatch(time.Time{}, bufs); n != 0 || !errors.Is(err, ErrClosed) {
		t.Error(n, err)
	}
}
