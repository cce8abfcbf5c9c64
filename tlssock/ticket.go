package tlssock

import (
	"errors"
	"time"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// resumption is what a client keeps after the handshake so that tickets are of use when they come.
type resumption struct {
	secret [suite.MaxHashSize]byte // resumption_master_secret
	proved time.Time
	chain  [][]byte // the server's certificates
	typ    CertificateType
	own    []byte // print of the identity that we presented
}

// keepResumption notes what tickets will need. The transcript ends with our Finished.
func (h *clientHandshake) keepResumption() {
	cfg := h.e.cfg
	if cfg.ClientSessionCache == nil || cfg.SessionTicketsDisabled {
		return
	}
	r := &resumption{proved: h.e.env.Now, chain: h.peerChain, typ: h.peerType}
	if o := &h.offering; h.e.facts.resumed {
		r.proved, r.chain, r.own = o.session.proved, o.session.chain, o.session.own
	} else if own := h.e.facts.own; own != nil {
		r.own = own.print()
	}
	h.main.Resumption(h.scratch(), r.secret[:0], h.transcriptHash())
	h.e.facts.note().resumption = r
}

// receiveTicket takes a NewSessionTicket (RFC 8446 §4.6.1), and puts a session into the cache if there is one.
func (e *Engine) receiveTicket(m message) error {
	var msg wire.NewSessionTicket
	if err := msg.Parse(m.body()); err != nil {
		if errors.Is(err, wire.ErrDuplicate) {
			return fault(AlertIllegalParameter, err)
		}
		return err
	}
	e.env.Stats.TicketsIn++
	if e.tickets++; int(e.tickets) > e.prep.limits.Tickets {
		return fault(AlertUnexpectedMessage, ErrTooManyTickets)
	}
	e.logNumber(logTicketIn, "lifetime", msg.Lifetime)
	f := e.facts
	lifetime := time.Duration(msg.Lifetime) * time.Second
	if lifetime > maxSessionLife { // RFC 8446 §4.6.1
		return faultf(AlertIllegalParameter, "%w: %v", ErrTicketLifetime, lifetime)
	}
	r := f.rarely().resumption
	if r == nil || lifetime == 0 || len(msg.Ticket) > maxTicket {
		return nil
	}
	s := &ClientSession{ticket: append([]byte(nil), msg.Ticket...), own: r.own}
	s.session = session{
		suite: f.suite.ID, proved: r.proved, issued: e.env.Now, lifetime: lifetime, ageAdd: msg.AgeAdd, protocol: f.protocol,
		serverName: string(e.prep.sni), peerScheme: f.peerScheme, peerType: r.typ, chain: r.chain, maxEarly: msg.MaxEarlyData,
	}
	f.saveStaples(s)
	f.bindExternal(&s.session)
	h := f.suite.Hash
	var err error
	if s.secret, err = h.ResumptionPSK(&e.env.scratch, nil, r.secret[:h.Size()], msg.Nonce); err != nil {
		return err
	}
	e.env.scratch.Wipe()
	e.cfg.ClientSessionCache.Put(e.cfg.SessionKey(), s)
	return nil
}
