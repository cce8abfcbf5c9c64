package tcp

// Unreached tells what an ICMP error says of a segment that was [Socket.Outstanding]: err is [ErrRefused] or
// [ErrUnreachable]. A hard error ends an attempt to open a connection; one that stands is not ended by anything but its
// own timers (RFC 5927 §5.2, RFC 1122 §4.2.3.9), and if those give up before the peer is heard again, the reason is
// [ErrNoWay].
func (s *Socket) Unreached(err error, hard bool) {
	if hard && (s.state == StateSynSent || s.state == StateSynReceived) {
		s.close(err)
		return
	}
	s.flags |= flagUnreached
}

// silent is why a connection whose peer does not answer ends: err, unless somebody has said more.
func (s *Socket) silent(err error) error {
	if s.flags&flagUnreached != 0 {
		return ErrNoWay
	}
	return err
}
