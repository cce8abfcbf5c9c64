package tlssock

import (
	"fmt"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// minRecordSize is the least that a peer may be held to (RFC 8449 §4), in bytes of content.
const minRecordSize = 64

// fillRecordSizes takes the bounds on records from the configuration: 0 is what the protocol has.
func (p *prepared) fillRecordSizes(c *Config) error {
	for _, f := range []struct {
		name string
		from int
		to   *uint16
	}{{"MaxRecordSize", c.MaxRecordSize, &p.recvSize}, {"MaxSendRecordSize", c.MaxSendRecordSize, &p.sendSize}} {
		switch {
		case f.from == 0:
			*f.to = suite.MaxPlaintext
		case f.from < minRecordSize || f.from > suite.MaxPlaintext:
			return fmt.Errorf("%s %d: want %d to %d", f.name, f.from, minRecordSize, suite.MaxPlaintext)
		default:
			*f.to = uint16(f.from)
		}
	}
	return nil
}

// maxOverhead is what a record is longer than its content, at most: header, content type and tag.
const maxOverhead = suite.HeaderLen + 1 + 16

// fitRecords lowers the most content of a record that we take to what fits, with everything around it, into a receive
// buffer of so many bytes. It is for before the handshake.
func (e *Engine) fitRecords(buffer int) {
	if n := buffer - maxOverhead; n < suite.MaxPlaintext {
		e.recvSize = uint16(max(n, minRecordSize))
	}
}

// ownRecvSize is the most content of a record that we take, in bytes.
func (e *Engine) ownRecvSize() uint16 {
	if e.recvSize > 0 {
		return min(e.recvSize, e.prep.recvSize)
	}
	return e.prep.recvSize
}

// ownRecordSizeLimit is the value of record_size_limit that we send. In TLS 1.3 it counts the content type (RFC 8449
// §4).
func (e *Engine) ownRecordSizeLimit() uint16 { return e.ownRecvSize() + 1 }

// holdRecordSizes takes the peer's record_size_limit. From here on both sides keep to what the other has said, in
// protected records.
func (e *Engine) holdRecordSizes(limit uint16) error {
	if limit < minRecordSize {
		return faultf(AlertIllegalParameter, "record_size_limit %d: at least %d is needed", limit, minRecordSize)
	}
	e.sendSize = min(e.prep.sendSize, limit-1)
	e.recvSize = e.ownRecvSize()
	return nil
}

// sendLimit is the most content that a record of ours holds now.
func (e *Engine) sendLimit() int {
	if e.sendSize == 0 || e.out.Suite() == nil {
		return int(e.prep.sendSize)
	}
	return int(e.sendSize)
}

// recvLimit is the longest record that the peer may send now, without its header.
func (e *Engine) recvLimit() int {
	if e.sendSize == 0 || e.in.Suite() == nil || e.takesEarly() || e.passOver > 0 { // early data, accepted or not, was sent before we said so
		return suite.MaxCiphertext
	}
	return int(e.recvSize) + e.in.Overhead() - suite.HeaderLen
}

// offerRecordSize adds record_size_limit to a client's hello, if there is something to say.
func (h *clientHandshake) offerRecordSize() {
	if h.e.ownRecvSize() < suite.MaxPlaintext {
		h.hello.RecordSizeLimit = h.e.ownRecordSizeLimit()
		h.hello.Has.Add(wire.ExtRecordSizeLimit)
	}
}
