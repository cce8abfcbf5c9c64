package tlssock

import (
	"math"

	"smoltls/tlssock/internal/wire"
)

// KeyUpdate queues a KeyUpdate and moves our sending keys on (RFC 8446 §4.6.3); with requestPeer the peer is to do the
// same with its own. Errors that leave the connection as it is: ErrHandshakeIncomplete, ErrWriteClosed.
func (e *Engine) KeyUpdate(requestPeer bool) error {
	switch {
	case e.err != nil:
		return e.err
	case e.flags&flagComplete == 0:
		return ErrHandshakeIncomplete
	case e.flags&flagWriteClosed != 0:
		return ErrWriteClosed
	}
	if err := e.queueKeyUpdate(requestPeer); err != nil {
		return e.fail(err)
	}
	return nil
}

func (e *Engine) queueKeyUpdate(request bool) error {
	msg := wire.KeyUpdate{RequestUpdate: request}
	var buf [wire.HeaderLen + 1]byte
	b, _ := msg.Append(buf[:0])
	if err := e.queueRecords(wire.Handshake, b); err != nil {
		return err
	}
	e.flags |= flagUpdateQueued
	e.out.Update(&e.env.scratch)
	e.countKeyUpdateOut()
	e.logEvent(logKeysOut)
	if request && e.keyUpdates > math.MinInt16 {
		e.keyUpdates--
	}
	return nil
}

// awaitsKeyUpdate says what is wrong with the length of a KeyUpdate, as far as more of it would not help.
func awaitsKeyUpdate(n int) error {
	if n <= 1 {
		return nil
	}
	var msg wire.KeyUpdate
	return msg.Parse(nil)
}

// receiveKeyUpdate moves the keys on with which the peer sends, and ours if it asks for that.
func (e *Engine) receiveKeyUpdate(m message) error {
	if !m.last { // RFC 8446 §5.1
		return excess(m.typ)
	}
	var msg wire.KeyUpdate
	if err := msg.Parse(m.body()); err != nil {
		return err
	}
	e.countKeyUpdateIn()
	e.logEvent(logKeysIn)
	if e.keyUpdates++; int(e.keyUpdates) > e.prep.limits.KeyUpdates {
		return fault(AlertUnexpectedMessage, ErrTooManyKeyUpdates)
	}
	e.in.Update(&e.env.scratch)
	// RFC 8446 §4.6.3: one update answers all requests that came while nothing was sent.
	if !msg.RequestUpdate || e.flags&(flagWriteClosed|flagUpdateQueued) != 0 {
		return nil
	}
	return e.queueKeyUpdate(false)
}
