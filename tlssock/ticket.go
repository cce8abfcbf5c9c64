package tlssock

import (
	"smoltls/tlssock/internal/wire"
)

// receiveTicket takes a NewSessionTicket, which is checked, counted and dropped.
func (e *Engine) receiveTicket(m message) error {
	var msg wire.NewSessionTicket
	if err := msg.Parse(m.body()); err != nil {
		return err
	}
	e.env.Stats.TicketsIn++
	if e.tickets++; int(e.tickets) > e.prep.limits.Tickets {
		return fault(AlertUnexpectedMessage, ErrTooManyTickets)
	}
	return nil
}
