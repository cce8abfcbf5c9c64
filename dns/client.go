package dns

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"smoltls/iface"
	"smoltls/set"
)

// Client asks DNS servers over an interface. Like the interface it belongs to one goroutine.
type Client struct {
	cfg     Config
	ifc     *iface.Interface
	tcps    *set.TCPSocketSet
	cache   cache
	queries []*Query // under way
	streams []*stream
	closed  bool
	buf     []byte // where datagrams are read to
	stats   Stats
}

// Stats counts what a Client did.
type Stats struct {
	Lookups   uint64
	CacheHits uint64
	UDP       uint64 // questions sent by UDP
	Stream    uint64 // by TCP or TLS
	Truncated uint64 // answers by UDP that were asked for again by TCP
	Foreign   uint64 // datagrams that were no answer to what was asked
	Failed    uint64 // lookups without an answer, for whatever reason
}

// New makes a client on ifc. Errors: ErrConfig.
func New(ifc *iface.Interface, c Config) (*Client, error) {
	cfg, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	client := &Client{cfg: cfg, ifc: ifc, tcps: set.NewTCP(ifc, set.Limits{}), buf: make([]byte, maxMessage)}
	client.cache.init(cfg.Limits.Cache)
	return client, nil
}

// maxMessage is the length of the longest message, by TCP and by UDP.
const maxMessage = 65535

// Lookup begins to look a name up. The query may be done at once: what is in the cache, and what is an address already.
// Errors are *Error: ErrName, ErrBusy, ErrClosed, or that of the entropy source.
func (c *Client) Lookup(now time.Time, name string, typ Type) (*Query, error) {
	c.stats.Lookups++
	q := &Query{c: c, asked: name, typ: typ}
	if addr, err := netip.ParseAddr(name); err == nil && !c.closed {
		q.isAddress(addr.Unmap())
		return q, nil
	}
	fail := func(err error) (*Query, error) {
		c.stats.Failed++
		return nil, &Error{name, typ, err}
	}
	if c.closed {
		return fail(ErrClosed)
	}
	n, err := parseName(name)
	if err != nil {
		return fail(ErrName)
	}
	q.question, q.target, q.ttl = question{key(n), typ}, n, c.cfg.MaxTTL
	if q.special() {
		return q, nil
	}
	if k, ok := c.cache.get(q.question, now); ok {
		c.stats.CacheHits++
		q.answer, q.err = k.answer.clone(k.until.Sub(now)), k.err
		q.done = true
		return q, nil
	}
	if len(c.queries) >= c.cfg.Limits.Queries {
		return fail(fmt.Errorf("%w (limit %d)", ErrBusy, c.cfg.Limits.Queries))
	}
	if q.share() {
		c.queries = append(c.queries, q)
		return q, nil
	}
	if err := q.newID(); err != nil {
		return fail(err)
	}
	c.queries = append(c.queries, q)
	q.try(now)
	c.sweep()
	return q, nil
}

// Poll takes answers and lets questions go on. It is called after every poll of the sets, with the same now. What it
// leaves to be sent goes with the next one, which [Client.PollAt] does not name: set.PollAt does.
func (c *Client) Poll(now time.Time) {
	for _, s := range c.streams {
		s.poll(now)
	}
	c.streams = slices.DeleteFunc(c.streams, func(s *stream) bool { return s.closed })
	for range c.tcps.Ready() { // every stream was looked at
	}
	for i := 0; i < len(c.queries); i++ { // those that begin meanwhile too
		c.queries[i].poll(now)
	}
	c.sweep()
}

// sweep forgets queries that are done.
func (c *Client) sweep() {
	c.queries = slices.DeleteFunc(c.queries, func(q *Query) bool { return q.done })
}

// PollAt gives when Poll has something to do though no frame arrives; zero: never.
func (c *Client) PollAt() (at time.Time) {
	earlier := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	for _, q := range c.queries {
		if q.leader == nil { // the others wait for it
			earlier(q.due)
		}
	}
	for _, s := range c.streams {
		if len(s.waiting) == 0 {
			earlier(s.idleAt)
		}
	}
	return at
}

// Stats gives the counters.
func (c *Client) Stats() Stats { return c.stats }

// Close ends every question with ErrClosed, and the connections to servers.
func (c *Client) Close() {
	c.closed = true
	for _, q := range c.queries {
		q.finish(Answer{}, ErrClosed)
	}
	c.sweep()
	for _, s := range c.streams {
		s.close()
	}
	c.streams = nil
}

// random draws a number.
func (c *Client) random() (uint16, error) {
	var b [2]byte
	if _, err := io.ReadFull(c.cfg.Rand, b[:]); err != nil {
		return 0, fmt.Errorf("entropy: %w", err)
	}
	return binary.BigEndian.Uint16(b[:]), nil
}

// remember keeps an answer, or that there is none.
func (c *Client) remember(q question, a Answer, err error, ttl time.Duration, now time.Time) {
	longest := c.cfg.MaxTTL
	if err != nil {
		longest = c.cfg.MaxNegativeTTL
	}
	c.cache.put(&kept{q, a.clone(0), err, now.Add(min(ttl, longest))}, now)
}

// nameOf is how an answer spells a name.
func nameOf(n dnsmessage.Name) string { return n.String() }
