package tlssock

import (
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// KeyUpdate, tickets and alerts after the handshake are dropped in SaiTLS
func TestTicketsDoNoHarm(t *testing.T) {
	p := newPair(t, func(c, _ *Config) { c.Limits.Tickets = 4 })
	p.mustHandshake()
	ticket, err := (&wire.NewSessionTicket{Lifetime: 9, Nonce: []byte{1}, Ticket: make([]byte, 1000)}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for range 4 {
			p.server.queueRecords(wire.Handshake, ticket)
		}
		p.run()
		p.exchange("goes on")
	}
	if p.env.Stats.TicketsIn != 12 {
		t.Errorf("%d tickets counted", p.env.Stats.TicketsIn)
	}
	for range 5 {
		p.server.queueRecords(wire.Handshake, ticket)
	}
	p.run()
	p.wantAlert(p.client, AlertUnexpectedMessage)
	if !errors.Is(p.client.Err(), ErrTooManyTickets) {
		t.Error(p.client.Err())
	}
}

func TestTicketDefects(t *testing.T) {
	empty, err := (&wire.NewSessionTicket{Ticket: nil}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := newPair(t)
	p.mustHandshake()
	p.server.queueRecords(wire.Handshake, empty)
	p.run()
	p.wantAlert(p.client, AlertDecodeError)
}
