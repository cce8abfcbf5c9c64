package tlssock

import (
	"errors"
	"testing"

	"smoltls/tlssock/internal/suite"
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

// A ticket for which a ClientHello has no room must not keep its client from connecting, whether it comes from the
// server or from a store.
func TestTicketsThatAreTooLongAreNotOffered(t *testing.T) {
	long := make([]byte, 1<<16-1)
	msg, err := (&wire.NewSessionTicket{Lifetime: 9, Nonce: []byte{1}, Ticket: long}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := newResumingPair(t, func(c, _ *Config) { c.Limits.HandshakeMessage = 1 << 17 })
	p.again()
	stored, _ := p.clientCfg.ClientSessionCache.Get(testServerName)
	p.server.queueRecords(wire.Handshake, msg)
	p.run()
	if _, ok := p.clientCfg.ClientSessionCache.Get(testServerName); ok || p.env.Stats.TicketsIn != 2 {
		t.Errorf("it is kept, or one of %d", p.env.Stats.TicketsIn)
	}
	stored.ticket = long
	p.clientCfg.ClientSessionCache.Put(testServerName, stored)
	if p.again() {
		t.Error("resumed")
	}
}

// A connection that has ended can't be made to give keys for others any more.
func TestTheResumptionSecretGoesWithItsConnection(t *testing.T) {
	for name, end := range map[string]func(e *Engine){"freed": (*Engine).Free, "truncated": func(e *Engine) { e.ReceiveEOF() }} {
		p := newResumingPair(t)
		p.mustHandshake()
		r := p.client.facts.rare.resumption
		if r.secret == [suite.MaxHashSize]byte{} {
			t.Fatal("there is none")
		}
		if end(p.client); r.secret != [suite.MaxHashSize]byte{} {
			t.Errorf("%s: it is kept", name)
		}
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

func TestTicketsThatRFC8446Forbids(t *testing.T) {
	long, err := (&wire.NewSessionTicket{Lifetime: 7*24*3600 + 1, Ticket: []byte("ticket")}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	// Two extensions of a type that nobody knows.
	body := []byte{0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 'x', 0, 8, 0xfa, 0xfa, 0, 0, 0xfa, 0xfa, 0, 0}
	twice := append([]byte{byte(wire.TypeNewSessionTicket), 0, 0, byte(len(body))}, body...)
	for _, c := range []struct {
		msg  []byte
		want error
	}{{long, ErrTicketLifetime}, {twice, wire.ErrDuplicate}} {
		p := newResumingPair(t)
		p.mustHandshake()
		p.server.queueRecords(wire.Handshake, c.msg)
		p.run()
		p.wantAlert(p.client, AlertIllegalParameter)
		if !errors.Is(p.client.Err(), c.want) {
			t.Errorf("want %v, got %v", c.want, p.client.Err())
		}
	}
}
