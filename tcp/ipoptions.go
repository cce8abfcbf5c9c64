package tcp

// HopLimit is what packets with this socket's segments are to have for a TTL or hop limit; 0: what the host chooses.
func (s *Socket) HopLimit() uint8 { return s.cfg.HopLimit }

// Traffic is the traffic class (type of service) of the one with the segment that Emit gave last: the DSCP in the upper
// six bits (RFC 2474 §3), the codepoint of explicit congestion notification in the lower two (RFC 3168 §5).
func (s *Socket) Traffic() uint8 { return s.cfg.DSCP<<2 | s.ecn() }
