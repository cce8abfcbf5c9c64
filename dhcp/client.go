package dhcp

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
)

// Client gets an address for an interface and keeps it. Like the interface it belongs to one goroutine.
type Client struct {
	cfg  Config
	ifc  *iface.Interface
	who  identity
	rng  *mathrand.Rand
	sock iface.UDPSocket

	state State
	due   time.Time // when step has something to do; zero: when something arrives
	begun bool      // Poll was called

	xid   uint32    // of the question under way
	asked time.Time // when it was sent first
	tries int       // how often it was sent
	since time.Time // when we began to look for an address: RFC 2131's secs counts from then
	secs  uint16    // of the last DISCOVER

	request  netip.Addr // to ask for
	offers   []Lease
	lease    Lease // requested, tested or in use, as the state says
	added    []iface.Route
	failures int // attempts that failed since there was a lease, for reasons other than silence
	err      error
	stats    Stats
}

// Stats counts what a Client did.
type Stats struct {
	Sent      uint64 // messages
	Received  uint64
	Foreign   uint64 // of these, those that were no answers to us
	Malformed uint64
	Refused   uint64 // answers that a server refuses an address
	Conflicts uint64 // addresses that another station had
	Leases    uint64
	Renewals  uint64
}

// New makes a client for ifc, which is to have no address in the server's network otherwise. Nothing happens before the
// first Poll. Errors: ErrConfig, of the entropy source, and of
// [iface.Interface.OpenSeekerUDP]: another client may have the port.
func New(ifc *iface.Interface, c Config) (*Client, error) {
	cfg, err := c.withDefaults(ifc)
	if err != nil {
		return nil, err
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	var seed [32]byte
	if _, err := io.ReadFull(cfg.Rand, seed[:]); err != nil {
		return nil, fmt.Errorf("dhcp: entropy: %w", err)
	}
	client := &Client{
		cfg: cfg, ifc: ifc, who: identity{ifc.HardwareAddr(), append([]byte(nil), cfg.ClientID...)}, rng: mathrand.New(mathrand.NewChaCha8(seed)), request: cfg.Request,
	}
	if err := ifc.OpenSeekerUDP(&client.sock, client, ClientPort, iface.PacketConfig{RecvPackets: 32}); err != nil {
		return nil, err
	}
	return client, nil
}

// PacketEvent implements iface.PacketOwner. Poll looks by itself.
func (c *Client) PacketEvent() {}

// Poll takes answers and goes on. It is called after every poll of the sets, with the same now. What it leaves to be
// sent goes with the next one, which [Client.PollAt] does not name: set.PollAt does.
func (c *Client) Poll(now time.Time) {
	if c.state == StateClosed {
		return
	}
	c.ifc.Tick(now)
	if !c.begun {
		c.begin(now)
	}
	for {
		b, _, err := c.sock.Peek()
		if errors.Is(err, iface.ErrWouldBlock) || errors.Is(err, iface.ErrClosed) {
			break
		}
		if err == nil {
			c.take(now, b)
			c.sock.Discard()
		}
	}
	c.watch(now)
	const most = 8 // states that follow each other at once
	for range most {
		if c.due.IsZero() || now.Before(c.due) {
			break
		}
		c.step(now)
	}
}

// begin is what the first Poll does.
func (c *Client) begin(now time.Time) {
	c.begun = true
	if l := c.cfg.Lease; l != nil && !l.Expired(now) {
		c.enter(StateRebooting, now.Add(c.upTo(c.cfg.StartDelay)))
		return
	}
	c.enter(StateInit, now.Add(c.upTo(c.cfg.StartDelay)))
}

// PollAt gives when Poll has something to do though no frame arrives; zero: never.
func (c *Client) PollAt() time.Time {
	if !c.begun && c.state != StateClosed {
		return phy.Immediate
	}
	return c.due
}

// State gives where the client stands.
func (c *Client) State() State { return c.state }

// Lease gives the lease that the interface is configured by; false: there is none.
func (c *Client) Lease() (Lease, bool) {
	if !c.state.configured() {
		return Lease{}, false
	}
	return c.lease.clone(), true
}

// Err says why there is no lease, as far as that is known: that of the last attempt. nil: there is one, or the first
// attempt is still under way.
func (c *Client) Err() error { return c.err }

// Stats gives the counters.
func (c *Client) Stats() Stats { return c.stats }

// Release gives the lease back to the server, and ends the client when the message has left: Poll is called until State
// is StateClosed. Without a lease it is Close.
func (c *Client) Release(now time.Time) {
	if !c.state.configured() {
		c.Close()
		return
	}
	c.release()
	c.enter(StateReleasing, now.Add(releaseWait))
}

// releaseWait is for how long the message may wait, for the device and for the server's hardware address, at most.
const releaseWait = 3 * time.Second

// Close ends the client, and takes the address away. The server is not told: the lease, which [Client.Lease] gives
// before, may be used by the next client.
func (c *Client) Close() {
	if c.state == StateClosed {
		return
	}
	l := c.lease
	had := c.state.holds()
	c.unconfigure()
	c.sock.Close()
	c.enter(StateClosed, time.Time{})
	c.err = ErrClosed
	if !had {
		l = Lease{}
	}
	c.tell(Ended, l, nil)
}

func (c *Client) tell(k EventKind, l Lease, err error) {
	if c.cfg.Event != nil {
		c.cfg.Event(Event{k, l.clone(), err})
	}
}

// upTo is a random time, less than most.
func (c *Client) upTo(most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	return time.Duration(c.rng.Int64N(int64(most)))
}
