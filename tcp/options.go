package tcp

import (
	"encoding/binary"
	"errors"
)

// Option kinds (RFC 9293 §3.2, RFC 7323, RFC 2018).
const (
	optEnd           = 0
	optNop           = 1
	optMSS           = 2
	optWScale        = 3
	optSACKPermitted = 4
	optSACK          = 5
	optTimestamps    = 8
)

// maxWScale is the largest window scale (RFC 7323 §2.3).
const maxWScale = 14

// ErrOptions says that a segment's options are cut off or have an impossible length.
var ErrOptions = errors.New("tcp: malformed options")

// Options are the TCP options that we know.
type Options struct {
	MSS           uint16 // maximum segment size; 0: absent
	WScale        int8   // window scale, 0 to 14; -1: absent
	SACKPermitted bool
	SACK          []byte // the blocks of a SACK option, 8 bytes each (RFC 2018 §3); aliases what was parsed
	HasTS         bool   // TSVal and TSEcr are there
	TSVal, TSEcr  uint32 // timestamps, in units of the sender's clock
}

// Parse reads the option bytes of a header. Unknown options are skipped (RFC 9293 §3.1, MUST-6); a length that is
// impossible is [ErrOptions] (MUST-7), and then the options before it stand in o.
func (o *Options) Parse(raw []byte) error {
	*o = Options{WScale: -1}
	// Nearly every segment carries just this: NOP, NOP, timestamps (RFC 7323 appendix A).
	if len(raw) == 12 && binary.BigEndian.Uint32(raw) == optNop<<24|optNop<<16|optTimestamps<<8|10 {
		o.HasTS, o.TSVal, o.TSEcr = true, binary.BigEndian.Uint32(raw[4:]), binary.BigEndian.Uint32(raw[8:])
		return nil
	}
	for len(raw) > 0 {
		switch raw[0] {
		case optEnd:
			return nil
		case optNop:
			raw = raw[1:]
			continue
		}
		if len(raw) < 2 || raw[1] < 2 || int(raw[1]) > len(raw) {
			return ErrOptions
		}
		o.one(raw[0], raw[2:raw[1]])
		raw = raw[raw[1]:]
	}
	return nil
}

// one takes one option; one whose length is not its kind's is taken as unknown.
func (o *Options) one(kind byte, b []byte) {
	switch {
	case kind == optMSS && len(b) == 2:
		o.MSS = binary.BigEndian.Uint16(b)
	case kind == optWScale && len(b) == 1:
		o.WScale = int8(min(b[0], maxWScale)) // a larger one counts as 14 (RFC 7323 §2.3)
	case kind == optSACKPermitted && len(b) == 0:
		o.SACKPermitted = true
	case kind == optSACK && len(b)%8 == 0 && len(b) > 0:
		o.SACK = b
	case kind == optTimestamps && len(b) == 8:
		o.HasTS, o.TSVal, o.TSEcr = true, binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	}
}

// maxOptions is the room that a header has for options, which timestamps and three SACK blocks fill.
const maxOptions = 40

// put writes the options of a SYN, padded to whole words, and gives their length.
func (o *Options) put(b []byte) int {
	n := 0
	if o.MSS != 0 {
		b[0], b[1] = optMSS, 4
		binary.BigEndian.PutUint16(b[2:], o.MSS)
		n += 4
	}
	if o.WScale >= 0 {
		b[n], b[n+1], b[n+2], b[n+3] = optNop, optWScale, 3, byte(o.WScale)
		n += 4
	}
	if o.HasTS {
		putTimestamps(b[n:], o.TSVal, o.TSEcr)
		if o.SACKPermitted { // in the place of the padding
			b[n], b[n+1] = optSACKPermitted, 2
		}
		n += tsLen
	} else if o.SACKPermitted {
		b[n], b[n+1], b[n+2], b[n+3] = optNop, optNop, optSACKPermitted, 2
		n += 4
	}
	return n
}

// tsLen is the length of the timestamps option with its padding.
const tsLen = 12

func putTimestamps(b []byte, val, ecr uint32) {
	_ = b[tsLen-1]
	b[0], b[1], b[2], b[3] = optNop, optNop, optTimestamps, 10
	binary.BigEndian.PutUint32(b[4:], val)
	binary.BigEndian.PutUint32(b[8:], ecr)
}
