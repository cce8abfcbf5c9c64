package ours

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// mtu is the largest IP packet of the link, in bytes.
const mtu = 1500

// stall is how long a run may go without a frame or a ready socket before it counts as hung.
const stall = 5 * time.Second

// pairAddrs are the addresses of the two ends of a wire.
var pairAddrs = [2]netip.Prefix{netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("192.0.2.2/24")}

// end is one end of a wire: an interface, its sockets, and what its application does with one that is ready.
type end struct {
	dev     phy.Device
	ifc     *iface.Interface
	tcp     *set.TCPSocketSet // one of
	tls     *set.TLSSocketSet // these
	sockets sockets
	serve   func(h set.Handle) error
}

// turn is one round of an end's main loop: poll, let the application serve what is ready, and poll again if it did
// something, so that what it wrote leaves.
func (e *end) turn(now time.Time) (busy bool, err error) {
	if err := set.Poll(now, e.ifc, e.tcp, e.tls); err != nil {
		return false, err
	}
	if busy, err = e.sockets.serveReady(e.serve); err != nil {
		return busy, err
	}
	if busy {
		err = set.Poll(now, e.ifc, e.tcp, e.tls)
	}
	return busy, err
}

// pollAt is when the end has something to do though no frame arrives; zero: never.
func (e *end) pollAt(now time.Time) time.Time { return set.PollAt(now, e.ifc, e.tcp, e.tls) }

// wire is two ends joined by a link in memory that carries bare IP packets, as the peer's does. One goroutine drives
// both.
type wire struct {
	client, server end
	skew           time.Duration // by which our clock is ahead
}

// newWire makes one for TCP alone (cfgs nil) or for TLS.
func newWire(cfgs *configs) (*wire, error) { return newWireOver(cfgs, 0) }

// newWireOver makes one whose link takes super-segments and partial checksums, as o has it.
func newWireOver(cfgs *configs, o phy.Offload) (*wire, error) {
	a, b := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP, MTU: mtu, Offload: o})
	w := &wire{}
	for i, e := range []*end{&w.client, &w.server} {
		e.dev = []phy.Device{a, b}[i]
		var err error
		if e.ifc, err = iface.New(iface.Config{Device: e.dev, Addrs: pairAddrs[i : i+1]}); err != nil {
			return nil, err
		}
		e.open(cfgs)
	}
	return w, w.server.sockets.listen(w.address(0))
}

func (e *end) open(cfgs *configs) {
	if cfgs == nil {
		s := newPlain(e.ifc)
		e.tcp, e.sockets = s.TCPSocketSet, s
		return
	}
	s := newSecure(e.ifc, cfgs.client, cfgs.server)
	e.tls, e.sockets = s.TLSSocketSet, s
}

// address is where the i-th listener of the server is.
func (w *wire) address(i int) netip.AddrPort {
	return netip.AddrPortFrom(pairAddrs[1].Addr(), uint16(443+i))
}

func (w *wire) now() time.Time { return time.Now().Add(w.skew) }

var errStalled = errors.New("nothing moves any more")

// until lets both ends take turns until done.
func (w *wire) until(done func() bool) error {
	moved := w.now()
	for !done() {
		now := w.now()
		moves, err := w.turns(now)
		switch {
		case err != nil:
			return err
		case moves:
			moved = now
		case done():
			return nil
		case now.Sub(moved) > stall:
			return errStalled
		default:
			if err := w.wait(now); err != nil {
				return err
			}
		}
	}
	return nil
}

// turns is a turn of either end. It reports whether a socket was ready or a frame is under way.
func (w *wire) turns(now time.Time) (moves bool, err error) {
	for _, e := range [...]*end{&w.client, &w.server} {
		busy, err := e.turn(now)
		if err != nil {
			return false, err
		}
		moves = moves || busy
	}
	return moves || w.inFlight(), nil
}

// inFlight reports that a frame waits at either end.
func (w *wire) inFlight() bool {
	return !w.client.dev.PollAt().IsZero() || !w.server.dev.PollAt().IsZero()
}

// wait sleeps until either end has something to do.
func (w *wire) wait(now time.Time) error {
	at := w.client.pollAt(now)
	if t := w.server.pollAt(now); at.IsZero() || !t.IsZero() && t.Before(at) {
		at = t
	}
	if !at.IsZero() {
		at = at.Add(-w.skew)
	}
	if err := w.client.dev.Wait(at); err != nil {
		return fmt.Errorf("%w: %w", errStalled, err)
	}
	return nil
}

// connect opens a connection to the i-th listener and gives both its ends.
func (w *wire) connect(i int) (client, server set.Handle, err error) {
	if client, err = w.client.sockets.connect(w.address(i)); err != nil {
		return client, server, err
	}
	accepted := false
	err = w.until(func() bool {
		if !accepted {
			server, accepted = w.server.sockets.accept()
		}
		return accepted && w.client.sockets.established(client) || w.failure(client) != nil
	})
	if err == nil {
		err = w.failure(client)
	}
	return client, server, err
}

// failure is why a client's connection failed, by its own account or by the server's.
func (w *wire) failure(client set.Handle) error {
	if s, ok := w.client.sockets.get(client); ok && s.Err() != nil {
		return s.Err()
	}
	if s, ok := w.server.sockets.(*secure); ok {
		return s.failed
	}
	return nil
}
