package netconn

import (
	"context"
	"net/netip"
	"time"

	"smoltls/tlssock"
)

// race is one dial: addresses come in, connections to them are begun one after the other, and the first that is made
// wins (Happy Eyeballs, RFC 8305).
type race struct {
	d                             *Dialer
	cfg                           *tlssock.Config // nil: TCP only
	port                          uint16
	attemptDelay, resolutionDelay time.Duration

	candidates candidates
	lookups    chan lookup   // answers that are to come
	asked      int           // how many
	holdUntil  time.Time     // for the IPv6 addresses, which were asked for too; zero: no more
	nextAt     time.Time     // when another address may be tried; zero: at once
	news       chan struct{} // an attempt has come to something
	running    []*TLSConn

	err       error // of the first that failed
	failed    netip.AddrPort
	lookupErr error // of the first look-up that failed
}

// run goes on until a connection is made, or nothing is left to try.
func (r *race) run(ctx context.Context) (*TLSConn, netip.AddrPort, error) {
	defer r.abandon()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		if c := r.winner(); c != nil {
			return c, c.remote, nil
		}
		at := r.start(time.Now())
		if len(r.running) == 0 && r.asked == 0 && r.candidates.empty() {
			return nil, r.failed, r.verdict()
		}
		if at.IsZero() {
			timer.Stop()
		} else {
			timer.Reset(time.Until(at))
		}
		select {
		case <-r.news:
		case l := <-r.lookups:
			r.learn(l, time.Now())
		case <-timer.C:
		case <-ctx.Done():
			return nil, r.failed, ctx.Err()
		}
	}
}

// verdict is why no connection was made.
func (r *race) verdict() error {
	if r.err != nil {
		return r.err
	}
	return r.lookupErr
}

// start begins what is due, and gives when more will be; zero: not by time alone.
func (r *race) start(now time.Time) time.Time {
	for !r.candidates.empty() {
		at := r.nextAt
		if len(r.running) == 0 {
			at = time.Time{} // nothing to wait for (RFC 8305 §5)
		}
		if r.holdUntil.After(at) {
			at = r.holdUntil
		}
		if at.After(now) {
			return at
		}
		r.holdUntil = time.Time{}
		remote := netip.AddrPortFrom(r.candidates.next(), r.port)
		c, err := r.d.Runner.connect(remote, r.cfg, r.d.EarlyData, r.d.TCP, r.news)
		if err != nil {
			r.fail(remote, err)
			continue
		}
		r.running = append(r.running, c)
		r.nextAt = now.Add(r.attemptDelay)
	}
	return time.Time{}
}

// winner gives a connection that is made, and forgets those that have failed.
func (r *race) winner() *TLSConn {
	mu := &r.d.Runner.mu
	mu.Lock()
	defer mu.Unlock()
	left := r.running[:0]
	var won *TLSConn
	for _, c := range r.running {
		done, err := c.outcome()
		switch {
		case err != nil:
			r.fail(c.remote, err)
			c.end()
			r.nextAt = time.Time{} // the next may start at once (RFC 8305 §5)
		case done && won == nil:
			won = c
			c.opening = nil
			c.handOut()
		default:
			left = append(left, c)
		}
	}
	clear(r.running[len(left):])
	r.running = left
	return won
}

// abandon ends the connections that were not the first.
func (r *race) abandon() {
	mu := &r.d.Runner.mu
	mu.Lock()
	defer mu.Unlock()
	for _, c := range r.running {
		c.end()
	}
	r.d.Runner.kick()
}

func (r *race) fail(remote netip.AddrPort, err error) {
	if r.err == nil {
		r.err, r.failed = err, remote
	}
}
