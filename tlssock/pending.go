package tlssock

import (
	"crypto"
	"crypto/tls"
	"errors"
	"strconv"
	"time"
)

// ErrPending is what a callback of a [Config], or the Sign of a key in it, returns when its answer comes later. The
// connection then waits, and nothing else does: [Engine.Pending] or [Socket.Pending] gives what it waits for, and
// Deliver takes the answer.
//
// Those that may return it: GetConfigForClient, GetCertificate, GetClientCertificate, VerifyConnection, and
// crypto.Signer.Sign. A [ReplayGuard] says so by [GuardLater].
var ErrPending = errors.New("tls: the answer comes later")

// ErrNotPending is given for an answer that nobody waits for: it has been given before, or the connection has ended
// since. Nothing happens to the connection.
var ErrNotPending = errors.New("tls: nothing waits for this answer")

// errNoAnswer is what became of an answer that has nothing in it.
var errNoAnswer = errors.New("tls: the answer that was delivered is empty")

// PendingKind says what a connection waits for.
type PendingKind uint8

// The values of PendingKind, and what of an [Answer] goes with each.
const (
	PendingSignature         PendingKind = iota + 1 // Signature; asked for by a key's Sign
	PendingConfig                                   // Config, nil to stay with the present one; by GetConfigForClient
	PendingCertificate                              // Certificate, nil for one of Config.Certificates; by GetCertificate
	PendingClientCertificate                        // Certificate, an empty one for none; by GetClientCertificate
	PendingVerification                             // nothing: Err decides; by VerifyConnection
	PendingEarlyData                                // EarlyData; by a ReplayGuard of GuardLater. Err refuses the early data and fails nothing
)

var pendingNames = [...]string{"nothing", "signature", "configuration", "certificate", "client certificate", "verification", "early data"}

// String gives it in words.
func (k PendingKind) String() string {
	if int(k) < len(pendingNames) {
		return pendingNames[k]
	}
	return "PendingKind(" + strconv.Itoa(int(k)) + ")"
}

// Pending is what one connection waits for. Apart from Owner it never changes, and what it refers to belongs to it: it
// can be given to another goroutine. The answer must be delivered by the one that polls.
type Pending struct {
	Kind PendingKind
	Role Role // of the connection

	// For PendingSignature, what [crypto.Signer] wants: Input is a digest made by Options.HashFunc(), or the whole
	// message when that is 0, as for Ed25519, Ed448 and ML-DSA. Key is the one of the identity that is presented; Sign
	// of what [SignLater] gave is the original's here.
	Key     crypto.Signer
	Input   []byte
	Options crypto.SignerOpts
	Scheme  tls.SignatureScheme

	ClientHello        *tls.ClientHelloInfo        // for PendingConfig and PendingCertificate
	CertificateRequest *tls.CertificateRequestInfo // for PendingClientCertificate
	ConnectionState    *ConnectionState            // for PendingVerification

	// For PendingEarlyData: the guard that was given to GuardLater, and what its Accept is asked. Judge asks it.
	ReplayGuard ReplayGuard
	EarlyHello  *EarlyHello
	Asked       time.Time // now, of the poll in which the question came up

	// Owner is for whoever drives the connection, to find it by; a set keeps its own there.
	Owner any
}

// Answer is what a connection waits for. Err, if it is not nil, fails it, as it does when a callback returns it; early
// data is only refused by it.
type Answer struct {
	Signature   []byte
	Certificate *tls.Certificate
	Config      *Config
	EarlyData   bool // it is accepted
	Err         error
}

// waiter is what goes on when an answer comes.
type waiter interface {
	resume(a *Answer) (state, error)
}

// waiting is the state of a handshake that waits: no message is handled before the answer.
type waiting struct{ *handshake }

func (s waiting) handle(m message) (state, error) {
	return nil, unexpected(m, "nothing: "+s.pending.Kind.String()+" is pending")
}

// wait makes the handshake wait for p.
func (h *handshake) wait(p *Pending, w waiter) (state, error) {
	p.Role = h.e.role
	h.pending, h.waiter = p, w
	return waiting{h}, nil
}

// Pending gives what e waits for, nil for nothing. During the handshake Receive takes no records until the answer has
// been delivered.
func (e *Engine) Pending() *Pending {
	if h := e.underWay(); h != nil {
		return h.pending
	}
	return nil
}

// underWay gives the handshake, or the authentication after it, that is under way; nil: none is.
func (e *Engine) underWay() *handshake {
	if e.hs != nil {
		return e.hs
	}
	if p := e.post(); p != nil {
		return p.hs
	}
	return nil
}

// waits reports whether no records are taken now.
func (e *Engine) waits() bool {
	return e.hs != nil && e.hs.pending != nil || e.flags&flagPostWaits != 0
}

// Deliver gives the answer to p, and e goes on. It fails with ErrNotPending when p is not what e waits for (any more),
// which changes nothing; another error is why the connection failed.
//
// A signature is verified, for no more than a peer's costs: answers that were mixed up are found here and not by the
// peer.
func (e *Engine) Deliver(p *Pending, a Answer) error {
	h := e.underWay()
	if p == nil || h == nil || h.pending != p {
		return ErrNotPending
	}
	w := h.waiter
	h.pending, h.waiter = nil, nil
	e.flags &^= flagPostWaits
	next, err := w.resume(&a)
	if err == nil {
		e.state = next
		err = e.handleHeld()
	}
	if err != nil {
		return e.fail(err)
	}
	return nil
}

// handleHeld takes the messages that came in one record with the one that had to wait.
func (e *Engine) handleHeld() error {
	held := e.partial
	if held == nil || e.waits() {
		return nil
	}
	rest, err := e.handleMessages(held.b)
	if err != nil {
		return err
	}
	e.keepPartial(held, rest)
	return nil
}
