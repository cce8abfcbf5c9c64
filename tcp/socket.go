package tcp

import (
	"smoltls/internal/bufpool"
	"smoltls/internal/ring"
)

// Host is what a Socket hangs on: usually an interface's connection.
type Host interface {
	// Wake: the socket may have a segment to emit, or its Deadline moved. It is called from any method of the socket,
	// and often.
	Wake()
	// Notify: what the application can do has changed: connected, readable, writable again, peer closed, failed,
	// finished.
	Notify()
}

type socketFlags uint32

const (
	flagAckNow     socketFlags = 1 << iota // an ACK is due at once
	flagSYN                                // SYN or SYN+ACK is to be sent
	flagFIN                                // FIN follows the queued data
	flagRST                                // RST is to be sent, then the socket is closed
	flagPeerFIN                            // the peer's FIN was received, and all before it
	flagTS                                 // timestamps were agreed on (RFC 7323 §3.2)
	flagRecovery                           // a loss shown by ACKs is being recovered (RFC 6675)
	flagLoss                               // the retransmission timer has expired, and what was outstanding then is not acknowledged yet
	flagSACK                               // selective acknowledgements were agreed on (RFC 2018 §2)
	flagForce                              // send what fits the window, however little
	flagProbe                              // a keep-alive probe is to be sent
	flagWantWrite                          // the application waits for room
	flagWantMemory                         // and it is the pool that had none
	flagNoRead                             // the application has closed: arriving data is answered by RST
	flagTiming                             // rttSeq is being timed
	flagPersist                            // rtxAt is the persist timer's, not the retransmission timer's
	flagTimedOut                           // SYN was sent more than once (RFC 6298 §5.7)
	flagFINAcked                           // our FIN was acknowledged
	flagRSTReply                           // a RST at rstSeq is to be sent; the connection stays as it is
	flagQueued                             // stands in a listener's accept queue
	flagNoWScale                           // the peer's SYN had no window scale: ours has none either (RFC 7323 §2.2)
	flagFinWait                            // idleAt waits to be set: closed in FIN-WAIT-2, or lingering
	flagUnreached                          // a router says that there is no way to the peer, of which nothing was heard since
	flagECN                                // explicit congestion notification was agreed on (RFC 3168 §6.1.1)
	flagECE                                // a mark is to be told of in every ACK
	flagCWR                                // the next new data tells that the window was reduced
	flagECT                                // what Emit gave last may be marked by routers
)

// Socket is one TCP connection. It is made by Init, and then by [Socket.Connect] or [Listener.Open]. After it has
// closed it may be used anew from Init on. Its memory belongs to the caller.
type Socket struct {
	env      *Env
	cfg      *Config
	host     Host
	listener *Listener // until accepted
	err      error     // why it failed
	snd      ring.Send
	rcv      ring.Recv
	ooo      *outOfOrder // nil while nothing is out of order
	tx       *sender     // nil while nothing was sent for a while

	localPort, remotePort uint16
	state                 State
	recvTuned             uint8  // doublings of the receive buffer (autotune.go)
	peerMSS               uint16 // largest payload that the peer takes, without options
	flags                 socketFlags

	// Send sequence space (RFC 9293 §3.3.1).
	iss       Seq
	sndUna    Seq    // oldest unacknowledged
	sndNxt    Seq    // next to send for the first time
	sndMax    Seq    // highest ever sent, plus one: sndNxt, but for the byte of a window probe
	sndWnd    uint32 // the peer's window, scaled
	sndWl1    Seq    // segment that last set it
	sndWl2    Seq
	maxSndWnd uint32 // largest window seen

	// Receive sequence space.
	irs     Seq
	rcvNxt  Seq
	rcvAdv  Seq    // right edge of the window that was told
	unacked uint32 // bytes received in order since the last ACK we sent

	mss       uint16 // largest payload we send, options taken off
	pathMSS   uint16 // largest payload that the path's MTU permits, without options
	sndWScale uint8
	rcvWScale uint8
	backoff   uint8  // doublings of the retransmission timeout
	retries   uint8  // consecutive timeouts without an ACK of anything new
	probes    uint8  // unanswered keep-alive and window probes
	prompt    uint8  // segments that are still to be acknowledged at once
	rcvMSS    uint16 // largest payload received, at least defaultMSS: what counts as a full segment

	// Timestamps (RFC 7323).
	tsRecent   uint32
	tsRecentAt uint32 // millis when tsRecent was set

	// Round-trip time (RFC 6298), in microseconds.
	srtt, rttvar uint32
	rttSeq       Seq    // the byte whose ACK is awaited
	tunedAt      uint32 // microseconds, when the receive buffer was last tuned,
	rttAt        Instant

	// Congestion control (RFC 5681), in bytes.
	cwnd, ssthresh uint32

	challengeAt uint32 // millis of the last challenge ACK
	listenPos   uint32 // place in the listener's queue
	rstSeq      Seq
	tunedFrom   Seq // and what had been read by then

	// Timers.
	rtxAt    Instant // retransmission or persist
	ackAt    Instant // delayed ACK
	idleAt   Instant // keep-alive, Linger, FIN-WAIT-2, TIME-WAIT
	progress Instant // when the peer last acknowledged something, or was first owed something
}

// Init prepares a socket on host. A nil cfg is the default.
func (s *Socket) Init(env *Env, host Host, cfg *Config) {
	if cfg == nil {
		cfg = &defaultConfig
	}
	if env.Pool == nil {
		env.Pool = bufpool.New(bufpool.Config{})
	}
	*s = Socket{env: env, host: host, cfg: cfg, rtxAt: Never, ackAt: Never, idleAt: Never}
}

// State gives the connection's state.
func (s *Socket) State() State { return s.state }

// Err says why the connection failed; nil while it has not.
func (s *Socket) Err() error { return s.err }

// Host gives what Init was given.
func (s *Socket) Host() Host { return s.host }

// Ports gives the local and the remote port.
func (s *Socket) Ports() (local, remote uint16) { return s.localPort, s.remotePort }

// ReadBuffered is how many bytes can be read.
func (s *Socket) ReadBuffered() int { return s.rcv.Len() }

// WriteBuffered is how many bytes were written and are not acknowledged.
func (s *Socket) WriteBuffered() int { return s.snd.Len() }

// PeerClosed reports that the peer has sent FIN and all before it has arrived: behind ReadBuffered there is nothing
// more.
func (s *Socket) PeerClosed() bool { return s.flags&flagPeerFIN != 0 }

// Readable reports whether TryRead would give something other than ErrWouldBlock.
func (s *Socket) Readable() bool { return s.rcv.Len() > 0 || s.readError() != ErrWouldBlock }

// Writable reports that at least half of the send buffer is free: it is worth writing. Notify is called when it becomes
// true.
func (s *Socket) Writable() bool {
	if s.flags&flagFIN != 0 || !s.state.canSend() {
		return false
	}
	if s.snd.Len() <= s.sendLimit()/2 {
		return true
	}
	s.flags |= flagWantWrite // who asks waits: the buffer may grow to twice what is in it without getting emptier
	return false
}

// finSeq is the sequence number of our FIN, once flagFIN is set and our SYN is acknowledged, until it is acknowledged
// itself.
func (s *Socket) finSeq() Seq { return s.sndUna.Add(s.snd.Len()) }

func (s *Socket) setState(st State) {
	s.state = st
	if l := s.listener; l != nil && st == StateClosed {
		l.remove(s)
	}
}

// close ends the connection: nothing more is sent or received. err, if not nil, is why.
func (s *Socket) close(err error) {
	if err != nil {
		s.err = err
		s.env.Stats.Failures++
	}
	s.snd.Drop(s.env.Pool)
	s.freeOOO()
	s.dropSender()
	if s.flags&flagNoRead != 0 || s.listener != nil { // nobody will read, or nobody has been given it to read
		s.rcv.Drop(s.env.Pool)
	}
	s.flags &= flagRST | flagRSTReply | flagPeerFIN | flagNoRead | flagFIN | flagTS | flagQueued
	s.rtxAt, s.ackAt, s.idleAt = Never, Never, Never
	s.setState(StateClosed)
	s.host.Wake()
	s.host.Notify()
}

// freeOOO forgets what is out of order.
func (s *Socket) freeOOO() {
	if s.ooo != nil {
		s.env.putOOO(s.ooo)
		s.ooo = nil
		s.rcv.Trim()
		s.rcv.Release(s.env.Pool)
	}
}
