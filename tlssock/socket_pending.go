package tlssock

// Pending gives what s waits for, nil for nothing. Advance reports it as news. While the handshake waits, what arrives
// stays with TCP, whose window holds the peer.
func (s *Socket) Pending() *Pending {
	if s.failed() {
		return nil
	}
	return s.eng.Pending()
}

// Deliver gives the answer to p, and s goes on: at once as far as what has arrived allows, and with the next Advance.
// It fails with [ErrNotPending] when p is not what s waits for (any more), which changes nothing; another error is why
// the connection failed. See [Engine.Deliver].
//
// A socket of a set is answered by the set's Deliver, which sees to it that the next poll advances it.
func (s *Socket) Deliver(p *Pending, a Answer) error {
	if s.failed() {
		return ErrNotPending
	}
	err := s.eng.Deliver(p, a)
	if err == ErrNotPending {
		return err
	}
	s.told &^= waitsForAnswer
	if err != nil {
		s.fail(err)
		return err
	}
	s.showEarly()
	s.openEager()
	s.flush()
	return s.Err()
}
