package phy

import "time"

// ReceiveBatch implements Batcher: under one lock. With offload there is no need for it, and it gives one ordinary
// frame.
func (e *SharedPipeEnd) ReceiveBatch(now time.Time, frames [][]byte) (n int, err error) {
	if e.offload != 0 && len(frames) > 0 {
		if frames[0], err = e.Receive(now); frames[0] != nil {
			n = 1
		}
		return n, err
	}
	l := e.in
	l.mu.Lock()
	n, err = l.receiveBatch(frames)
	l.received(n > 0)
	l.mu.Unlock()
	return n, err
}

// BufferBatch implements Batcher.
func (e *SharedPipeEnd) BufferBatch(bufs [][]byte, n int) int {
	if n > e.frameMax() {
		return 0
	}
	e.out.mu.Lock()
	defer e.out.mu.Unlock()
	return e.out.bufferBatch(bufs, n)
}

// SendBatch implements Batcher.
func (e *SharedPipeEnd) SendBatch(_ time.Time, lens []int) (sent int, err error) {
	l := e.out
	l.mu.Lock()
	defer l.mu.Unlock()
	for k := range min(len(l.infos), len(lens), int(l.given)) {
		l.infos[(l.tail+uint32(k))&uint32(len(l.ring)-1)] = FrameInfo{}
	}
	sent, err = l.sendBatch(lens)
	l.sent()
	return sent, err
}
