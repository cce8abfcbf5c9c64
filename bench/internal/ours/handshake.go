package ours

import (
	"crypto/tls"
	"errors"
	"io"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/measure"
	"smoltls/set"
)

// Figures of a handshake, in order.
const (
	handshakeTime    = iota // µs
	handshakeMallocs        // allocations of both ends
)

// Handshake connects, authenticates both ends and closes, one connection after the other.
func Handshake(k identity.Kind, group tls.CurveID) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		cfgs, err := newConfigs(k, group, true)
		if err != nil {
			return err
		}
		w, err := newWire(cfgs)
		if err != nil {
			return err
		}
		w.server.serve = w.closeAtEnd
		run := func(n int) error {
			for range n {
				if err := w.handshakeAndClose(); err != nil {
					return err
				}
			}
			return nil
		}
		elapsed, mallocs, err := measure.Timed(func() error { return run(e.Handshakes/10 + 1) }, func() error { return run(e.Handshakes) })
		if err != nil {
			return err
		}
		r.Add(handshakeTime, measure.Micros(elapsed, e.Handshakes))
		r.Add(handshakeMallocs, measure.PerOp(mallocs, float64(e.Handshakes)))
		return nil
	}
}

// handshakeAndClose runs the client's part and waits until both ends have nothing left to send.
func (w *wire) handshakeAndClose() error {
	h, _, err := w.connect(0)
	if err != nil {
		return err
	}
	s, _ := w.client.sockets.get(h)
	if err := s.Close(); err != nil {
		return err
	}
	w.client.sockets.remove(h)
	return w.until(func() bool { return w.client.sockets.left() == 0 && w.server.sockets.left() == 0 })
}

// closeAtEnd is a server that reads a connection to its end and closes it.
func (w *wire) closeAtEnd(h set.Handle) error {
	s, ok := w.server.sockets.get(h)
	if !ok {
		return nil
	}
	var b [1]byte
	switch _, err := s.TryRead(b[:]); {
	case wouldBlock(err):
		return nil
	case errors.Is(err, io.EOF):
		err = s.Close()
		w.server.sockets.remove(h)
		return err
	case err != nil:
		return err
	}
	return errors.New("data that nobody sent")
}
