package tunserver

import (
	"slices"

	"smoltls/tlssock"
)

// earlyRoom is how much early data is read at a time, in bytes.
const earlyRoom = 4 << 10

// take appends what has arrived to b: early data while the handshake is under way, which may be a replay, and
// everything else after it.
func take(s *tlssock.Socket, b []byte) ([]byte, error) {
	if !s.Engine().HandshakeComplete() && s.Err() == nil {
		b = slices.Grow(b, earlyRoom)
		n, err := s.TryReadEarly(b[len(b):cap(b)])
		return b[:len(b)+n], err
	}
	p, err := s.Peek()
	if err != nil {
		return b, err
	}
	b = append(b, p...)
	s.Discard(len(p))
	return b, nil
}

// give sends p: while the handshake is under way as an answer to early data.
func give(s *tlssock.Socket, p []byte) (int, error) {
	if !s.Engine().HandshakeComplete() && s.Err() == nil {
		return s.TryWriteEarly(p)
	}
	return s.TryWrite(p)
}
