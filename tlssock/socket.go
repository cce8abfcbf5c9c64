package tlssock

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"smoltls/tcp"
)

// eagerRecord is the length in bytes up to which a record that arrives after the handshake is opened at once, so that
// an alert, a key update or a ticket takes effect without a reader. A longer one waits until it is asked for, and is
// then opened straight into the reader's buffer.
const eagerRecord = 1024

// ErrWouldBlock is given by calls that can do nothing now and will be able to later. It is tcp.ErrWouldBlock.
var ErrWouldBlock = tcp.ErrWouldBlock

// SocketState is where a [Socket] stands.
type SocketState uint8

// The states of a Socket, in the order in which it takes them.
const (
	StateConnecting  SocketState = iota // TCP is not established
	StateHandshaking                    // TLS handshake under way
	StateEstablished                    // application data may flow in at least one direction
	StateClosing                        // both directions are closed on our side; what is queued goes out
	StateClosed                         // ended cleanly, both ways
	StateFailed                         // Err says why
)

var socketStateNames = [...]string{"connecting", "handshaking", "established", "closing", "closed", "failed"}

// String gives the state's name in lower case.
func (s SocketState) String() string {
	if int(s) < len(socketStateNames) {
		return socketStateNames[s]
	}
	return fmt.Sprintf("SocketState(%d)", uint8(s))
}

type socketFlags uint8

const (
	flagStarted   socketFlags = 1 << iota // the engine was started
	flagFIN                               // FIN follows what the engine has queued
	flagFINQueued                         // and stands in TCP's queue
	flagDiscard                           // whatever still arrives is read and forgotten
	flagEOF                               // the transport ended after close_notify
	flagFailed                            // the engine's error is why
)

// Socket is a TLS 1.3 connection: an [Engine] over a [tcp.Socket]. Calls never block. What is written leaves with the
// next poll of the interface under it; Advance, which a poll of the set calls, takes what arrived.
type Socket struct {
	eng Engine // knows TCP underneath

	wrapped  *wrappedRecord // nil: none
	plainOff uint32         // unread plaintext of the record opened last: offset from the ring's front, or in wrapped
	plainLen uint32         // and its length
	recLen   uint32         // bytes at the ring's front that this record takes; 0: it lies in wrapped

	flags socketFlags
	told  readiness // what Advance reported last
	burst burst
}

// Init makes s a socket over t, which the caller connects or accepts. env is shared by the sockets of one loop. An
// error is a configuration that can't work, as from [Engine.Init]; s is then unusable.
func (s *Socket) Init(env *Env, t *tcp.Socket, cfg *Config, role Role) error {
	*s = Socket{}
	if t == nil {
		return errNoTransport
	}
	err := s.eng.Init(env, cfg, role)
	s.eng.tcp = t
	return err
}

var errNoTransport = fmt.Errorf("%w: no TCP socket", ErrConfig)

// Advance moves the connection on after news from the transport: it starts the handshake once TCP stands, processes the
// records that must not wait for a reader, and queues what is to be sent. It reports whether there is news for the
// application: something became readable or writable, or the state changed.
func (s *Socket) Advance() bool {
	s.step()
	now := s.readiness()
	news := now&^s.told != 0 || now&(readable|earlyReadable) != 0 || s.eng.hasAnswer()
	s.told = now
	return news
}

func (s *Socket) step() {
	if s.tcpConnecting() {
		if err := s.eng.tcp.Err(); err != nil {
			s.fail(transportError(err))
		}
		return
	}
	if s.flags&flagStarted == 0 && !s.failed() {
		s.flags |= flagStarted
		s.eng.fitRecords(s.eng.tcp.Holds())
		if err := s.eng.Start(); err != nil {
			s.fail(err)
		}
	}
	s.openEager()
	s.flush()
	if s.flags&flagDiscard != 0 {
		s.drain()
	}
	if err := s.eng.tcp.Err(); err != nil && !s.failed() && !s.finishedCleanly() {
		s.fail(transportError(err))
	}
}

func (s *Socket) tcpConnecting() bool {
	if s.flags&flagStarted != 0 {
		return false
	}
	switch s.eng.tcp.State() {
	case tcp.StateSynSent, tcp.StateSynReceived:
		return true
	case tcp.StateClosed, tcp.StateListen:
		return true
	}
	return false
}

// fail ends the connection for reason err: the engine's alert, if there is one, goes out before FIN, and what still
// arrives is drained so that no RST overtakes it.
func (s *Socket) fail(err error) {
	s.settle(err)
	s.release()
	s.flags |= flagFIN | flagDiscard
	s.flush()
}

// settle makes err why the connection failed, unless there is a reason already.
func (s *Socket) settle(err error) {
	if s.flags&flagFailed == 0 && s.eng.err == nil {
		s.eng.end(err)
	}
	s.flags |= flagFailed
}

func (s *Socket) failed() bool { return s.flags&flagFailed != 0 }

// TransportError says that TCP failed under TLS. Unwrap gives TCP's reason.
type TransportError struct{ Err error }

// Error names the reason.
func (e *TransportError) Error() string { return "tls: transport failed: " + e.Err.Error() }

// Unwrap gives TCP's reason.
func (e *TransportError) Unwrap() error { return e.Err }

func transportError(err error) error { return &TransportError{err} }

// flush moves what the engine has queued into TCP's send ring, then FIN if it is due. It reports whether nothing is
// left.
func (s *Socket) flush() bool {
	for out := s.eng.Output(); len(out) > 0; out = s.eng.Output() {
		n, err := s.eng.tcp.TryWrite(out)
		if n > 0 {
			s.eng.Sent(n)
		}
		if err != nil || n == 0 {
			return false
		}
	}
	if s.flags&(flagFIN|flagFINQueued) == flagFIN {
		s.flags |= flagFINQueued
		s.eng.tcp.CloseWrite()
	}
	return true
}

// CloseWrite sends close_notify and then FIN after what was written; reading goes on (RFC 8446 §6.1). Writing after it
// gives an error. Before the handshake is over it ends the connection: Err is [ErrCanceled] then.
func (s *Socket) CloseWrite() error {
	err := s.closeWrite()
	if s.eng.err != nil && !s.failed() {
		s.fail(s.eng.err)
	}
	return err
}

func (s *Socket) closeWrite() error {
	if s.failed() {
		return s.Err()
	}
	if s.flags&flagFIN != 0 {
		return nil
	}
	if s.tcpConnecting() {
		s.Abort()
		return nil
	}
	err := s.eng.CloseWrite()
	s.flags |= flagFIN
	s.flush()
	return err
}

// Close ends both directions: close_notify and FIN after what was written; what still arrives is read and forgotten.
// Unread data is lost. It may be called at any time and more than once.
func (s *Socket) Close() error {
	err := s.closeWrite()
	s.release()
	s.flags |= flagDiscard
	s.drain()
	return err
}

// Abort ends the connection at once: RST, nothing more is sent, Err gives [tcp.ErrAborted].
func (s *Socket) Abort() {
	if !s.failed() && !s.finishedCleanly() {
		s.settle(transportError(tcp.ErrAborted))
	}
	s.release()
	s.flags |= flagFIN | flagFINQueued | flagDiscard
	s.eng.tcp.Abort()
}

// Fail ends the connection for a reason of the caller's, such as a timeout: nothing is read or written any more, FIN
// goes out. nil: the reason is [ErrClosed].
func (s *Socket) Fail(err error) { s.fail(cmp.Or(err, ErrClosed)) }

// Free gives back the memory that s holds beyond its own. The connection must be over, or never be used again.
func (s *Socket) Free() {
	s.release()
	s.eng.Free()
}

// Finished reports that nothing is left to do for TLS: the transport is closed, or it is TCP alone that still has to
// end (our FIN is acknowledged or both FINs are out).
func (s *Socket) Finished() bool {
	switch s.eng.tcp.State() {
	case tcp.StateClosed, tcp.StateFinWait2, tcp.StateClosing, tcp.StateLastAck, tcp.StateTimeWait:
		return len(s.eng.Output()) == 0 || s.eng.tcp.State() == tcp.StateClosed
	}
	return false
}

// finishedCleanly: close_notify went both ways.
func (s *Socket) finishedCleanly() bool {
	return !s.failed() && s.flags&flagFINQueued != 0 && s.eng.PeerClosed()
}

// State says where the connection stands.
func (s *Socket) State() SocketState {
	switch {
	case s.failed():
		return StateFailed
	case s.tcpConnecting():
		return StateConnecting
	case s.finishedCleanly():
		if s.eng.tcp.WriteBuffered() > 0 && s.eng.tcp.State() != tcp.StateClosed {
			return StateClosing
		}
		return StateClosed
	case s.flags&flagDiscard != 0:
		if s.flags&flagFINQueued != 0 && s.eng.tcp.PeerClosed() && s.Finished() { // nobody looks any more whether close_notify came
			return StateClosed
		}
		return StateClosing
	case !s.eng.HandshakeComplete():
		return StateHandshaking
	}
	return StateEstablished
}

// Err says why the connection failed; nil while it has not. errors.As finds [*AlertError], [*TransportError] and what
// x509lite found wrong with a certificate.
func (s *Socket) Err() error {
	if s.failed() {
		return s.eng.err
	}
	return nil
}

// ConnectionState gives what was negotiated so far.
func (s *Socket) ConnectionState() ConnectionState { return s.eng.ConnectionState() }

// Engine gives the engine, for what a Socket does not offer by itself. Reading from it or writing to it past the Socket
// breaks the connection.
func (s *Socket) Engine() *Engine { return &s.eng }

// Transport gives the TCP socket underneath, for its state and figures.
func (s *Socket) Transport() *tcp.Socket { return s.eng.tcp }

// KeyUpdate moves our sending keys on (RFC 8446 §4.6.3), and the peer's too when requestPeer is set.
func (s *Socket) KeyUpdate(requestPeer bool) error {
	if s.failed() {
		return s.Err()
	}
	if err := s.eng.KeyUpdate(requestPeer); err != nil {
		return err
	}
	s.flush()
	return nil
}

// Sleep gives back what an idle connection can make again when it wakes. It reports false, and does nothing, while data
// is held.
func (s *Socket) Sleep() bool {
	if s.plainLen > 0 || s.wrapped != nil || len(s.eng.Output()) > 0 || !s.eng.HandshakeComplete() {
		return false
	}
	s.eng.Sleep()
	s.burst.steps = 0
	return true
}

// readiness is what an application waits for, as bits.
type readiness uint8

const (
	readable readiness = 1 << iota
	writable
	connected
	ended
	failed
	earlyReadable
	earlyWritable
	waitsForAnswer
)

func (s *Socket) readiness() (r readiness) {
	if s.Readable() {
		r |= readable
	}
	if s.Writable() {
		r |= writable
	}
	switch {
	case s.eng.HandshakeComplete():
		r |= connected
	case s.eng.EarlyDataRoom() > 0 && len(s.eng.Output()) == 0 && s.eng.tcp.Writable():
		r |= earlyWritable
	}
	if s.eng.EarlyBuffered() > 0 {
		r |= earlyReadable
	}
	if s.Pending() != nil {
		r |= waitsForAnswer
	}
	if s.failed() {
		r |= failed
	}
	if s.State() == StateClosed {
		r |= ended
	}
	return r
}

// end takes the transport's end: clean after close_notify, a truncated stream otherwise (RFC 8446 §6.1).
func (s *Socket) end() {
	if s.flags&flagEOF != 0 || s.failed() {
		return
	}
	s.flags |= flagEOF
	if err := s.eng.ReceiveEOF(); err != nil {
		s.fail(err)
	}
}

// readError is what a reader gets when there is nothing to read.
func (s *Socket) readError() error {
	switch {
	case s.failed():
		return s.Err()
	case s.eng.PeerClosed():
		return io.EOF
	case s.flags&flagDiscard != 0:
		return ErrClosed
	}
	s.told &^= readable
	return ErrWouldBlock
}

// ErrRecvBuffer is the reason of a connection whose peer sent a record that TCP's receive buffer can't hold
// (tcp.Config.RecvBuffer): one of 16 KiB needs 18 KiB and more.
var ErrRecvBuffer = errors.New("tls: receive buffer too small for a record")

// ErrPoolEmpty is the reason of a connection for which the pool (Env.Pool) had no memory left, to copy a record that
// wraps around the receive ring's end.
var ErrPoolEmpty = errors.New("tls: buffer pool is used up")

// ErrClosed is given for use of a connection that this side has closed.
var ErrClosed = errors.New("tls: connection closed by this side")
