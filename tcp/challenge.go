package tcp

import "encoding/binary"

// challengeACK sends an ACK that makes a true peer show itself, within the limits of RFC 5961 §7: one in half a second
// for each connection, and Env.ChallengeACKs in a second for all.
func (s *Socket) challengeACK(now Instant) {
	ms := now.millis()
	if s.challengeAt != 0 && ms-s.challengeAt < 500 {
		return
	}
	if !s.env.mayChallenge(now) {
		return
	}
	s.env.Stats.ChallengeACKs++
	s.challengeAt = max(ms, 1)
	s.ackNow()
}

// mayChallenge takes one of the challenge ACKs that this second has. How many it has is nobody's to know: whoever could
// count them to the last on a connection of his own would see by what is missing whether a forgery had hit another's
// (CVE-2016-5696).
func (e *Env) mayChallenge(now Instant) bool {
	if second := now / 1e9; second != e.challengeSecond || e.challengeLimit == 0 {
		limit := uint32(DefaultChallengeACKs)
		if e.ChallengeACKs > 0 {
			limit = uint32(min(e.ChallengeACKs, 1<<30))
		}
		e.challengeSecond, e.challengeCount, e.challengeLimit = second, 0, (limit+1)/2
		var b [4]byte
		if e.random(b[:]) == nil {
			e.challengeLimit += binary.BigEndian.Uint32(b[:]) % limit
		}
	}
	if e.challengeCount >= e.challengeLimit {
		return false
	}
	e.challengeCount++
	return true
}
