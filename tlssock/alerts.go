package tlssock

import (
	"fmt"

	"smoltls/tlssock/internal/wire"
)

// levelOf gives the level that RFC 8446 §6 wants an alert sent with.
func levelOf(a Alert) uint8 {
	if a == AlertCloseNotify || a == AlertUserCanceled {
		return wire.LevelWarning
	}
	return wire.LevelFatal
}

// queueAlert appends an alert to the output. When even that fails there is nothing that could tell the peer.
func (e *Engine) queueAlert(level uint8, a Alert) {
	e.env.Stats.AlertsSent[a]++
	e.logAlert(logAlertOut, a)
	content := [wire.AlertLen]byte{level, byte(a)}
	_ = e.queueRecords(wire.AlertRecord, content[:])
}

// CloseWrite queues close_notify: nothing can be written any more, reading goes on (RFC 8446 §6.1). Before the
// handshake is over it sends user_canceled first and ends the connection: Err is ErrCanceled then.
func (e *Engine) CloseWrite() error {
	if e.err != nil {
		return e.err
	}
	if e.flags&flagWriteClosed != 0 {
		return nil
	}
	canceled := e.flags&flagComplete == 0
	if canceled && e.state != nil {
		e.queueAlert(wire.LevelWarning, AlertUserCanceled)
	}
	e.queueAlert(wire.LevelWarning, AlertCloseNotify)
	e.flags |= flagWriteClosed
	if canceled {
		e.end(ErrCanceled)
	}
	return nil
}

// receiveAlert takes the content of an alert record.
func (e *Engine) receiveAlert(content []byte) error {
	if len(content) == 0 { // RFC 8446 §5.4
		return faultf(AlertUnexpectedMessage, "%w: empty alert record", ErrUnexpectedMessage)
	}
	level, description, err := wire.ParseAlert(content)
	if err != nil {
		return err
	}
	a := Alert(description)
	e.env.Stats.AlertsReceived[a]++
	e.logAlert(logAlertIn, a)
	switch {
	case level != wire.LevelWarning && level != wire.LevelFatal:
		return faultf(AlertIllegalParameter, "%w of level %d", ErrUnexpectedMessage, level)
	case a == AlertCloseNotify:
		return e.receiveCloseNotify()
	case a == AlertUserCanceled: // RFC 8446 §6.1: close_notify follows
		if err := e.notInterleaved(); err != nil {
			return err
		}
		if e.warnings++; int(e.warnings) > e.prep.limits.WarningAlerts {
			return fault(AlertUnexpectedMessage, ErrTooManyWarnings)
		}
		return e.countEmpty()
	}
	e.alertReceived = a
	e.flags |= flagAlertReceived
	if level == wire.LevelWarning { // RFC 8446 §6.2: these MUST be sent as fatal, and are errors all the same
		return fault(AlertDecodeError, fmt.Errorf("%w: %v as a warning", wire.ErrAlert, a))
	}
	return &AlertError{Alert: a, FromPeer: true}
}

// receiveCloseNotify ends the reading side. Within the handshake, or within one of its messages, it ends the
// connection.
func (e *Engine) receiveCloseNotify() error {
	if e.flags&flagComplete == 0 {
		return &AlertError{Alert: AlertCloseNotify, FromPeer: true}
	}
	if err := e.notInterleaved(); err != nil {
		return err
	}
	e.flags |= flagPeerClosed
	e.logEvent(logClosed)
	e.in.Wipe()
	return nil
}
