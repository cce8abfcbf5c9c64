package tcp

// Seq is a sequence number. Sequence numbers are compared modulo 2^32 (RFC 9293 §3.4), which is right while they are
// less than 2^31 apart.
type Seq uint32

// Less reports whether s comes before t.
func (s Seq) Less(t Seq) bool { return int32(s-t) < 0 }

// LessEq reports whether s comes before t or is t.
func (s Seq) LessEq(t Seq) bool { return int32(s-t) <= 0 }

// Add gives the sequence number n bytes after s.
func (s Seq) Add(n int) Seq { return s + Seq(uint32(n)) }

// Sub gives how many bytes s comes after t; negative when it comes before.
func (s Seq) Sub(t Seq) int { return int(int32(s - t)) }

func maxSeq(a, b Seq) Seq {
	if a.Less(b) {
		return b
	}
	return a
}
