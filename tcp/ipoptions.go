package tcp

// HopLimit is what packets with this socket's segments are to have for a TTL or hop limit; 0: what the host chooses.
func (s *Socket) HopLimit() uint8 { return s.cfg.HopLimit }

// Traffic is their traffic class (type of service): the DSCP in the upper six bits (RFC 2474 §3).
func (s *Socket) Traffic() uint8 { return s.cfg.DSCP << 2 }
