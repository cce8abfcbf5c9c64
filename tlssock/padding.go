package tlssock

import (
	"fmt"

	"smoltls/tlssock/internal/suite"
)

// fillPadding takes Config.RecordPadding.
func (p *prepared) fillPadding(c *Config) error {
	if c.RecordPadding < 0 || c.RecordPadding > suite.MaxPlaintext {
		return fmt.Errorf("RecordPadding %d: want 0 to %d", c.RecordPadding, suite.MaxPlaintext)
	}
	p.padding = uint16(c.RecordPadding)
	return nil
}

// padding is how many zeros go behind n bytes of content (RFC 8446 §5.4): up to the next multiple of
// Config.RecordPadding, but never more than the peer takes, whose record_size_limit counts them (RFC 8449 §4).
func (e *Engine) padding(n int) int {
	block := int(e.prep.padding)
	if block <= 1 {
		return 0
	}
	return max(0, min((block-n%block)%block, e.sendLimit()-n))
}

// SealedLen is the length in bytes of the record that Seal makes of n bytes, padding included.
func (e *Engine) SealedLen(n int) int { return n + e.padding(n) + e.out.Overhead() }
