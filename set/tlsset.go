package set

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// ErrHandshakesFull says that [Limits].Handshakes are under way already; try again after a poll.
var ErrHandshakesFull = errors.New("set: too many handshakes under way")

// ErrHandshakeTimeout is the reason of a socket whose handshake took longer than [Limits].HandshakeTimeout.
var ErrHandshakeTimeout = errors.New("set: handshake took too long")

// TLSSocketSet holds TLS sockets of one interface by handle: clients made by Connect, and what listeners accept.
type TLSSocketSet struct {
	core[tlsEntry, *tlsEntry]
	ifc       *iface.Interface
	env       *tlssock.Env
	limits    Limits
	listeners table[tlsListener]

	work        []*tlsEntry     // entries whose transport has news, each at most once
	shaking     fifo[*tlsEntry] // those of them whose handshake is under way, and waits for its share of a poll
	blocked     []*tlsListener  // listeners that could not take all that waits under them
	handshaking timeline        // under Limits.HandshakeTimeout
	lingering   timeline        // removed, but not finished: under Limits.Linger
	awake       sleeper
	transits    []*transit         // for the next entries
	asked       []*tlssock.Pending // what sockets wait for and Pending has not told
	guarded     []guarded          // those of them that are for a replay guard, first asked first: under Limits.GuardTimeout

	epoch time.Time   // first now
	now   tcp.Instant // of the poll under way, or of the last one
}

type phase uint8

const (
	phaseBacklog   phase = iota // TCP's handshake, or waiting in TCP's accept queue
	phaseHandshake              // TLS's handshake (for a client: TCP's too)
	phaseOpen                   // has a handle or waits in Accept
	phaseLinger                 // has no handle any more; sends what is left
	phaseGone
)

// tlsEntry is one TLS socket: TCP connection, TLS connection, place in the set, and marks, in one allocation.
type tlsEntry struct {
	conn iface.Conn
	tls  tlssock.Socket
	set  *TLSSocketSet
	way  *transit // nil: on no way, in or out
	place
	phase   phase
	queued  bool // stands in set.work
	awake   bool // stands in set.awake
	touched bool // had news since the last sweep of set.awake
}

// NewTLS makes an empty set of TLS sockets on ifc.
func NewTLS(ifc *iface.Interface, limits Limits) *TLSSocketSet {
	l := limits.withDefaults()
	s := &TLSSocketSet{ifc: ifc, limits: l}
	s.env = &tlssock.Env{Pool: ifc.Pool(), MaxHandshakes: l.Handshakes}
	s.init(l.Sockets)
	s.listeners.max = l.Listeners
	s.handshaking.id, s.lingering.id = lineHandshakes, lineLingering
	s.awake.after = tcp.Instant(l.SleepAfter)
	return s
}

// Connect starts a connection to remote: TCP, then TLS under cfg, in the polls that follow. The handle is good at once;
// the socket becomes ready when the handshake is done or the connection has failed. Errors: what makes cfg unusable,
// [ErrSetFull], [ErrHandshakesFull], and those of [iface.Interface.Connect].
func (s *TLSSocketSet) Connect(remote netip.AddrPort, cfg *tlssock.Config) (Handle, error) {
	return s.ConnectTCP(remote, cfg, nil)
}

// ConnectTCP is Connect with options for the TCP connection underneath; nil is the default.
func (s *TLSSocketSet) ConnectTCP(remote netip.AddrPort, cfg *tlssock.Config, tcpCfg *tcp.Config) (Handle, error) {
	return s.ConnectFrom(netip.AddrPort{}, remote, cfg, tcpCfg)
}

// ConnectFrom is ConnectTCP from an address and a port that the caller chooses; what is unspecified of them is chosen
// as for Connect. Errors also: those of [iface.Interface.ConnectFrom].
func (s *TLSSocketSet) ConnectFrom(local, remote netip.AddrPort, cfg *tlssock.Config, tcpCfg *tcp.Config) (Handle, error) {
	if s.handshaking.n >= s.limits.Handshakes {
		return Handle{}, fmt.Errorf("%w (limit %d)", ErrHandshakesFull, s.limits.Handshakes)
	}
	e := &tlsEntry{set: s, phase: phaseHandshake}
	if err := e.tls.Init(s.env, &e.conn.Socket, cfg, tlssock.RoleClient); err != nil {
		return Handle{}, err
	}
	h, ok := s.insert(e)
	if !ok {
		return Handle{}, fmt.Errorf("%w (limit %d)", ErrSetFull, s.limits.Sockets)
	}
	if err := s.ifc.ConnectFrom(&e.conn, e, local, remote, tcpCfg); err != nil {
		s.remove(h)
		return Handle{}, err
	}
	s.startHandshake(e)
	return h, nil
}

// Stats counts what the sockets of the set did, removed ones included: handshakes by outcome, resumptions, records,
// bytes, key updates, tickets, alerts by kind.
func (s *TLSSocketSet) Stats() tlssock.Stats { return s.env.Stats }

// Get gives the socket that h names. The pointer stays good until h is removed.
func (s *TLSSocketSet) Get(h Handle) (*tlssock.Socket, bool) {
	e, ok := s.sockets.get(h)
	if !ok {
		return nil, false
	}
	return &e.tls, true
}

// Addrs gives the two ends of the connection that h names.
func (s *TLSSocketSet) Addrs(h Handle) (local, remote netip.AddrPort, ok bool) {
	e, ok := s.sockets.get(h)
	if !ok {
		return local, remote, false
	}
	return e.conn.LocalAddr(), e.conn.RemoteAddr(), true
}

// Remove forgets h. A connection that was closed, or has failed, goes on in the background until what was written, its
// close_notify or its alert, and its FIN have gone, for [Limits].Linger at most; one that is open is reset. It reports
// whether h named something.
func (s *TLSSocketSet) Remove(h Handle) bool {
	e, ok := s.remove(h)
	if !ok {
		return false
	}
	handshaking := s.handshaking.n
	s.forget(e)
	if s.handshaking.n < handshaking {
		s.unblock() // a place among the handshakes is free
	}
	return true
}

// Lingering is the number of removed sockets that still have something to send, or whose FIN is not acknowledged.
func (s *TLSSocketSet) Lingering() int { return s.lingering.n }

// ConnEvent implements [iface.Owner]: the entry is advanced by the poll under way or the next one.
func (e *tlsEntry) ConnEvent(*iface.Conn) {
	if !e.queued && e.phase != phaseGone {
		e.queued = true
		e.set.work = append(e.set.work, e)
	}
}

// instant turns a time of the caller into one of the set, which begins with its first poll.
func (s *TLSSocketSet) instant(now time.Time) tcp.Instant {
	if s.epoch.IsZero() {
		s.epoch = now
	}
	return tcp.Instant(now.Sub(s.epoch))
}

// pending reports that there is work though no frame arrives and no deadline passes.
func (s *TLSSocketSet) pending() bool { return s.hasNews() || s != nil && s.shaking.len() > 0 }

// hasNews reports that there is work of which a poll does all that there is.
func (s *TLSSocketSet) hasNews() bool { return s != nil && len(s.work) > 0 }

// deadline is when advance has something to do by time alone; zero: never.
func (s *TLSSocketSet) deadline() time.Time {
	if s == nil {
		return time.Time{}
	}
	at := min(s.handshaking.deadline(), s.lingering.deadline(), s.awake.deadline(), s.guardDeadline())
	if at == tcp.Never {
		return time.Time{}
	}
	return s.epoch.Add(time.Duration(at))
}
