package tlssock

import (
	"encoding/binary"
	"errors"
	"io"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// RecordLen gives the length in bytes, header included, of the record whose first five bytes hdr begins with. What is
// no record of TLS and what is too long is an error, with its alert queued, before any more of it need be held. Two
// errors change nothing: io.ErrShortBuffer is for less than five bytes, ErrPending for an engine that waits (see
// Pending).
func (e *Engine) RecordLen(hdr []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	if e.waits() {
		return 0, ErrPending
	}
	if len(hdr) < suite.HeaderLen {
		return 0, io.ErrShortBuffer
	}
	n, err := e.recordLen(hdr)
	if err != nil {
		return 0, e.fail(err)
	}
	return n, nil
}

func (e *Engine) recordLen(hdr []byte) (int, error) {
	if len(hdr) < suite.HeaderLen {
		return 0, suite.ErrRecordLength
	}
	n := int(binary.BigEndian.Uint16(hdr[3:]))
	most := e.recvLimit()
	if e.in.Suite() == nil && e.flags&flagPeerClosed == 0 {
		t := wire.ContentType(hdr[0])
		if what := notTLS(hdr); what != "" {
			return 0, faultf(AlertUnexpectedMessage, "%w: it is %s", ErrNotTLS, what)
		}
		if t < wire.ChangeCipherSpec || t > wire.ApplicationData {
			return 0, faultf(AlertUnexpectedMessage, "%w: begins with %#02x", ErrNotTLS, hdr[:suite.HeaderLen])
		}
		// RFC 8446 §5.1 has legacy_record_version ignored. A major version that never was is no TLS at all.
		if hdr[1] != 3 {
			return 0, faultf(AlertProtocolVersion, "%w: begins with %#02x", ErrNotTLS, hdr[:suite.HeaderLen])
		}
		if e.passOver <= 0 {
			most = suite.MaxPlaintext
		}
	}
	if n > most {
		return 0, fault(AlertRecordOverflow, suite.ErrRecordOverflow)
	}
	return suite.HeaderLen + n, nil
}

// Receive takes one whole record, header included, in rec, which it overwrites. The result is application data, in dst
// if dst is at least as long as the record without header and tag, and in rec otherwise; it is nil when the record had
// none. A record of the handshake never lies in dst. An error is final, except ErrPending, which leaves the record for
// later: the engine has failed, and its alert, if any is due, is in Output.
func (e *Engine) Receive(dst, rec []byte) (app []byte, err error) {
	if e.err != nil {
		return nil, e.err
	}
	if e.waits() {
		return nil, ErrPending
	}
	n, err := e.recordLen(rec)
	if err != nil {
		return nil, e.fail(err)
	}
	if n != len(rec) {
		return nil, e.fail(suite.ErrRecordLength)
	}
	e.countRecordIn()
	if e.flags&flagPeerClosed != 0 { // RFC 8446 §6.1: what follows close_notify is ignored
		e.env.Stats.RecordsDropped++
		return nil, nil
	}
	if app, err = e.receive(dst, rec); err != nil {
		return nil, e.fail(err)
	}
	return app, nil
}

// receive sorts a record by whether it is protected.
func (e *Engine) receive(dst, rec []byte) ([]byte, error) {
	if e.in.Suite() == nil {
		return nil, e.receivePlain(rec)
	}
	switch t := wire.ContentType(rec[0]); {
	case t == wire.ApplicationData:
		return e.receiveProtected(dst, rec)
	case t == wire.ChangeCipherSpec:
		return nil, e.receiveCCS(rec[suite.HeaderLen:])
	case t == wire.AlertRecord && len(rec) == suite.HeaderLen+wire.AlertLen && e.role == RoleServer && e.flags&flagOpened == 0:
		// A client that can't make sense of the ServerHello has no keys to say so with.
		return nil, e.receiveAlert(rec[suite.HeaderLen:])
	}
	e.in.Wake(&e.env.scratch)
	if _, _, err := e.in.Open(nil, rec); err != nil { // it is not the peer's, or has come without protection
		return nil, err
	}
	return nil, faultf(AlertUnexpectedMessage, "%w: unprotected record of type %d", ErrUnexpectedMessage, rec[0])
}

// receivePlain takes a record before there are keys to open it with.
func (e *Engine) receivePlain(rec []byte) error {
	content := rec[suite.HeaderLen:]
	switch wire.ContentType(rec[0]) {
	case wire.Handshake:
		if e.state == nil && e.role == RoleServer {
			if err := e.startServer(); err != nil {
				return err
			}
		}
		return e.receiveHandshake(content)
	case wire.AlertRecord:
		return e.receiveAlert(content)
	case wire.ChangeCipherSpec:
		return e.receiveCCS(content)
	}
	if e.passOver > 0 {
		return e.passEarlyData(len(content))
	}
	return faultf(AlertUnexpectedMessage, "%w: application data before the handshake", ErrUnexpectedMessage)
}

// receiveProtected opens a record and takes what is in it. During the handshake nothing is opened into dst.
func (e *Engine) receiveProtected(dst, rec []byte) ([]byte, error) {
	if e.flags&flagComplete == 0 {
		dst = nil
	}
	if rec[1] != 3 || rec[2] != 3 { // RFC 8446 §5.2
		return nil, faultf(AlertProtocolVersion, "%w: protected record of version %#02x", ErrNotTLS, rec[1:3])
	}
	size := len(rec) - suite.HeaderLen
	e.in.Wake(&e.env.scratch)
	t, content, err := e.in.Open(dst, rec)
	if err != nil {
		if errors.Is(err, suite.ErrBadRecordMAC) && e.passOver > 0 {
			return nil, e.passEarlyData(size)
		}
		return nil, err
	}
	e.flags |= flagOpened
	e.passOver = 0
	switch wire.ContentType(t) {
	case wire.ApplicationData:
		return e.receiveApplicationData(content)
	case wire.Handshake:
		return nil, e.receiveHandshake(content)
	case wire.AlertRecord:
		return nil, e.receiveAlert(content)
	}
	// RFC 8446 §5: a protected change_cipher_spec among them
	return nil, faultf(AlertUnexpectedMessage, "%w: protected record of type %d", ErrUnexpectedMessage, t)
}

func (e *Engine) receiveApplicationData(content []byte) ([]byte, error) {
	if e.flags&flagComplete == 0 {
		if e.takesEarly() {
			return nil, e.hs.server.takeEarly(content)
		}
		return nil, faultf(AlertUnexpectedMessage, "%w: application data during the handshake", ErrUnexpectedMessage)
	}
	if err := e.notInterleaved(); err != nil {
		return nil, err
	}
	if len(content) == 0 {
		return nil, e.countEmpty()
	}
	e.empties, e.warnings, e.tickets = 0, 0, 0
	e.keyUpdates = min(e.keyUpdates, 0)
	e.countBytesIn(len(content))
	return content, nil
}

// receiveCCS ignores the change_cipher_spec of middlebox compatibility mode where it may come (RFC 8446 §5, §D.4).
func (e *Engine) receiveCCS(content []byte) error {
	if e.flags&flagCCSAllowed == 0 || len(content) != 1 || content[0] != 1 {
		return faultf(AlertUnexpectedMessage, "%w: change_cipher_spec", ErrUnexpectedMessage)
	}
	if err := e.notInterleaved(); err != nil {
		return err
	}
	return e.countEmpty()
}

// countEmpty counts a record that carried nothing.
func (e *Engine) countEmpty() error {
	if e.empties++; int(e.empties) > e.prep.limits.EmptyRecords {
		return fault(AlertUnexpectedMessage, ErrTooManyEmptyRecords)
	}
	return nil
}

// notInterleaved makes sure that no handshake message is under way: other records may not come between its parts (RFC
// 8446 §5.1).
func (e *Engine) notInterleaved() error {
	if e.partial != nil || e.flags&flagPostMessage != 0 {
		return faultf(AlertUnexpectedMessage, "%w: within a handshake message, or between those that belong together", ErrUnexpectedMessage)
	}
	return nil
}

// passEarlyData passes over a record as early data that was not accepted (RFC 8446 §4.2.10), up to the bound.
func (e *Engine) passEarlyData(n int) error {
	n = max(n, 1)
	if n >= int(e.passOver) {
		return fault(AlertUnexpectedMessage, ErrTooMuchEarlyData)
	}
	e.passOver -= int32(n)
	e.env.Stats.RecordsDropped++
	return nil
}

// ReceiveEOF says that the transport has ended. That is clean only after close_notify; otherwise it is ErrTruncated,
// which is final.
func (e *Engine) ReceiveEOF() error {
	switch {
	case e.err != nil:
		return e.err
	case e.flags&flagPeerClosed != 0:
		return nil
	}
	return e.end(ErrTruncated)
}
