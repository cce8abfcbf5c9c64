package tcp

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"

	"smoltls/internal/bufpool"
)

// Env is what the sockets of one stack share. The zero Env is ready to use.
type Env struct {
	Pool  *bufpool.Pool // memory of all send and receive queues, under one bound; nil: one with the default bounds
	Rand  io.Reader     // entropy; nil: crypto/rand
	Stats Stats

	// ChallengeACKs bounds the challenge ACKs that all sockets together send in a second (RFC 5961 §7), at a number
	// between half and one and a half times this that nobody can know; 0: [DefaultChallengeACKs].
	ChallengeACKs int

	challengeSecond Instant // the second that is counted
	challengeCount  uint32
	challengeLimit  uint32 // its limit
	freeOOO         []*outOfOrder
	freeSenders     []*sender

	seeded       bool
	tsOffset     uint32   // what timestamps begin with (RFC 7323 §5.4)
	cookieSecret [32]byte // of SYN cookies
}

// seed draws what must differ from stack to stack. The clock of timestamps is the stack's, so that it tells nobody how
// long that has been up, and rises from one connection of a four-tuple to the next, on which a peer in TIME-WAIT relies
// (RFC 6191 §2).
func (e *Env) seed() error {
	if e.seeded {
		return nil
	}
	var b [4 + len(e.cookieSecret)]byte
	if err := e.random(b[:]); err != nil {
		return err
	}
	e.seeded, e.tsOffset = true, binary.BigEndian.Uint32(b[:])
	copy(e.cookieSecret[:], b[4:])
	return nil
}

// random fills b.
func (e *Env) random(b []byte) error {
	r := e.Rand
	if r == nil {
		r = rand.Reader
	}
	if _, err := io.ReadFull(r, b); err != nil {
		return fmt.Errorf("tcp: no entropy: %w", err)
	}
	return nil
}

// DefaultChallengeACKs is the default of [Env].ChallengeACKs.
const DefaultChallengeACKs = 1000

// maxFreeOOO and maxKeptRanges bound what is kept for reuse of records of out-of-order data.
const (
	maxFreeOOO    = 64
	maxKeptRanges = 1024
)

// Stats counts what happened on all sockets of an [Env].
type Stats struct {
	SegmentsIn, SegmentsOut uint64
	BytesIn, BytesOut       uint64 // payload taken in order; payload sent, retransmissions included

	ActiveOpens, PassiveOpens uint64
	Established               uint64 // handshakes completed
	ResetsIn, ResetsOut       uint64
	Failures                  uint64 // connections that ended with an error

	SYNCookies      uint64 // SYNs answered by a cookie, because the queue was full
	SYNCookiesTaken uint64 // connections opened by one that came back

	Retransmits     uint64 // segments sent again
	Timeouts        uint64 // retransmission timer expiries
	FastRetransmits uint64 // recoveries entered because ACKs showed a loss
	DuplicateACKs   uint64 // of peers without SACK
	DSACKs          uint64 // reports of something received twice (RFC 2883)
	TailProbes      uint64 // RFC 8985 §7
	PathProbes      uint64 // segments longer than what was known to get through (RFC 4821)
	Reneges         uint64 // timeouts at which the peer had dropped what it had reported (RFC 2018 §8)

	CEMarks       uint64 // segments that a router had marked (RFC 3168)
	ECNReductions uint64 // windows reduced because the peer told of such

	SpuriousRecoveries uint64 // taken back: nothing was lost
	ScoreboardFull     uint64 // reports that were not noted, because there were too many gaps

	OutOfOrder uint64 // segments that left a gap before them

	ReassembliesExpired uint64 // data beyond a gap that was dropped, because nothing of what is missing came
	ZeroProbes          uint64
	KeepAliveProbes     uint64
	ChallengeACKs       uint64

	// Segments dropped, by reason.
	DropNotAcceptable   uint64 // outside of the window (RFC 9293 §3.10.7.4)
	DropPAWS            uint64 // old timestamp (RFC 7323 §5)
	DropNoTimestamp     uint64 // timestamps were agreed on, the segment has none (RFC 7323 §3.2)
	DropNoACK           uint64 // neither SYN, RST nor ACK
	DropBadACK          uint64 // acknowledges what was never sent, or long ago
	DropNoMemory        uint64 // the pool is at its bound
	DropOutOfOrderFull  uint64 // too many gaps
	DropSYNQueueFull    uint64
	DropAcceptQueueFull uint64
	DropSYNCookie       uint64 // ACKs that belong to no connection and bring no cookie of ours
	DropAfterClose      uint64 // data for a socket that its application has closed
	DropTimeWaitRST     uint64 // RST in TIME-WAIT (RFC 1337)
	DropSYNData         uint64 // SYNs whose data was left to be sent again, when the handshake is done
	DropClosed          uint64 // for a socket that is closed

	WriteNoMemory uint64 // writes that the pool had no memory for
}

func (e *Env) getOOO() *outOfOrder {
	if n := len(e.freeOOO); n > 0 {
		o := e.freeOOO[n-1]
		e.freeOOO = e.freeOOO[:n-1]
		return o
	}
	return &outOfOrder{expires: Never}
}

func (e *Env) putOOO(o *outOfOrder) {
	ranges := o.ranges[:0]
	if cap(ranges) > maxKeptRanges {
		ranges = nil
	}
	*o = outOfOrder{ranges: ranges, expires: Never}
	if len(e.freeOOO) < maxFreeOOO {
		e.freeOOO = append(e.freeOOO, o)
	}
}
