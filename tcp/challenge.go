package tcp

// challengeACK sends an ACK that makes a true peer show itself, within the limits of RFC 5961 §7: one in half a second for each connection, and
// Env.ChallengeACKs in a second for all.
func (s *Socket) challengeACK(now Instant) {
	ms := now.millis()
	if s.challengeAt != 0 && ms-s.challengeAt < 500 {
		return
	}
	limit := s.env.ChallengeACKs
	if limit == 0 {
		limit = DefaultChallengeACKs
	}
	if second := now / 1e9; second != s.env.challengeSecond {
		s.env.challengeSecond, s.env.challengeCount = second, 0
	}
	if s.env.challengeCount >= limit {
		return
	}
	s.env.challengeCount++
	s.env.Stats.ChallengeACKs++
	s.challengeAt = max(ms, 1)
	s.ackNow()
}
