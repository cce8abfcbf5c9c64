package wire

// Finished is RFC 8446 §4.4.4's message.
type Finished struct {
	VerifyData []byte
}

// Parse reads the body of a message, whose length the hash gives: size is that of the hash in bytes. m aliases the
// body.
func (m *Finished) Parse(body []byte, size int) error {
	if len(body) != size {
		return syntax(TypeFinished, "verify_data")
	}
	m.VerifyData = body
	return nil
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *Finished) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeFinished)
	w.bytes(m.VerifyData)
	w.end(msg, 3)
	return w.result(b, TypeFinished)
}
