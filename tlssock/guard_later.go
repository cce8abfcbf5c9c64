package tlssock

// guardLater is a guard whose answers are always pending.
type guardLater struct{ ReplayGuard }

// GuardLater gives a guard for [Config].ReplayGuard that is never asked within a poll: the connection waits, and its
// [Pending] has g, so that [Pending.Judge] in another goroutine asks it, for as long as that takes. It is for guards
// that several servers share across a network.
//
// What early data the client sends meanwhile stays with TCP. Who drives the connection delivers an Answer with an Err
// when it has waited long enough: early data is refused then, and the handshake goes on without; a set does so by
// itself. GuardLater(nil) is nil.
func GuardLater(g ReplayGuard) ReplayGuard {
	if g == nil {
		return nil
	}
	return guardLater{g}
}

// Judge asks the guard that p waits for, for as long as that takes, and gives the answer to be delivered. It may be
// called by any goroutine.
func (p *Pending) Judge() Answer {
	if p.Kind != PendingEarlyData {
		return Answer{Err: ErrNotPending}
	}
	return Answer{EarlyData: p.ReplayGuard.Accept(p.Asked, *p.EarlyHello)}
}

// askGuard asks whether the hello's early data, which is acceptable otherwise, came before. p is not nil when the
// answer comes later.
func (h *serverHandshake) askGuard() (p *Pending, ok bool) {
	now, guard := h.e.env.Now, h.replayGuard(h.e.env.Now)
	if later, is := guard.(guardLater); is {
		hello := h.earlyIn.hello
		return &Pending{Kind: PendingEarlyData, ReplayGuard: later.ReplayGuard, EarlyHello: &hello, Asked: now}, false
	}
	return nil, guard.Accept(now, h.earlyIn.hello)
}
