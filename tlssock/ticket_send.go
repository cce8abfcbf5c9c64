package tlssock

import (
	"encoding/binary"
	"slices"
	"time"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// maxTicket is the longest ticket that is sent, or offered, in bytes: a ClientHello with it must not be longer than
// what servers take.
const maxTicket = 16 << 10

// resuming is what a server's handshake notes of sessions.
type resuming struct {
	session   session // that may be resumed, when found is set
	found     bool
	peerChain [][]byte // copies of the client's certificates, kept for tickets
	tickets   bool     // the client can use tickets
}

// noteTickets finds out whether tickets are to be sent.
func (h *serverHandshake) noteTickets(msg *wire.ClientHello) {
	_, ok := h.pskMode(msg)
	h.resuming.tickets = !h.e.cfg.SessionTicketsDisabled && h.prep.tickets > 0 && ok
}

// keepPeerChain copies the client's certificates, which lie in the message that they came in.
func (h *serverHandshake) keepPeerChain() {
	if h.resuming.tickets {
		h.resuming.peerChain = cloneChain(h.chain)
	}
}

func cloneChain(chain [][]byte) [][]byte {
	c := make([][]byte, 0, len(chain))
	for _, der := range chain {
		c = append(c, slices.Clone(der))
	}
	return c
}

// sendTickets gives the client what it needs to resume (RFC 8446 §4.6.1). The transcript ends with the client's
// Finished.
func (h *serverHandshake) sendTickets() error {
	r := &h.resuming
	if !r.tickets {
		return nil
	}
	now := h.e.env.Now
	keys, err := h.ticketKeys(now, h.prep.rand)
	if err != nil {
		return err
	}
	f := h.e.facts
	s := session{
		suite: h.suite.ID, proved: now, issued: now, protocol: f.protocol, serverName: f.serverName, peerScheme: f.peerScheme,
		peerType: h.peerType, chain: r.peerChain, maxEarly: h.prep.maxEarly,
	}
	f.bindExternal(&s)
	if f.resumed { // who the client is was shown then
		s.proved, s.chain, s.peerType = r.session.proved, r.session.chain, r.session.peerType
	}
	s.lifetime = min(maxSessionLife, maxSessionLife-now.Sub(s.proved)).Truncate(time.Second)
	if s.lifetime <= 0 {
		return nil
	}
	var master [suite.MaxHashSize]byte
	defer clear(master[:])
	secret := h.main.Resumption(h.scratch(), master[:0], h.transcriptHash())
	for n := range h.prep.tickets {
		if err := h.sendTicket(keys[0], &s, secret, byte(n)); err != nil {
			return err
		}
	}
	if len(h.flight) == 0 {
		return nil
	}
	return h.send()
}

// sendTicket appends the n-th ticket to the flight. One that would be too long is not sent.
func (h *serverHandshake) sendTicket(key *ticketKey, s *session, master []byte, n byte) error {
	var b [suite.MaxHashSize + 4]byte
	defer clear(b[:])
	if err := h.readRandom(b[:4]); err != nil {
		return err
	}
	s.ageAdd = binary.BigEndian.Uint32(b[:])
	var err error
	if s.secret, err = h.suite.Hash.ResumptionPSK(h.scratch(), b[4:4], master, []byte{n}); err != nil {
		return err
	}
	msg := wire.NewSessionTicket{Lifetime: uint32(s.lifetime / time.Second), AgeAdd: s.ageAdd, Nonce: []byte{n}}
	if msg.Ticket, err = key.seal(nil, h.prep.rand, s); err != nil {
		return err
	}
	if len(msg.Ticket) > maxTicket {
		return nil
	}
	if msg.GREASE, err = h.greaseExtension(); err != nil {
		return err
	}
	if s.maxEarly > 0 {
		h.replayGuard(h.e.env.Now) // from now on it can tell what is a replay
		msg.Has.Add(wire.ExtEarlyData)
		msg.MaxEarlyData = s.maxEarly
	}
	flight, err := msg.Append(h.flight)
	if err != nil {
		return err
	}
	h.flight = flight
	h.e.env.Stats.TicketsOut++
	h.e.logEvent(logTicketOut)
	return nil
}
