package tlssock

import (
	"container/list"
	"fmt"

	"golang.org/x/crypto/cryptobyte"

	"smoltls/tlssock/internal/wire"
)

// ClientSession is what a client needs to resume a connection: a ticket, and what belongs to it. It holds a secret:
// whoever has it can pass for this client at that server, and for that server to this client, for as long as it lasts.
type ClientSession struct {
	session
	ticket []byte
	ocsp   []byte // what was stapled to the server's certificate
	scts   wire.Names
	own    []byte // print of the identity that we presented; none: we presented none
}

// MaxEarlyData is how many bytes of early data the server takes with s; 0: none.
func (s *ClientSession) MaxEarlyData() uint32 { return s.maxEarly }

// maxStoredSession is the longest form of a ClientSession that is read.
const maxStoredSession = 1 << 20

// MarshalBinary implements [encoding.BinaryMarshaler], for a cache that outlives the program.
func (s *ClientSession) MarshalBinary() ([]byte, error) {
	w := cryptobyte.NewBuilder(nil)
	w.AddUint16LengthPrefixed(func(w *cryptobyte.Builder) { w.AddBytes(s.ticket) })
	w.AddUint16LengthPrefixed(func(w *cryptobyte.Builder) { w.AddBytes(s.ocsp) })
	w.AddUint16LengthPrefixed(func(w *cryptobyte.Builder) { w.AddBytes(s.scts.Raw()) })
	w.AddUint8LengthPrefixed(func(w *cryptobyte.Builder) { w.AddBytes(s.own) })
	b, err := w.Bytes()
	if err != nil {
		return nil, &SessionError{err}
	}
	return s.session.append(b)
}

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. It copies b. The error is a [SessionError].
func (s *ClientSession) UnmarshalBinary(b []byte) error {
	if len(b) > maxStoredSession {
		return &SessionError{fmt.Errorf("%d bytes", len(b))}
	}
	r := cryptobyte.String(append([]byte(nil), b...))
	var ticket, ocsp, scts, own cryptobyte.String
	if !r.ReadUint16LengthPrefixed(&ticket) || ticket.Empty() || !r.ReadUint16LengthPrefixed(&ocsp) || !r.ReadUint16LengthPrefixed(&scts) || !r.ReadUint8LengthPrefixed(&own) {
		return &SessionError{errSession}
	}
	s.own = own
	if s.ticket = ticket; !ocsp.Empty() {
		s.ocsp = ocsp
	}
	var ok bool
	if s.scts, ok = wire.ParseSCTs(scts); !ok {
		return &SessionError{errSession}
	}
	if err := s.session.parse(r); err != nil {
		return &SessionError{err}
	}
	return nil
}

// ClientSessionCache keeps sessions by key, which is [Config.SessionKey]. Get takes the session out of the cache: a
// ticket that is used once can't link connections to each other for who looks on (RFC 8446 §C.4). A cache that is
// shared by loops in several goroutines must be safe for that.
type ClientSessionCache interface {
	// Get gives a session for the key, which it forgets.
	Get(key string) (*ClientSession, bool)
	// Put keeps a session for the key, as the newest.
	Put(key string, s *ClientSession)
}

// DefaultSessionCache is how many sessions a cache holds whose capacity is not given, and how many of them may have the
// same key.
const (
	DefaultSessionCache   = 256
	DefaultSessionsPerKey = 4
)

// NewLRUClientSessionCache makes a cache in memory for one goroutine that holds at most capacity sessions
// ([DefaultSessionCache] if it is not positive), of which the one that was put longest ago makes room; of one key at
// most [DefaultSessionsPerKey].
func NewLRUClientSessionCache(capacity int) ClientSessionCache {
	if capacity <= 0 {
		capacity = DefaultSessionCache
	}
	return &lruCache{capacity: capacity, byKey: make(map[string][]*list.Element)}
}

type lruCache struct {
	capacity int
	order    list.List // of *cached; the newest in front
	byKey    map[string][]*list.Element
}

type cached struct {
	key string
	s   *ClientSession
}

// Get implements ClientSessionCache. It gives the newest.
func (c *lruCache) Get(key string) (*ClientSession, bool) {
	all := c.byKey[key]
	if len(all) == 0 {
		return nil, false
	}
	newest := all[len(all)-1]
	c.remove(newest, len(all)-1)
	return newest.Value.(*cached).s, true
}

// Put implements ClientSessionCache.
func (c *lruCache) Put(key string, s *ClientSession) {
	if s == nil {
		return
	}
	if all := c.byKey[key]; len(all) >= DefaultSessionsPerKey {
		c.remove(all[0], 0)
	}
	for c.order.Len() >= c.capacity {
		c.remove(c.order.Back(), 0) // the oldest of all is the oldest of its key
	}
	c.byKey[key] = append(c.byKey[key], c.order.PushFront(&cached{key, s}))
}

// remove takes out e, which is the n-th of its key.
func (c *lruCache) remove(e *list.Element, n int) {
	key := e.Value.(*cached).key
	c.order.Remove(e)
	all := c.byKey[key]
	if all = append(all[:n], all[n+1:]...); len(all) == 0 {
		delete(c.byKey, key)
	} else {
		c.byKey[key] = all
	}
}
