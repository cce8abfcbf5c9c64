package gvisor

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/measure"
)

// Figures of a handshake, in order.
const (
	handshakeTime    = iota // µs
	handshakeMallocs        // allocations of both ends
)

// Handshake connects, authenticates both ends and closes, one connection after the other.
func Handshake(k identity.Kind, group tls.CurveID) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		w, err := newWire()
		if err != nil {
			return err
		}
		defer w.close()
		ids, err := identity.NewPair(k)
		if err != nil {
			return err
		}
		clientCfg, serverCfg := ids.StdConfigs(group, true)
		l, err := w.listen()
		if err != nil {
			return err
		}
		finished := make(chan error)
		go serveHandshakes(l, serverCfg, finished)
		run := func(n int) error {
			for range n {
				if err := l.handshakeAndClose(clientCfg, finished); err != nil {
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

// handshakeAndClose runs the client's part and waits until the server has closed too.
func (l *listener) handshakeAndClose(cfg *tls.Config, finished <-chan error) error {
	conn, err := l.dial()
	if err != nil {
		return err
	}
	c := tls.Client(conn, cfg)
	if err := c.Handshake(); err != nil {
		return fmt.Errorf("client's handshake: %w", err)
	}
	if err := c.Close(); err != nil {
		return fmt.Errorf("client's close: %w", err)
	}
	return <-finished
}

// serveHandshakes accepts connections until the listener's stack ends, reads each to its end, and tells how that went.
func serveHandshakes(l *listener, cfg *tls.Config, finished chan<- error) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		finished <- serveToEnd(conn, cfg)
	}
}

func serveToEnd(conn net.Conn, cfg *tls.Config) error {
	c := tls.Server(conn, cfg)
	if err := c.Handshake(); err != nil {
		return fmt.Errorf("server's handshake: %w", err)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("server's read: %w, not the end", err)
	}
	return c.Close()
}
