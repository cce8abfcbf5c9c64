package tlssock

import (
	"encoding/binary"
	"io"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// Output gives the protocol records that are to be sent: a flight of the handshake, an alert, a key update. The slice
// is the engine's and valid until the next call of a method other than Output. Application data can be sealed only when
// it is empty.
func (e *Engine) Output() []byte {
	if e.queue == nil {
		return nil
	}
	return e.queue.b[e.queue.off:]
}

// Sent says that the first n bytes of Output have been sent.
func (e *Engine) Sent(n int) {
	if e.queue == nil || n <= 0 {
		return
	}
	e.queue.off += min(n, len(e.queue.b)-e.queue.off)
	if e.queue.off == len(e.queue.b) {
		e.env.putBuffer(e.queue)
		e.queue = nil
		e.flags &^= flagUpdateQueued
	}
}

// Overhead is what a record of application data is longer than its content, in bytes; 0 before there are keys.
func (e *Engine) Overhead() int { return e.out.Overhead() }

// MaxPlaintext is the most application data that one record holds, in bytes.
func (e *Engine) MaxPlaintext() int { return e.sendLimit() }

// Seal makes one record of application data in dst, which must have room for SealedLen(len(plain)) bytes, and gives its
// length. plain may be dst[5:5+len(plain)], which saves a copy, but must not overlap dst in another way. Errors that
// leave the connection as it is: ErrHandshakeIncomplete, ErrWriteClosed, ErrOutputPending, ErrRecordTooLarge,
// io.ErrShortBuffer, and once ErrEarlyDataRejected.
func (e *Engine) Seal(dst, plain []byte) (n int, err error) {
	if err := e.cantSeal(dst, plain); err != nil {
		return 0, err
	}
	if len(dst) < e.SealedLen(len(plain)) {
		return 0, io.ErrShortBuffer
	}
	return e.sealData(dst, plain)
}

// sealFitting is Seal for a dst that has room for the record, and perhaps not for all its padding.
func (e *Engine) sealFitting(dst, plain []byte) (n int, err error) {
	if err := e.cantSeal(dst, plain); err != nil {
		return 0, err
	}
	return e.sealData(dst, plain)
}

// sealData seals what can be sealed.
func (e *Engine) sealData(dst, plain []byte) (n int, err error) {
	if len(plain) > 0 && &plain[0] != &dst[suite.HeaderLen] {
		copy(dst[suite.HeaderLen:], plain)
	}
	pad := e.padding(len(plain))
	if pad > 0 {
		pad = min(pad, len(dst)-len(plain)-e.out.Overhead())
	}
	e.out.Wake(&e.env.scratch)
	n, err = e.out.Seal(dst, byte(wire.ApplicationData), len(plain), pad)
	if err != nil {
		return 0, e.fail(err)
	}
	e.countRecordOut()
	e.countBytesOut(len(plain))
	if e.out.UpdateDue() && e.flags&flagComplete != 0 { // RFC 8446 §5.5
		if err := e.queueKeyUpdate(false); err != nil {
			return 0, e.fail(err)
		}
	}
	return n, nil
}

func (e *Engine) cantSeal(dst, plain []byte) error {
	switch {
	case e.err != nil:
		return e.err
	case e.flags&flagComplete == 0:
		return ErrHandshakeIncomplete
	case e.earlyLost():
		return ErrEarlyDataRejected
	}
	return e.cantSealNow(dst, plain)
}

func (e *Engine) cantSealNow(dst, plain []byte) error {
	switch {
	case e.flags&flagWriteClosed != 0:
		return ErrWriteClosed
	case e.queue != nil:
		return ErrOutputPending
	case len(plain) > e.sendLimit():
		return ErrRecordTooLarge
	case len(dst) < len(plain)+e.out.Overhead():
		return io.ErrShortBuffer
	}
	return nil
}

// queueRecords appends content to the output as records of type t, under the present keys.
func (e *Engine) queueRecords(t wire.ContentType, content []byte) error {
	if e.queue == nil {
		e.queue = e.env.getBuffer()
	}
	if e.flags&flagCCSDue != 0 && e.out.Suite() != nil {
		e.queueCCS()
	}
	for len(content) > 0 {
		part := content[:min(len(content), e.sendLimit())]
		content = content[len(part):]
		if err := e.queueRecord(t, part); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) queueRecord(t wire.ContentType, part []byte) error {
	e.countRecordOut()
	b := e.queue.b
	if e.out.Suite() == nil {
		e.queue.b = append(appendHeader(b, t, e.helloVersion(), len(part)), part...)
		return nil
	}
	at, pad := len(b), e.padding(len(part))
	b = append(b, make([]byte, suite.HeaderLen)...)
	b = append(b, part...)
	b = append(b, make([]byte, pad+e.out.Overhead()-suite.HeaderLen)...)
	e.out.Wake(&e.env.scratch)
	n, err := e.out.Seal(b[at:], byte(t), len(part), pad)
	if err != nil {
		return err
	}
	e.queue.b = b[:at+n]
	return nil
}

// helloVersion is the legacy_record_version of a plaintext record: that of an initial ClientHello is TLS 1.0 for the
// sake of old middleboxes (RFC 8446 §5.1).
func (e *Engine) helloVersion() uint16 {
	if e.role == RoleClient && e.flags&flagCCSAllowed == 0 {
		return wire.VersionTLS10
	}
	return wire.VersionTLS12
}

// queueCCS appends the change_cipher_spec of middlebox compatibility mode (RFC 8446 §D.4), once.
func (e *Engine) queueCCS() {
	e.flags &^= flagCCSDue
	if e.flags&flagCCSSent != 0 {
		return
	}
	e.flags |= flagCCSSent
	if e.queue == nil {
		e.queue = e.env.getBuffer()
	}
	e.countRecordOut()
	e.queue.b = append(appendHeader(e.queue.b, wire.ChangeCipherSpec, wire.VersionTLS12, 1), 1)
}

func appendHeader(b []byte, t wire.ContentType, version uint16, n int) []byte {
	b = append(b, byte(t))
	b = binary.BigEndian.AppendUint16(b, version)
	return binary.BigEndian.AppendUint16(b, uint16(n))
}
