package tlssock

import (
	"fmt"

	"smoltls/internal/bufpool"
	"smoltls/tcp"
	"smoltls/tlssock/internal/suite"
)

// Engine is one end of a TLS 1.3 connection without a transport. Records that arrive go into Receive, what is to be
// sent comes out of Output and Seal, and nothing happens in between. An Engine belongs to the goroutine of its Env.
//
// The first failure is final: Err keeps it, every call returns it, and what Output still holds, the alert among it,
// should be sent.
type Engine struct {
	env   *Env
	cfg   *Config
	prep  *prepared
	state state      // nil: a server before its first record, or failed
	hs    *handshake // nil: not begun, or over
	facts *facts
	err   error

	in, out suite.Half

	queue   *buffer // protocol records to be sent; nil: none
	partial *buffer // what has come of a handshake message; nil: nothing

	keyUpdates         int16  // since the last application data that we have not asked for; negative: what we have asked for and may come
	tickets            uint16 // since the last application data
	sendSize, recvSize uint16 // most content of a protected record. sendSize is 0 until record_size_limit is exchanged, recvSize then what the receive buffer takes, 0 for all
	empties            uint16 // records in a row that carried nothing
	warnings           uint16 // of these, alerts that end nothing
	passOver           int32  // bytes of rejected early data that may still come, and one; 0: none was announced

	stats ConnectionStats
	tcp   *tcp.Socket // underneath, of a Socket's engine

	flags         engineFlags
	role          Role
	alertSent     Alert
	alertReceived Alert
}

type engineFlags uint16

const (
	flagComplete      engineFlags = 1 << iota // handshake is over
	flagPeerClosed                            // close_notify received
	flagWriteClosed                           // close_notify queued
	flagCCSAllowed                            // between the first ClientHello and the peer's Finished
	flagCCSDue                                // ours goes before the next protected record
	flagCCSSent                               // once is enough
	flagOpened                                // a protected record of the peer was authentic
	flagUpdateQueued                          // a KeyUpdate stands in the queue
	flagAlertSent                             // alertSent is set
	flagAlertReceived                         // alertReceived is set
	flagFreed
	flagEarlyLost   // early data was rejected and the caller does not know
	flagPostWaits   // a server's caller must say what it thinks of the client
	flagPostMessage // the client's answer to a request after the handshake has begun: nothing else may come before its end
)

// NewEngine makes an engine. See Init.
func NewEngine(env *Env, cfg *Config, role Role) (*Engine, error) {
	e := &Engine{}
	if err := e.Init(env, cfg, role); err != nil {
		return nil, err
	}
	return e, nil
}

// Init makes e, whose memory belongs to the caller, an engine in the given role. The error is a configuration that
// can't work, and wraps ErrConfig. When e is no longer used before its connection has ended, Free gives back what it
// borrowed from env.
func (e *Engine) Init(env *Env, cfg *Config, role Role) error {
	prep, err := cfg.prepare(role)
	if err != nil {
		return err
	}
	if env == nil {
		return errNoEnv
	}
	*e = Engine{env: env, cfg: cfg, prep: prep, role: role}
	return nil
}

var errNoEnv = fmt.Errorf("%w: no Env", ErrConfig)

// Start begins the handshake: a client's ClientHello stands in Output afterwards. A server does nothing. It fails when
// Env.MaxHandshakes are under way, or randomness can't be had.
func (e *Engine) Start() error {
	if e.err != nil {
		return e.err
	}
	if e.role == RoleServer || e.state != nil {
		return nil
	}
	hs, err := e.env.beginClient(e, e.prep)
	if err != nil {
		return e.fail(err)
	}
	next, err := hs.start()
	if err != nil {
		return e.fail(err)
	}
	e.state = next
	return nil
}

// Role gives the side that e plays.
func (e *Engine) Role() Role { return e.role }

// HandshakeComplete reports whether application data can be exchanged. It stays true after a failure or a close that
// comes later.
func (e *Engine) HandshakeComplete() bool { return e.flags&flagComplete != 0 }

// PeerClosed reports whether the peer's close_notify has come: there will be no more data from it.
func (e *Engine) PeerClosed() bool { return e.flags&flagPeerClosed != 0 }

// WriteClosed reports whether CloseWrite was called.
func (e *Engine) WriteClosed() bool { return e.flags&flagWriteClosed != 0 }

// Err says why the connection failed; nil while it has not. errors.As finds [*AlertError] and what x509lite found wrong
// with a certificate.
func (e *Engine) Err() error { return e.err }

// AlertSent gives the fatal alert that this side sent, or queued.
func (e *Engine) AlertSent() (Alert, bool) { return e.alertSent, e.flags&flagAlertSent != 0 }

// AlertReceived gives the fatal alert that the peer sent.
func (e *Engine) AlertReceived() (Alert, bool) {
	return e.alertReceived, e.flags&flagAlertReceived != 0
}

// Free gives back to the Env what e has borrowed and wipes its keys. A handshake that is under way counts as failed.
// Unsent Output is lost. e is of no further use; Err says ErrFreed unless it said something else before. Calling it
// again does nothing.
func (e *Engine) Free() {
	if e.flags&flagFreed != 0 || e.env == nil {
		return
	}
	e.flags |= flagFreed
	if e.hs != nil {
		e.env.Stats.HandshakesFailed++
	}
	e.release()
	if e.queue != nil {
		e.env.putBuffer(e.queue)
		e.queue = nil
	}
	e.wipe()
	if e.err == nil {
		e.err = ErrFreed
	}
}

// wipe overwrites what protects records, and what the keys of later connections come from.
func (e *Engine) wipe() {
	e.in.Wipe()
	e.out.Wipe()
	if r := e.facts.rarely().resumption; r != nil {
		clear(r.secret[:])
	}
}

// release ends the handshake, if one is under way, and forgets the parts of a message.
func (e *Engine) release() {
	if e.hs != nil {
		e.env.end(e.hs)
		e.hs = nil
	}
	e.endPostAuth(false)
	if e.partial != nil {
		clear(e.partial.b)
		e.env.putBuffer(e.partial)
		e.partial = nil
	}
	e.state = nil
}

// Sleep drops what can be made again in less than a microsecond when the next record comes: the AEAD objects, over 2
// KiB.
func (e *Engine) Sleep() {
	e.in.Sleep()
	e.out.Sleep()
}

// pool is where a Socket borrows its buffers.
func (e *Engine) pool() *bufpool.Pool {
	if e.env.Pool == nil {
		e.env.Pool = bufpool.New(bufpool.Config{})
	}
	return e.env.Pool
}

// fail makes err final and queues the alert for it, unless the peer's alert is what it is.
func (e *Engine) fail(err error) error {
	if e.err != nil {
		return e.err
	}
	a, ok := err.(*AlertError)
	if !ok {
		a = &AlertError{Alert: alertFor(err), Err: err}
	}
	if !a.FromPeer && e.flags&flagWriteClosed == 0 { // RFC 8446 §6.1: nothing follows close_notify
		e.queueAlert(levelOf(a.Alert), a.Alert)
		e.alertSent = a.Alert
		e.flags |= flagAlertSent
	}
	return e.end(a)
}

// end makes err final.
func (e *Engine) end(err error) error {
	if e.hs != nil {
		e.env.Stats.HandshakesFailed++
	}
	e.logFailure(err)
	e.err = err
	e.release()
	e.wipe()
	return err
}
