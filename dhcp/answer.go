package dhcp

import (
	"errors"
	"net/netip"
	"time"

	"github.com/google/gopacket/layers"
)

// take looks what b is, and what follows from it.
func (c *Client) take(now time.Time, b []byte) {
	c.stats.Received++
	m, err := message{}, errMalformed
	if len(b) <= c.cfg.Limits.MessageSize {
		m, err = parse(b, c.xid, &c.who)
	}
	if err == nil {
		err = c.hear(now, &m)
	}
	switch {
	case errors.Is(err, errMalformed):
		c.stats.Malformed++
	case err != nil:
		c.stats.Foreign++
	}
}

// hear takes the answer to the question under way.
func (c *Client) hear(now time.Time, m *message) error {
	switch {
	case c.state == StateSelecting && m.kind == layers.DHCPMsgTypeOffer:
		return c.offered(now, m)
	case c.state == StateRequesting && m.server != c.lease.Server: // RFC 2131 §4.3.2: the one that was chosen
		return errForeign
	case c.state != StateRequesting && c.state != StateRebooting && c.state != StateRenewing && c.state != StateRebinding, c.tries == 0:
		return errForeign
	case m.kind == layers.DHCPMsgTypeNak:
		c.refused(now)
		return nil
	case m.kind != layers.DHCPMsgTypeAck || m.yours != c.lease.Addr.Addr():
		return errForeign
	}
	l, err := c.readLease(m, c.asked)
	switch {
	case err != nil:
		return err
	case l.Expired(now):
		return errForeign
	}
	if c.state == StateRenewing || c.state == StateRebinding {
		c.renewed(now, &l)
	} else {
		c.granted(now, &l)
	}
	return nil
}

// offered gathers an offer.
func (c *Client) offered(now time.Time, m *message) error {
	l, err := c.readLease(m, c.asked)
	if err != nil {
		return err
	}
	for k := range c.offers {
		if c.offers[k].Server == l.Server { // once more
			c.offers[k] = l
			return nil
		}
	}
	if len(c.offers) >= c.cfg.Limits.Offers {
		return nil
	}
	if c.offers = append(c.offers, l); len(c.offers) == 1 {
		c.due = now.Add(c.cfg.SelectWait)
	}
	return nil
}

// selectOffer chooses one of the offers, and requests it.
func (c *Client) selectOffer(now time.Time) {
	offers := c.offers
	c.offers = nil
	k := c.preferred(offers)
	if k < 0 || k >= len(offers) {
		c.fail(now, ErrNoOffer)
		return
	}
	c.lease = offers[k]
	c.ask(now, StateRequesting)
}

// preferred gives the index of the offer that is taken.
func (c *Client) preferred(offers []Lease) int {
	if c.cfg.Choose != nil {
		theirs := make([]Lease, len(offers))
		for k := range offers {
			theirs[k] = offers[k].clone()
		}
		return c.cfg.Choose(theirs)
	}
	for k := range offers {
		if offers[k].Addr.Addr() == c.request {
			return k
		}
	}
	return 0
}

// refused: the server takes back what it has offered, or does not know of a lease (RFC 2131 §3.1 (4), §4.3.2).
func (c *Client) refused(now time.Time) {
	c.stats.Refused++
	if c.state.holds() {
		c.lose(now, ErrRefused)
	} else {
		c.fail(now, ErrRefused)
	}
	c.request = netip.Addr{} // not to be asked for again
}

// fail begins anew after an attempt that has failed: at once the first time, and then ever later, so that a server that
// offers and refuses is not asked without end.
func (c *Client) fail(now time.Time, why error) {
	c.err = why
	wait := time.Duration(0)
	if c.failures > 0 {
		wait = c.backoff(c.failures - 1)
	}
	c.failures++
	c.enter(StateInit, now.Add(wait))
	c.tell(Failed, Lease{}, why)
}
