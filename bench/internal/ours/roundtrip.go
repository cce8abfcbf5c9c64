package ours

import (
	"crypto/tls"
	"errors"
	"time"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/measure"
	"smoltls/set"
)

// RoundTrips times a byte to an echo and back, over TCP alone or, if secure, over TLS. Figure 0 is its time in µs.
func RoundTrips(secure bool) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		w, err := newOneSidedWire(secure)
		if err != nil {
			return err
		}
		client, server, err := w.connect(0)
		if err != nil {
			return err
		}
		e.Chunks = 1
		return w.roundTrips(e, r, 0, client, server)
	}
}

// newOneSidedWire makes a wire on which, with TLS, the client needs no certificate.
func newOneSidedWire(secure bool) (*wire, error) {
	if !secure {
		return newWire(nil)
	}
	cfgs, err := newConfigs(identity.Ed25519, tls.X25519, false)
	if err != nil {
		return nil, err
	}
	return newWire(cfgs)
}

// roundTrips reads figure i e.Chunks times.
func (w *wire) roundTrips(e measure.Effort, r *measure.Readings, i int, client, server set.Handle) error {
	if _, err := w.echoes(client, server, e.RoundTrips/5+1); err != nil {
		return err
	}
	for range e.Chunks {
		d, err := w.echoes(client, server, e.RoundTrips)
		if err != nil {
			return err
		}
		r.Add(i, measure.Micros(d, e.RoundTrips))
	}
	return nil
}

// errEcho says that another byte came back than was sent.
var errEcho = errors.New("the echo is another byte")

// echoes sends n bytes one by one, each when the echo of the one before has come, and gives the time it took.
func (w *wire) echoes(client, server set.Handle, n int) (time.Duration, error) {
	c, _ := w.client.sockets.get(client)
	s, _ := w.server.sockets.get(server)
	done := 0
	var buf, echoBuf [1]byte
	w.server.serve = only(server, func() error { return echo(s, &echoBuf) })
	w.client.serve = only(client, func() error {
		if _, err := c.TryRead(buf[:]); wouldBlock(err) {
			return nil
		} else if err != nil {
			return err
		}
		if buf[0] != byte(done) {
			return errEcho
		}
		if done++; done == n {
			return nil
		}
		buf[0] = byte(done)
		_, err := c.TryWrite(buf[:])
		return err
	})
	start := time.Now()
	if _, err := c.TryWrite(buf[:]); err != nil {
		return 0, err
	}
	err := w.until(func() bool { return done == n })
	return time.Since(start), err
}

// echo answers what has arrived with itself.
func echo(s stream, buf *[1]byte) error {
	for {
		if _, err := s.TryRead(buf[:]); wouldBlock(err) {
			return nil
		} else if err != nil {
			return err
		}
		if _, err := s.TryWrite(buf[:]); err != nil {
			return err
		}
	}
}
