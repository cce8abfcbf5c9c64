package phy

import "time"

// heldFrames keeps frames until they are due: a binary heap over numbered, pooled slots. Frames due
// at the same time leave in the order in which they came.
type heldFrames struct {
	slots    [][]byte
	free     []int32
	heap     []heldFrame
	order    uint64
	frameMax int
	limit    int // slots that may exist
}

type heldFrame struct {
	due     time.Time
	order   uint64
	slot, n int32
}

func (h *heldFrames) init(frameMax, limit int) { h.frameMax, h.limit = frameMax, limit }

// full reports whether take would fail.
func (h *heldFrames) full() bool { return len(h.free) == 0 && len(h.slots) >= h.limit }

// take gives out a slot of at least n bytes; the caller has made sure that there is one.
func (h *heldFrames) take(n int) int32 {
	var slot int32
	if top := len(h.free) - 1; top >= 0 {
		slot = h.free[top]
		h.free = h.free[:top]
	} else {
		slot = int32(len(h.slots))
		h.slots = append(h.slots, make([]byte, h.frameMax))
	}
	if len(h.slots[slot]) < n { // the device's MTU was raised after we looked
		h.slots[slot] = make([]byte, n)
	}
	return slot
}

// release takes a slot back that is in nobody's hands any more.
func (h *heldFrames) release(slot int32) { h.free = append(h.free, slot) }

func (h *heldFrames) bytes(f heldFrame) []byte { return h.slots[f.slot][:f.n:f.n] }

func (h *heldFrames) empty() bool { return len(h.heap) == 0 }

// next is when the first frame is due; zero without one.
func (h *heldFrames) next() time.Time {
	if h.empty() {
		return time.Time{}
	}
	return h.heap[0].due
}

// due returns the first frame if its time has come.
func (h *heldFrames) due(now time.Time) (heldFrame, bool) {
	if h.empty() || h.heap[0].due.After(now) {
		return heldFrame{}, false
	}
	return h.heap[0], true
}

func (h *heldFrames) before(i, j int) bool {
	a, b := &h.heap[i], &h.heap[j]
	if a.due.Equal(b.due) {
		return a.order < b.order
	}
	return a.due.Before(b.due)
}

func (h *heldFrames) push(due time.Time, slot int32, n int) {
	h.order++
	h.heap = append(h.heap, heldFrame{due, h.order, slot, int32(n)})
	for i := len(h.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h.before(i, parent) {
			return
		}
		h.heap[i], h.heap[parent] = h.heap[parent], h.heap[i]
		i = parent
	}
}

// pop forgets the first frame; its slot stays with the caller.
func (h *heldFrames) pop() {
	last := len(h.heap) - 1
	h.heap[0] = h.heap[last]
	h.heap = h.heap[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return
		}
		if child+1 < last && h.before(child+1, child) {
			child++
		}
		if !h.before(child, i) {
			return
		}
		h.heap[i], h.heap[child] = h.heap[child], h.heap[i]
		i = child
	}
}
