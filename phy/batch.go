package phy

import "time"

// MaxBatch is the most frames that the stack of this module asks for at a time.
const MaxBatch = 64

// Batcher is a Device that hands frames over many at a time, where that spares something for each: a lock, or a system
// call such as recvmmsg. It is also an ordinary one, and the methods may be mixed.
type Batcher interface {
	Device

	// ReceiveBatch is Receive for as many frames as wait, up to len(frames), which it puts there and counts. All of
	// them belong to the caller, who may modify them, until the next Receive or ReceiveBatch. An error comes without
	// frames.
	ReceiveBatch(now time.Time, frames [][]byte) (n int, err error)

	// BufferBatch is Buffer for as many frames as the device takes now, up to len(bufs): it puts so many buffers there,
	// of n bytes each, and counts them.
	BufferBatch(bufs [][]byte, n int) int

	// SendBatch sends the first lens[k] bytes of the k-th buffer that the last BufferBatch gave, for each k; buffers
	// beyond len(lens) are given back unsent. sent is how many went. After an error the rest is lost: ErrNoBuffer for
	// more frames than there were buffers, ErrFrameLength, ErrClosed.
	SendBatch(now time.Time, lens []int) (sent int, err error)
}

// receiveBatch is receive for many frames.
func (l *lane) receiveBatch(frames [][]byte) (n int, err error) {
	if len(frames) == 0 {
		return 0, nil
	}
	frame, err := l.receive()
	if frame == nil {
		return 0, err
	}
	for frames[0], n = frame, 1; n < len(frames) && l.waiting(); n++ {
		q := l.ring[l.head&uint32(len(l.ring)-1)]
		l.head++
		l.heldMore = append(l.heldMore, q.slot)
		frames[n] = l.slots[q.slot][:q.n:q.n]
	}
	return n, nil
}

// bufferBatch is buffer for many frames.
func (l *lane) bufferBatch(bufs [][]byte, n int) int {
	if len(bufs) == 0 {
		return 0
	}
	if bufs[0] = l.buffer(n); bufs[0] == nil {
		return 0
	}
	room := min(len(bufs), int(l.limit-(l.tail-l.head)))
	k := 1
	for ; k < room; k++ {
		if len(l.buildMore) < k {
			l.buildMore = append(l.buildMore, l.takeSlot())
		}
		bufs[k] = l.slots[l.buildMore[k-1]][:n:n]
	}
	l.given = int32(k)
	return k
}

// sendBatch is send for what bufferBatch gave.
func (l *lane) sendBatch(lens []int) (sent int, err error) {
	given, asked := int(l.given), l.asked
	l.given = 0
	tried := 0 // they are in the queue, or given back
	for k, n := range lens[:min(len(lens), given)] {
		if k > 0 {
			l.building, l.asked = l.buildMore[k-1], asked
		}
		tried++
		if err = l.send(n); err != nil {
			break
		}
		sent++
	}
	if tried > 1 { // the rest builds the next batch
		l.buildMore = l.buildMore[:copy(l.buildMore, l.buildMore[tried-1:])]
	}
	if err == nil && len(lens) > given {
		err = ErrNoBuffer
	}
	return sent, err
}
