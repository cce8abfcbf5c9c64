package main

import (
	"errors"
	"fmt"
	"math"
	"time"

	"smoltls/tlssock"
)

// earlyOptions are the flags about early data and the tickets for it.
type earlyOptions struct {
	enable         bool
	expectAccept   bool
	expectReject   bool
	expectNoOffer  bool
	expectReason   string
	ticketSupports bool // the tickets that come must allow early data
	noSession      bool // no ticket may come
	afterMessage   int  // a client writes early data when it has this handshake message
}

// What BoringSSL takes of early data, and by how much a ticket may be older or younger than the client says.
const (
	earlyDataTaken = 14336
	ticketAgeSkew  = 60 * time.Second
)

func init() {
	on("-enable-early-data", func(o *options) { o.early.enable = true })
	on("-expect-accept-early-data", func(o *options) { o.early.expectAccept = true })
	on("-expect-reject-early-data", func(o *options) { o.early.expectReject = true })
	on("-expect-no-offer-early-data", func(o *options) { o.early.expectNoOffer = true })
	on("-expect-ticket-supports-early-data", func(o *options) { o.early.ticketSupports = true })
	on("-expect-no-session", func(o *options) { o.early.noSession = true })
	text("-expect-early-data-reason", func(o *options) *string { return &o.early.expectReason })
	number("-early-write-after-message", func(o *options) *int { return &o.early.afterMessage })
	with("-expect-ticket-age-skew", func(o *options, v string) error {
		var want int
		_, err := fmt.Sscan(v, &want)
		o.check = append(o.check, func(c *connection) error {
			got := int(math.Trunc(c.eng.ConnectionState().TicketAgeSkew.Seconds()))
			return wanted(fmt.Sprintf("-expect-ticket-age-skew %d: %d", want, got), got == want || !c.resumes)
		})
		return err
	})
}

// allowEarly allows early data in the role that is played. The guard is the same for all connections, as it is for
// those of one server.
func (s *shim) allowEarly(cfg *tlssock.Config) {
	cfg.EnableEarlyData, cfg.Limits.EarlyData = true, 1<<20
	cfg.MaxEarlyData = earlyDataTaken
	if s.guard == nil {
		s.guard = tlssock.NewReplayGuard(s.env.Now, ticketAgeSkew, 0)
	}
	cfg.ReplayGuard = s.guard
}

// inEarlyData reports whether a handshake that is under way has come to early data: a client can send it, a server has
// it.
func (c *connection) inEarlyData() bool {
	if c.eng.HandshakeComplete() {
		return false
	}
	switch s := c.eng.ConnectionState().EarlyData; {
	case c.options.server:
		return s == tlssock.EarlyDataAccepted
	default:
		return c.offered && (s == tlssock.EarlyDataOffered || s == tlssock.EarlyDataAccepted)
	}
}

// ready reports whether the handshake has come to where application data flows.
func (c *connection) ready() bool { return c.eng.HandshakeComplete() || c.inEarlyData() }

// enterEarly goes on to where a client writes its early data.
func (c *connection) enterEarly() error {
	c.offered = !c.options.server && c.eng.EarlyDataRoom() > 0
	if c.options.early.expectNoOffer && c.offered {
		return wanted("-expect-no-offer-early-data", false)
	}
	if !c.offered {
		return nil
	}
	if err := c.checkProperties(); err != nil {
		return err
	}
	const serverHello = 2 // EncryptedExtensions come in the record after it, and its CCS
	records := map[bool]int{true: 1, false: 3}[c.options.early.afterMessage == serverHello]
	if c.options.early.afterMessage == 0 {
		records = 0
	}
	for range records {
		if err := c.step(); err != nil {
			return err
		}
	}
	return nil
}

// afterEarly looks what became of early data when the handshake is over. After a rejection the flags are those of the
// retry.
func (c *connection) afterEarly() error {
	o, cs := c.options, c.eng.ConnectionState()
	accepted := cs.EarlyData == tlssock.EarlyDataAccepted
	if o.early.expectAccept && !accepted || o.early.expectReject && accepted {
		return wanted("early data is "+cs.EarlyData.String(), false)
	}
	if c.offered && !accepted {
		if !o.early.expectReject {
			return errors.New("early data was rejected: " + cs.EarlyData.String())
		}
		if _, err := c.eng.Seal(make([]byte, c.eng.Overhead()), nil); c.wroteEarly && !errors.Is(err, tlssock.ErrEarlyDataRejected) {
			return fmt.Errorf("early data was rejected, and a write says %v", err)
		}
		c.options = &c.shim.options[retry]
	}
	if want := c.options.early.expectReason; want != "" && want != c.earlyReason(cs.EarlyData) {
		return wanted(fmt.Sprintf("-expect-early-data-reason %s: %v", want, cs.EarlyData), false)
	}
	return nil
}

// earlyReason is BoringSSL's name for a status.
func (c *connection) earlyReason(s tlssock.EarlyDataStatus) string {
	switch s {
	case tlssock.EarlyDataOff:
		return "disabled"
	case tlssock.EarlyDataNoSession:
		return "no_session_offered"
	case tlssock.EarlyDataUnsupported:
		return "unsupported_for_session"
	case tlssock.EarlyDataAccepted:
		return "accept"
	case tlssock.EarlyDataNotResumed:
		return "session_not_resumed"
	case tlssock.EarlyDataRetried:
		return "hello_retry_request"
	case tlssock.EarlyDataRefused:
		return "ticket_age_skew"
	case tlssock.EarlyDataProtocol:
		if !c.offered { // a client does not learn that it was this
			return "alpn_mismatch"
		}
	}
	return "peer_declined"
}

// takeEarly takes the early data that the engine has.
func (c *connection) takeEarly() {
	if n := c.eng.EarlyBuffered(); n > 0 {
		b := make([]byte, n)
		c.plain = append(c.plain, b[:c.eng.ReadEarly(b)]...)
	}
}

// writeEarly seals as much of p as may go before the handshake is over, and gives how much that was.
func (c *connection) writeEarly(b, p []byte) (sealed, n int, err error) {
	n = min(len(p), c.eng.EarlyDataRoom())
	sealed, err = c.eng.SealEarly(b, p[:n])
	c.wroteEarly = c.wroteEarly || n > 0
	return sealed, n, err
}

// checkTicket checks what came in the way of tickets, at the end.
func (c *connection) checkTicket() error {
	if c.options.server {
		return nil
	}
	if c.options.early.noSession {
		return wanted("-expect-no-session", !c.shim.cache.new)
	}
	if !c.shim.cache.new {
		return nil
	}
	return wanted("-expect-ticket-supports-early-data", c.options.early.ticketSupports == (c.shim.cache.s.MaxEarlyData() > 0))
}
