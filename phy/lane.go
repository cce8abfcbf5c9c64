package phy

// lane is one direction of a pipe: a bounded queue of frames that the sender builds where the
// receiver reads them.
//
// Buffers are numbered slots. A slot is free, being built, queued, or held by the receiver.
// Free slots are kept on a stack, not in a circle, so that the traffic runs through as few of
// them as it needs: those stay in the processor's cache, and memory grows only to the longest
// queue that there was. Queueing numbers instead of slices also spares the write barriers.
type lane struct {
	slots    [][]byte    // every buffer made so far, each frameMax long
	free     []int32     // stack of the slots that are in nobody's hands
	ring     []queued    // power of two; ring[head..tail) are sent and not received
	infos    []FrameInfo // of the frames in ring; nil: none has any
	head     uint32
	tail     uint32
	limit    uint32 // frames that may be queued
	building int32  // the slot given to the sender, or none
	asked    int32  // its length
	held     int32  // the slot given to the receiver, or none

	heldMore  []int32 // likewise, of a batch
	buildMore []int32 // given to the sender for a batch, behind building
	given     int32   // buffers of the batch that waits for its send
	frameMax  int32
	closed    bool
	refused   bool // the sender was told that there is no room
}

type queued struct {
	slot, n int32
}

const none = -1

func (l *lane) init(frameMax, limit int) {
	size := 1
	for size < limit {
		size *= 2
	}
	*l = lane{
		free:     make([]int32, 0, limit+2), // + one being built + one held
		ring:     make([]queued, size),
		limit:    uint32(limit),
		building: none,
		held:     none,
		frameMax: int32(frameMax),
	}
}

// buffer gives n bytes of the slot that the next send queues, or nil.
func (l *lane) buffer(n int) []byte {
	if uint(n-1) >= uint(l.frameMax) || l.closed {
		return nil
	}
	if l.building == none {
		if l.tail-l.head >= l.limit {
			l.refused = true
			return nil
		}
		l.building = l.takeSlot()
	}
	l.asked = int32(n)
	return l.slots[l.building][:n:n]
}

func (l *lane) takeSlot() int32 {
	if top := len(l.free) - 1; top >= 0 {
		slot := l.free[top]
		l.free = l.free[:top]
		return slot
	}
	l.slots = append(l.slots, make([]byte, l.frameMax))
	return int32(len(l.slots) - 1)
}

// send queues the first n bytes of the slot being built.
func (l *lane) send(n int) error {
	if l.closed || l.building == none || uint(n-1) >= uint(l.asked) {
		return l.sendError()
	}
	l.ring[l.tail&uint32(len(l.ring)-1)] = queued{l.building, int32(n)}
	l.tail++
	l.building = none
	return nil
}

// withInfo makes room for what goes with frames.
func (l *lane) withInfo() { l.infos = make([]FrameInfo, len(l.ring)) }

// sendInfo is send with what goes with the frame.
func (l *lane) sendInfo(n int, info FrameInfo) error {
	at := l.tail & uint32(len(l.ring)-1)
	err := l.send(n)
	if err == nil && l.infos != nil {
		l.infos[at] = info
	}
	return err
}

// receiveInfo is receive with what goes with the frame.
func (l *lane) receiveInfo() (frame []byte, info FrameInfo, err error) {
	at := l.head & uint32(len(l.ring)-1)
	frame, err = l.receive()
	if frame != nil && l.infos != nil {
		info = l.infos[at]
	}
	return frame, info, err
}

func (l *lane) sendError() error {
	switch {
	case l.closed:
		return ErrClosed
	case l.building == none:
		return ErrNoBuffer
	}
	l.free = append(l.free, l.building)
	l.building = none
	return ErrFrameLength
}

// receive takes back the frame handed out before and hands out the next one, or nil.
func (l *lane) receive() ([]byte, error) {
	if l.held != none {
		l.free = append(l.free, l.held)
		l.held = none
		if len(l.heldMore) > 0 {
			l.free = append(l.free, l.heldMore...)
			l.heldMore = l.heldMore[:0]
		}
	}
	if l.head == l.tail {
		if l.closed {
			return nil, ErrClosed
		}
		return nil, nil
	}
	q := l.ring[l.head&uint32(len(l.ring)-1)]
	l.head++
	l.held = q.slot
	return l.slots[q.slot][:q.n:q.n], nil
}

// waiting reports whether receive would hand out a frame.
func (l *lane) waiting() bool { return l.head != l.tail }

// close stops the sender; the receiver may still take what is queued.
func (l *lane) close() { l.closed = true }

// drain forgets what is queued: its receiver has gone.
func (l *lane) drain() {
	for l.waiting() {
		l.free = append(l.free, l.ring[l.head&uint32(len(l.ring)-1)].slot)
		l.head++
	}
}
