package suite

import (
	"crypto/subtle"
	"hash"
)

// The bytes that RFC 2104 §2 combines the key with.
var ipad, opad = filled(0x36), filled(0x5c)

func filled(b byte) (block [maxBlockSize]byte) {
	for i := range block {
		block[i] = b
	}
	return block
}

// HMAC appends to dst the HMAC (RFC 2104) of the concatenated message parts under
// key, h.Size() bytes. Neither key nor message is retained; dst may overlap both.
func (h Hash) HMAC(sc *Scratch, dst, key []byte, message ...[]byte) []byte {
	sc.setKey(h, key)
	m := sc.begin(h)
	for _, part := range message {
		m.Write(part)
	}
	return sc.finish(h, m, dst)
}

// setKey makes key the HMAC key of the following begin and finish.
func (sc *Scratch) setKey(h Hash, key []byte) {
	if len(key) > h.blockSize() {
		m := sc.hashes.reset(h)
		m.Write(key)
		key = m.Sum(sc.inner[:0])
	}
	n := h.blockSize()
	clear(sc.ipad[:n])
	copy(sc.ipad[:n], key)
	subtle.XORBytes(sc.opad[:n], sc.ipad[:n], opad[:n])
	subtle.XORBytes(sc.ipad[:n], sc.ipad[:n], ipad[:n])
}

// begin returns the hash to which the message is to be written.
func (sc *Scratch) begin(h Hash) hash.Hash {
	m := sc.hashes.reset(h)
	m.Write(sc.ipad[:h.blockSize()])
	return m
}

// finish appends to dst the HMAC of the message that was written to m.
func (sc *Scratch) finish(h Hash, m hash.Hash, dst []byte) []byte {
	inner := m.Sum(sc.inner[:0])
	m.Reset()
	m.Write(sc.opad[:h.blockSize()])
	m.Write(inner)
	return m.Sum(dst)
}
