package set

import (
	"errors"

	"smoltls/tcp"
	"smoltls/tlssock"
)

// errGuardTimeout is what a socket is told in place of its replay guard's answer.
var errGuardTimeout = errors.New("set: the replay guard took too long")

// guarded is a question to a replay guard.
type guarded struct {
	p   *tlssock.Pending
	due tcp.Instant
}

// noteGuarded puts p, which is new, under Limits.GuardTimeout if it is a question to a replay guard.
func (s *TLSSocketSet) noteGuarded(p *tlssock.Pending) {
	if p.Kind != tlssock.PendingEarlyData || s.limits.GuardTimeout < 0 {
		return
	}
	s.guarded = prune(s.guarded, func(g guarded) bool { return s.asking(g.p) == nil }) // the first may be answered last
	s.guarded = append(s.guarded, guarded{p, s.now + tcp.Instant(s.limits.GuardTimeout)})
}

// guardDeadline is when the first of those that wait for a replay guard has waited long enough, or [tcp.Never].
func (s *TLSSocketSet) guardDeadline() tcp.Instant {
	for len(s.guarded) > 0 {
		if s.asking(s.guarded[0].p) != nil {
			return s.guarded[0].due
		}
		s.guarded[0] = guarded{}
		s.guarded = s.guarded[1:]
	}
	s.guarded = nil
	return tcp.Never
}

// expireGuarded sends on, without early data, those that have waited long enough for a replay guard.
func (s *TLSSocketSet) expireGuarded() {
	for s.guardDeadline() <= s.now {
		_ = s.Deliver(s.guarded[0].p, tlssock.Answer{Err: errGuardTimeout}) // whom nobody answers any more was passed over
	}
}
