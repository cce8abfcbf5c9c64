package wire

// KeyUpdate is RFC 8446 §4.6.3's message.
type KeyUpdate struct {
	RequestUpdate bool
}

// Parse reads the body of a message.
func (m *KeyUpdate) Parse(body []byte) error {
	if len(body) != 1 {
		return syntax(TypeKeyUpdate, "request_update")
	}
	if body[0] > 1 {
		return &Error{TypeKeyUpdate, "request_update", ErrValue}
	}
	m.RequestUpdate = body[0] == 1
	return nil
}

// Append appends the whole message to b. It does not fail.
func (m *KeyUpdate) Append(b []byte) ([]byte, error) {
	b = append(b, byte(TypeKeyUpdate), 0, 0, 1, 0)
	if m.RequestUpdate {
		b[len(b)-1] = 1
	}
	return b, nil
}
