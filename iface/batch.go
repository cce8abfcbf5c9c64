package iface

import "smoltls/phy"

// batch is frames that a device hands over many at a time, by phy.Batcher.
type batch struct {
	dev  phy.Batcher
	bufs [phy.MaxBatch][]byte
	lens [phy.MaxBatch]int
}

// sendBatch is how many buffers are asked for at a time: most connections have no more to send, and what is not used
// keeps memory.
const sendBatch = 16

// openBatch finds out whether the device has batches. With offload they are not worth much: a super-segment is one
// already.
func (i *Interface) openBatch() {
	if d, ok := i.dev.(phy.Batcher); ok && i.offload == nil {
		i.batch = &batch{dev: d}
	}
}

// ingressBatches is Ingress for frames of a device that has batches.
func (i *Interface) ingressBatches(maxFrames int) (n int, err error) {
	b := i.batch
	for n < maxFrames {
		k, err := b.dev.ReceiveBatch(i.clock, b.bufs[:min(maxFrames-n, len(b.bufs))])
		for _, frame := range b.bufs[:k] {
			i.take(frame)
		}
		if n += k; k == 0 || err != nil {
			return n, err
		}
	}
	return n, nil
}

// sendBatches sends up to limit segments of c's in batches.
func (i *Interface) sendBatches(c *Conn, limit int) (n int, more bool, err error) {
	for more = true; n < limit && more && !i.blocked && err == nil; {
		var k int
		k, more, err = i.sendBatch(c, limit-n)
		n += k
	}
	return n, more, err
}

// sendBatch lets c send up to limit segments in one batch. more: it may have more to send.
func (i *Interface) sendBatch(c *Conn, limit int) (n int, more bool, err error) {
	b := i.batch
	bufs := b.bufs[:b.dev.BufferBatch(b.bufs[:min(limit, sendBatch)], i.hdrLen+i.mtu)]
	if len(bufs) == 0 {
		i.blocked = true
		return 0, true, nil
	}
	k := 0
	for ; k < len(bufs); k++ {
		if b.lens[k] = i.emit(c, bufs[k]); b.lens[k] == 0 {
			break
		}
	}
	if n, err = b.dev.SendBatch(i.clock, b.lens[:k]); err != nil {
		k = n
	}
	for _, length := range b.lens[:k] {
		i.sent(length)
	}
	return n, err != nil || k == len(bufs), err
}
