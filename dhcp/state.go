package dhcp

import (
	"time"

	"smoltls/iface"
)

// State is where a client stands (RFC 2131 §4.4, figure 5).
type State uint8

// The states.
const (
	StateInit       State = iota // about to ask for offers
	StateSelecting               // waiting for offers
	StateRequesting              // one is requested
	StateRebooting               // an old lease is to be confirmed: RFC 2131's INIT-REBOOT and REBOOTING
	StateTesting                 // there is a lease, and its address is tested
	StateBound                   // the interface is configured, here and in the next two
	StateRenewing                // the server is asked for more time
	StateRebinding               // any server is
	StateReleasing               // a message that gives the lease back is about to leave
	StateClosed
)

// String names the state.
func (s State) String() string {
	if s <= StateClosed {
		return [...]string{"init", "selecting", "requesting", "rebooting", "testing", "bound", "renewing", "rebinding", "releasing", "closed"}[s]
	}
	return "no state"
}

// configured: the interface is configured by a lease.
func (s State) configured() bool { return s >= StateBound && s <= StateRebinding }

// holds: the interface has the lease's address, which may be under test or about to go.
func (s State) holds() bool { return s >= StateTesting && s <= StateReleasing }

// enter goes to a state in which step has something to do at due.
func (c *Client) enter(s State, due time.Time) { c.state, c.due = s, due }

// step does what is due.
func (c *Client) step(now time.Time) {
	switch c.state {
	case StateInit:
		c.since = now
		c.offers = nil
		c.ask(now, StateSelecting)
	case StateSelecting:
		if len(c.offers) > 0 {
			c.selectOffer(now)
			return
		}
		c.unanswered(c.tries%c.cfg.Limits.Requests == 0)
		c.send(now)
	case StateRequesting:
		c.askAgain(now, c.cfg.Limits.Requests)
	case StateRebooting:
		if c.tries == 0 {
			c.since, c.lease = now, c.cfg.Lease.clone()
			c.ask(now, StateRebooting)
			return
		}
		c.askAgain(now, min(rebootRequests, c.cfg.Limits.Requests))
	case StateBound:
		c.ask(now, StateRenewing)
	case StateRenewing:
		if now.Before(c.lease.Rebind) {
			c.send(now)
			return
		}
		c.ask(now, StateRebinding)
	case StateRebinding:
		if now.Before(c.lease.End) {
			c.send(now)
			return
		}
		c.lose(now, ErrExpired)
	case StateReleasing:
		c.Close()
	}
}

// rebootRequests is how often an old lease is asked about before the client looks for another one: the network may be
// another one.
const rebootRequests = 2

// askAgain repeats a question, or gives up and begins anew.
func (c *Client) askAgain(now time.Time, most int) {
	if c.tries < most {
		c.unanswered(false)
		c.send(now)
		return
	}
	c.unanswered(true)
	c.enter(StateInit, now)
}

// unanswered notes that nobody has answered.
func (c *Client) unanswered(tell bool) {
	c.err = ErrNoAnswer
	if tell {
		c.tell(Failed, Lease{}, ErrNoAnswer)
	}
}

// watch looks what has become of the address.
func (c *Client) watch(now time.Time) {
	switch {
	case c.state == StateReleasing && c.sock.Unsent() == 0 && !c.ifc.Resolving(c.lease.Server):
		c.Close()
		return
	case !c.state.holds() || c.state == StateReleasing:
		return
	}
	switch s := c.ifc.AddrState(c.lease.Addr.Addr()); {
	case s == iface.AddrDuplicate:
		c.conflict(now)
	case s == iface.AddrGone: // the interface has ended it in the same poll
		c.lose(now, ErrExpired)
	case s != iface.AddrTentative && c.state == StateTesting:
		c.bound(now)
	}
}

// lose ends the lease, and begins anew.
func (c *Client) lose(now time.Time, why error) {
	l, kind := c.lease, Failed
	if c.state.configured() {
		kind = Lost
	}
	c.unconfigure()
	c.err, c.request = why, l.Addr.Addr()
	c.enter(StateInit, now)
	c.tell(kind, l, why)
}
