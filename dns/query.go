package dns

import (
	"errors"
	"net/netip"
	"slices"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"smoltls/iface"
)

// Answer is what a name's addresses are.
type Answer struct {
	Addrs     []netip.Addr  // in the order in which the server gave them
	Canonical string        // the name that has them, with its last dot: where the aliases end
	TTL       time.Duration // for how long they are good
}

// asking is how far a question has got.
type asking struct {
	target  dnsmessage.Name // that is asked for: where the aliases known so far end
	aliases int
	ttl     time.Duration // least of the aliases' so far

	id      uint16
	tries   int  // servers asked for target
	plain   bool // this server is asked without EDNS
	stream  bool // and by TCP: its answer was truncated
	due     time.Time
	udp     *iface.UDPSocket // nil: not asked by UDP
	lastErr error            // why the last server that was asked gave no answer
}

func (a Answer) clone(ttl time.Duration) Answer {
	a.Addrs, a.TTL = slices.Clone(a.Addrs), ttl
	return a
}

// Query is one lookup.
type Query struct {
	c        *Client
	asked    string // as the caller spelt it
	typ      Type
	question question // that the answer is kept under
	leader   *Query   // that is under way for the same question, whose answer is waited for; nil: this one asks itself
	asking

	done   bool
	answer Answer
	err    error
}

// Done reports whether Answer has something to say.
func (q *Query) Done() bool { return q.done }

// Answer gives the answer, or an *Error that says why there is none. Before the query is done it is an empty one.
func (q *Query) Answer() (Answer, error) {
	if q.err != nil {
		return Answer{}, &Error{q.asked, q.typ, q.err}
	}
	return q.answer, nil
}

// Cancel ends the query with ErrClosed if it is not done.
func (q *Query) Cancel() {
	if !q.done {
		q.handOver()
		q.finish(Answer{}, ErrClosed)
		q.c.sweep()
	}
}

// isAddress answers with the name itself, which is an address.
func (q *Query) isAddress(addr netip.Addr) {
	if addr.Is4() != (q.typ == A) {
		q.finish(Answer{}, ErrNoData)
		return
	}
	q.finish(Answer{Addrs: []netip.Addr{addr}, Canonical: q.asked, TTL: q.c.cfg.MaxTTL}, nil)
}

// finish ends it.
func (q *Query) finish(a Answer, err error) {
	q.rest()
	q.done, q.answer, q.err = true, a, err
	if err != nil {
		q.c.stats.Failed++
	}
}

// rest stops waiting for the server that was asked.
func (q *Query) rest() {
	if q.udp != nil {
		q.udp.Close()
		q.udp = nil
	}
	for _, s := range q.c.streams {
		s.forget(q)
	}
}

func (q *Query) newID() (err error) {
	q.id, err = q.c.random()
	return err
}

// server is the one that is asked.
func (q *Query) server() netip.AddrPort { return q.c.cfg.Servers[q.tries%len(q.c.cfg.Servers)] }

// try asks the server whose turn it is, or the next that can be asked.
func (q *Query) try(now time.Time) {
	for ; q.tries < len(q.c.cfg.Servers)*q.c.cfg.Rounds; q.tries++ {
		err := q.ask(now)
		if err == nil {
			return
		}
		q.rest()
		q.lastErr = err
	}
	if q.lastErr == nil {
		q.lastErr = ErrTimeout
	}
	q.finish(Answer{}, q.lastErr)
}

// next goes on to the next server, because err.
func (q *Query) next(now time.Time, err error) {
	q.rest()
	q.lastErr, q.plain, q.stream = err, false, false
	q.tries++
	q.try(now)
}

// ask sends the question.
func (q *Query) ask(now time.Time) error {
	round := q.tries / len(q.c.cfg.Servers)
	q.due = now.Add(q.c.cfg.Timeout << min(round, 10))
	if q.c.cfg.TLS != nil || q.stream {
		return q.c.streamTo(q.server(), now).ask(q)
	}
	b, err := ask(q.id, q.target, q.typ, q.plain, false)
	if err != nil {
		return err
	}
	local := netip.IPv4Unspecified()
	if q.server().Addr().Is6() {
		local = netip.IPv6Unspecified()
	}
	q.udp = &iface.UDPSocket{}
	if err := q.c.ifc.OpenUDP(q.udp, q, netip.AddrPortFrom(local, 0), iface.PacketConfig{RecvPackets: 8}); err != nil { // a random port (RFC 5452 §9.2)
		q.udp = nil
		return err
	}
	if err := q.udp.Connect(q.server()); err != nil {
		return err
	}
	q.c.stats.UDP++
	return q.udp.TrySend(b)
}

// PacketEvent implements iface.PacketOwner. Poll looks at every query that is under way.
func (q *Query) PacketEvent() {}

// poll takes what has come by UDP, and loses patience.
func (q *Query) poll(now time.Time) {
	if q.leader != nil {
		q.shared()
		return
	}
	for q.udp != nil {
		n, _, err := q.udp.TryRecv(q.c.buf)
		if errors.Is(err, iface.ErrWouldBlock) {
			break
		}
		if err != nil { // such as that nobody listens there
			q.next(now, err)
			return
		}
		q.take(now, q.c.buf[:n])
	}
	if !q.done && !now.Before(q.due) {
		for _, s := range q.c.streams {
			s.timedOut(q)
		}
		q.next(now, ErrTimeout)
	}
}

// take looks whether b is the answer.
func (q *Query) take(now time.Time, b []byte) {
	r, err := parse(b, q.id, q.target, q.typ, q.c.cfg.Limits)
	switch {
	case errors.Is(err, errForeign):
		q.c.stats.Foreign++ // the right one may still come
	case errors.Is(err, ErrAliases):
		q.finish(Answer{}, err)
	case err != nil:
		q.next(now, err)
	case r.truncated && q.udp != nil: // RFC 7766 §5
		q.c.stats.Truncated++
		q.again(now, func() { q.stream = true })
	case !q.plain && knowsNoEDNS(r.code):
		q.again(now, func() { q.plain = true })
	default:
		q.conclude(now, &r)
	}
}

// again asks the same server in another way.
func (q *Query) again(now time.Time, change func()) {
	q.rest()
	change()
	q.try(now)
}

// conclude draws the conclusion from an answer.
func (q *Query) conclude(now time.Time, r *reply) {
	switch {
	case r.truncated:
		q.next(now, ErrMalformed)
	case r.code == dnsmessage.RCodeNameError:
		q.nothing(now, ErrNotFound, r)
	case r.code != dnsmessage.RCodeSuccess:
		q.next(now, refusal(r.code))
	case len(r.addrs) > 0:
		a := Answer{Addrs: r.addrs, Canonical: nameOf(r.target), TTL: min(q.ttl, r.ttl)}
		q.c.remember(q.question, a, nil, a.TTL, now)
		q.finish(a, nil)
	case r.aliases > 0 && r.negative == 0: // the server knows the alias and not where it leads
		q.redirect(now, r)
	default:
		q.nothing(now, ErrNoData, r)
	}
}

// nothing concludes that there is nothing.
func (q *Query) nothing(now time.Time, err error, r *reply) {
	if r.negative > 0 {
		q.c.remember(q.question, Answer{}, err, min(q.ttl, r.ttl, r.negative), now)
	}
	q.finish(Answer{}, err)
}

// redirect asks for the name where the aliases end.
func (q *Query) redirect(now time.Time, r *reply) {
	if q.aliases += r.aliases; q.aliases > q.c.cfg.Limits.Aliases {
		q.finish(Answer{}, ErrAliases)
		return
	}
	q.rest()
	q.target, q.ttl, q.tries, q.plain, q.stream = r.target, min(q.ttl, r.ttl), 0, false, false
	if err := q.newID(); err != nil {
		q.finish(Answer{}, err)
		return
	}
	q.try(now)
}
