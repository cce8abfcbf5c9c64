package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// A NewSessionTicket is RFC 8446 §4.6.1's message.
type NewSessionTicket struct {
	Lifetime   uint32 // seconds
	AgeAdd     uint32
	Nonce      []byte
	Ticket     []byte
	Extensions Extensions // all of them, from Parse; Append does not read it
	Has        ExtensionSet

	MaxEarlyData uint32        // bytes, of early_data
	GREASE       ExtensionType // a reserved one that Append adds (RFC 8701); 0: none
}

// Parse reads the body of a message. m aliases it.
func (m *NewSessionTicket) Parse(body []byte) error {
	*m = NewSessionTicket{}
	s := cryptobyte.String(body)
	var nonce, ticket cryptobyte.String
	if !s.ReadUint32(&m.Lifetime) || !s.ReadUint32(&m.AgeAdd) || !s.ReadUint8LengthPrefixed(&nonce) {
		return syntax(TypeNewSessionTicket, "ticket_nonce")
	}
	if !s.ReadUint16LengthPrefixed(&ticket) || ticket.Empty() {
		return syntax(TypeNewSessionTicket, "ticket")
	}
	m.Nonce, m.Ticket = nonce, ticket
	var err error
	if m.Extensions, err = readExtensions(TypeNewSessionTicket, &s, &m.Has); err != nil {
		return err
	}
	if body, ok := m.Extensions.Find(ExtEarlyData); ok {
		e := cryptobyte.String(body)
		if !e.ReadUint32(&m.MaxEarlyData) || !e.Empty() {
			return syntax(TypeNewSessionTicket, "early_data")
		}
	}
	return nil
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *NewSessionTicket) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeNewSessionTicket)
	w.u32(m.Lifetime)
	w.u32(m.AgeAdd)
	w.vector(m.Nonce, 1)
	w.vector(m.Ticket, 2)
	block := w.begin(2)
	if m.Has.Has(ExtEarlyData) {
		mark := w.extension(ExtEarlyData)
		w.u32(m.MaxEarlyData)
		w.end(mark, 2)
	}
	if m.GREASE != 0 {
		w.end(w.extension(m.GREASE), 2)
	}
	w.end(block, 2)
	w.end(msg, 3)
	return w.result(b, TypeNewSessionTicket)
}
