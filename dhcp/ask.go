package dhcp

import (
	"net/netip"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/iface"
)

var everybody = netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), ServerPort)

// ask begins to ask the question of a state.
func (c *Client) ask(now time.Time, s State) {
	c.enter(s, now)
	if s != StateRequesting { // whose question belongs to the offer's (RFC 2131 §4.4.1)
		c.xid = c.rng.Uint32()
	}
	if s == StateRenewing {
		c.since = now
	}
	c.tries, c.asked = 0, now
	c.send(now)
}

// send asks the question of the state, once more. Should it not get out it is lost, as it may be anywhere.
func (c *Client) send(now time.Time) {
	if c.state != StateRequesting { // which says what its DISCOVER said (RFC 2131 §4.1)
		c.secs = uint16(min(now.Sub(c.since)/time.Second, 0xffff))
	}
	q := question{kind: layers.DHCPMsgTypeRequest, xid: c.xid, secs: c.secs}
	to, from := everybody, netip.IPv4Unspecified()
	switch c.state { // RFC 2131 §4.3.2, §4.3.6
	case StateSelecting:
		q.kind, q.request, q.broadcast = layers.DHCPMsgTypeDiscover, c.request, c.cfg.Broadcast
	case StateRequesting:
		q.request, q.server, q.broadcast = c.lease.Addr.Addr(), c.lease.Server, c.cfg.Broadcast
	case StateRebooting:
		q.request, q.broadcast = c.lease.Addr.Addr(), c.cfg.Broadcast
	case StateRenewing:
		q.client, from, to = c.lease.Addr.Addr(), c.lease.Addr.Addr(), netip.AddrPortFrom(c.lease.Server, ServerPort)
	case StateRebinding:
		q.client, from = c.lease.Addr.Addr(), c.lease.Addr.Addr()
	}
	c.put(&q, from, to)
	c.due = c.repeatAt(now)
	c.tries++
}

// put sends q.
func (c *Client) put(q *question, from netip.Addr, to netip.AddrPort) {
	b, err := q.build(&c.cfg, &c.who)
	if err != nil {
		return
	}
	if c.sock.TrySendTo(b, iface.Meta{Local: from, Remote: to}) == nil {
		c.stats.Sent++
	}
}

// repeatAt is when the question that was just sent is to be asked again, if there is no answer.
func (c *Client) repeatAt(now time.Time) time.Time {
	switch c.state {
	case StateRenewing:
		return halfway(now, c.lease.Renew, c.lease.Rebind)
	case StateRebinding:
		return halfway(now, c.lease.Rebind, c.lease.End)
	}
	return now.Add(c.backoff(c.tries))
}

// backoff is the time after the n-th sending: a second more or less than twice the last one, up to a bound (RFC 2131
// §4.1).
func (c *Client) backoff(n int) time.Duration {
	t := min(c.cfg.MaxTimeout, c.cfg.Timeout<<min(n, 20))
	jitter := min(time.Second, t/4)
	return t - jitter + c.upTo(2*jitter)
}

// halfway is half of the time that is left until a time, but no less than a minute (RFC 2131 §4.4.5), or a quarter of
// the phase where that is less: a short lease is asked for more than once, too.
func halfway(now, from, to time.Time) time.Time {
	least := min(time.Minute, to.Sub(from)/4)
	at := now.Add(max(to.Sub(now)/2, least))
	if at.After(to) {
		return to
	}
	return at
}

// release tells the server that we need the address no longer (RFC 2131 §4.4.6).
func (c *Client) release() {
	a := c.lease.Addr.Addr()
	c.put(&question{kind: layers.DHCPMsgTypeRelease, xid: c.rng.Uint32(), client: a, server: c.lease.Server}, a, netip.AddrPortFrom(c.lease.Server, ServerPort))
}

// decline tells the server that another station has the address (RFC 2131 §4.4.4).
func (c *Client) decline() {
	c.put(&question{
		kind: layers.DHCPMsgTypeDecline, xid: c.rng.Uint32(), request: c.lease.Addr.Addr(), server: c.lease.Server, reason: "another station has the address",
	}, netip.IPv4Unspecified(), everybody)
}
