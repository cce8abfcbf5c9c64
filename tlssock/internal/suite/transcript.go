package suite

import (
	"encoding"
	"errors"
)

// MaxPending is the most bytes of handshake messages, in practice of one
// ClientHello, that a Transcript keeps while its hash is not known.
const MaxPending = 1 << 16

const (
	// keepPending is how much of that memory outlives Reset: a ClientHello with a
	// hybrid key share fits.
	keepPending = 4 << 10

	maxStateSize = 256 // of a marshaled SHA-384 state, with room

	typeMessageHash = 254 // RFC 8446 §4
)

// ErrPending says that more than MaxPending bytes of handshake messages came before
// the hash was chosen.
var ErrPending = errors.New("suite: handshake messages before the choice of a hash are too long")

// A Transcript is the running hash of a handshake's messages (RFC 8446 §4.4.1).
// Each message is hashed once, and the hash can be taken at any point.
//
// A client does not know the hash until the ServerHello. Until then the messages
// are kept, not hashed with every candidate: the copy of one ClientHello costs
// less than a second hash over it, the bytes come from pooled memory that is
// reused, and the hash of a PSK binder can be had for any candidate.
//
// The zero Transcript is empty and ready to use; its hash is not chosen.
type Transcript struct {
	hashes  hashes
	hash    Hash
	pending []byte
	message [4 + MaxHashSize]byte // the synthetic message_hash
}

// Reset empties t for another handshake and keeps its memory, so that a pooled
// Transcript allocates nothing.
func (t *Transcript) Reset() {
	t.hash = NoHash
	if cap(t.pending) > keepPending {
		t.pending = nil
	}
	t.pending = t.pending[:0]
}

// Hash returns the hash that was chosen, or NoHash.
func (t *Transcript) Hash() Hash { return t.hash }

// Choose settles the hash and hashes what was kept. It must be called once, and h
// must not be NoHash. Afterwards Add can't fail.
func (t *Transcript) Choose(h Hash) {
	t.hash = h
	t.hashes.reset(h).Write(t.pending)
	t.pending = t.pending[:0]
}

// Add appends handshake messages, or parts of one, with their headers. It does not
// retain p. It fails with ErrPending.
func (t *Transcript) Add(p []byte) error {
	if t.hash != NoHash {
		t.hashes[t.hash-1].Write(p)
		return nil
	}
	if len(p) > MaxPending-len(t.pending) {
		return ErrPending
	}
	t.pending = append(t.pending, p...)
	return nil
}

// Sum appends to dst the hash of everything added; nothing if no hash was chosen.
func (t *Transcript) Sum(dst []byte) []byte {
	if t.hash == NoHash {
		return dst
	}
	return t.hashes[t.hash-1].Sum(dst)
}

// SumWith appends to dst what Sum would give if p were added too, and leaves t as
// it is: a PSK binder covers a ClientHello up to the binders (RFC 8446 §4.2.11.2).
// Before Choose h may be any hash but NoHash; afterwards it must be the chosen one,
// and otherwise nothing is appended.
func (t *Transcript) SumWith(sc *Scratch, dst []byte, h Hash, p []byte) []byte {
	m := sc.hashes.reset(h)
	switch t.hash {
	case NoHash:
		m.Write(t.pending)
	case h:
		state, err := t.hashes[h-1].(encoding.BinaryAppender).AppendBinary(sc.state[:0])
		if err == nil {
			err = m.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
		}
		if err != nil {
			return dst
		}
	default:
		return dst
	}
	m.Write(p)
	return m.Sum(dst)
}

// AppendState appends to dst the state of the chosen hash, so that SetState can go on from
// here later; nothing if no hash was chosen. It holds no secret: what the messages were
// is not to be had from it.
func (t *Transcript) AppendState(dst []byte) []byte {
	if t.hash == NoHash {
		return dst
	}
	state, err := t.hashes[t.hash-1].(encoding.BinaryAppender).AppendBinary(dst)
	if err != nil {
		return dst
	}
	return state
}

// SetState makes t what it was when AppendState gave state; h must be the hash that was
// chosen then. It fails when state is none of h.
func (t *Transcript) SetState(h Hash, state []byte) error {
	t.Reset()
	if err := t.hashes.reset(h).(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		return err
	}
	t.hash = h
	return nil
}

// Retry replaces ClientHello1, which must be all that was added, by the message_hash
// that stands for it after a HelloRetryRequest (RFC 8446 §4.4.1). The hash must have
// been chosen. The HelloRetryRequest itself is added next.
func (t *Transcript) Retry() {
	n := t.hash.Size()
	m := t.hashes[t.hash-1]
	t.message = [4 + MaxHashSize]byte{typeMessageHash, 0, 0, byte(n)}
	m.Sum(t.message[4:4])
	m.Reset()
	m.Write(t.message[:4+n])
}
