package simnet

import (
	"bytes"
	"math/rand/v2"
)

// Stream is an endless sequence of bytes, each known by its offset, that differs from every other stream.
type Stream struct{ start int64 }

// streamPeriod is prime, so that a segment, a ring or a record put in the wrong place never looks right.
const streamPeriod = 65521

// streamTable is one period, and what a chunk that begins at its end needs.
var streamTable = func() []byte {
	rng := rand.New(rand.NewPCG(1, 1))
	t := make([]byte, 2*streamPeriod)
	for i := range streamPeriod {
		t[i] = byte(rng.Uint32())
	}
	copy(t[streamPeriod:], t[:streamPeriod])
	return t
}()

// NewStream gives the stream of that number.
func NewStream(n uint64) Stream { return Stream{int64(n * 0x9e3779b97f4a7c15 % streamPeriod)} }

// at gives the bytes from offset on, as many as lie in one piece: at least one period's worth, or n.
func (s Stream) at(offset int64, n int) []byte {
	i := (s.start + offset) % streamPeriod
	return streamTable[i:min(i+int64(n), i+streamPeriod)]
}

// Fill writes the bytes from offset on into p.
func (s Stream) Fill(p []byte, offset int64) {
	for len(p) > 0 {
		n := copy(p, s.at(offset, len(p)))
		p, offset = p[n:], offset+int64(n)
	}
}

// Check compares p with the bytes from offset on. It gives the offset of the first that differs, or -1.
func (s Stream) Check(p []byte, offset int64) int64 {
	for len(p) > 0 {
		want := s.at(offset, len(p))
		if !bytes.Equal(p[:len(want)], want) {
			for i := range want {
				if p[i] != want[i] {
					return offset + int64(i)
				}
			}
		}
		p, offset = p[len(want):], offset+int64(len(want))
	}
	return -1
}
