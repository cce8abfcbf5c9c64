package tlssock

import (
	"smoltls/tlssock/internal/wire"
)

// message is a whole handshake message. It lies in the record that it came in, or in the engine's memory, until its
// handler returns.
type message struct {
	typ  wire.Type
	raw  []byte // with its header
	last bool   // nothing has come after it yet
}

func (m message) body() []byte { return m.raw[wire.HeaderLen:] }

// state is where an engine stands: it takes the one message, or one of the few, that may come there and gives the state
// that follows. Every other message is an unexpected_message.
//
// A client's states                          A server's states
//
//	clientExpectServerHello                   serverExpectClientHello
//	  ├ clientExpectSecondServerHello         ├ serverExpectSecondClientHello
//	  │                                       ├ serverExpectEndOfEarlyData      (accepted some)
//	clientExpectEncryptedExtensions           serverExpectCertificate         (asked for one)
//	clientExpectCertificateOrRequest          serverExpectCertificateVerify   (got one)
//	  ├ clientExpectCertificate               serverExpectFinished
//	clientExpectCertificateVerify             serverEstablished
//	clientExpectFinished
//	clientEstablished
//
// Wherever the caller is asked for something that comes later, the state is waiting until it does.
//
// Each is a struct of one pointer, so that changing the state allocates nothing.
type state interface {
	handle(m message) (state, error)
}

// idle is a state that a connection stays in for long. It says by a message's header why it will not take it: otherwise
// a peer could have a connection that does nothing hold Limits.HandshakeMessage bytes for nothing.
type idle interface {
	awaits(t wire.Type, n int) error
}

// receiveHandshake takes the content of a handshake record: messages, and parts of messages.
func (e *Engine) receiveHandshake(content []byte) error {
	if len(content) == 0 { // RFC 8446 §5.1
		return faultf(AlertUnexpectedMessage, "%w: empty handshake record", ErrUnexpectedMessage)
	}
	if e.state == nil {
		return faultf(AlertUnexpectedMessage, "%w: before the handshake", ErrUnexpectedMessage)
	}
	if e.flags&flagComplete == 0 {
		e.empties = 0
	}
	held := e.partial
	if held != nil {
		held.b = append(held.b, content...)
		content = held.b
	}
	rest, err := e.handleMessages(content)
	if err != nil {
		return err
	}
	e.keepPartial(held, rest)
	return nil
}

// handleMessages gives the whole messages in b to the states and returns what is left.
func (e *Engine) handleMessages(b []byte) (rest []byte, err error) {
	for len(b) > 0 && !e.waits() {
		if err := e.judgeHeader(b); err != nil {
			return nil, err
		}
		t, raw, after, ok := wire.Next(b)
		if !ok {
			break
		}
		b = after
		if e.state, err = e.state.handle(message{t, raw, len(after) == 0}); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// judgeHeader refuses the message that b begins with if that can be told from its header.
func (e *Engine) judgeHeader(b []byte) error {
	t, n, ok := wire.BodyLen(b)
	if !ok {
		return nil
	}
	if n > e.prep.limits.HandshakeMessage {
		return faultf(AlertIllegalParameter, "%w: %d bytes", ErrMessageTooLarge, n)
	}
	if s, ok := e.state.(idle); ok {
		return s.awaits(t, n)
	}
	return nil
}

// keepPartial keeps rest for the next record. It may lie in held, which is the memory that was used before.
func (e *Engine) keepPartial(held *buffer, rest []byte) {
	switch {
	case len(rest) == 0 && held != nil:
		e.env.putBuffer(held)
		e.partial = nil
	case len(rest) == 0:
	case held != nil:
		held.b = held.b[:copy(held.b, rest)]
	default:
		e.partial = e.env.getBuffer()
		e.partial.b = append(e.partial.b, rest...)
	}
}
