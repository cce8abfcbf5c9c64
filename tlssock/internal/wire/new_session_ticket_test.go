package wire

import "testing"

func newSessionTicketCodec(body []byte) ([]byte, error) {
	var m NewSessionTicket
	if err := m.Parse(body); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func fullTicket(t testing.TB) []byte {
	m := NewSessionTicket{Lifetime: 3600, AgeAdd: 7, Nonce: []byte{1}, Ticket: []byte("ticket"), Has: SetOf(ExtEarlyData), MaxEarlyData: 16384}
	raw, err := m.Append(nil)
	return must(t, raw, err)
}

func TestNewSessionTicket(t *testing.T) {
	raw := fullTicket(t)
	var m NewSessionTicket
	if err := m.Parse(raw[HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	if m.Lifetime != 3600 || m.MaxEarlyData != 16384 || string(m.Ticket) != "ticket" {
		t.Errorf("parsed %+v", m)
	}
	checkMessage(t, raw, newSessionTicketCodec)
	checkExtensionBodies(t, raw[HeaderLen:], m.Extensions, newSessionTicketCodec)
	noAllocs(t, func() error { return m.Parse(raw[HeaderLen:]) })
}

func FuzzNewSessionTicket(f *testing.F) {
	fuzzMessage(f, newSessionTicketCodec, fullTicket(f)[HeaderLen:])
}
