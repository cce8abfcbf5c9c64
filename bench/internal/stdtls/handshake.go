package stdtls

import (
	"crypto/tls"
	"errors"
	"fmt"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
)

// Figures of a handshake, in order.
const (
	handshakeTime    = iota // µs
	handshakeMallocs        // allocations of both ends
)

// Handshake authenticates both ends, or resumes, each end in a goroutine of its own.
func Handshake(k identity.Kind, group tls.CurveID, mode load.Handshake) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		ids, err := identity.NewPair(k)
		if err != nil {
			return err
		}
		client, server := ids.StdConfigs(group, true)
		if mode != load.Full {
			client.ClientSessionCache, server.SessionTicketsDisabled = tls.NewLRUClientSessionCache(0), false
		}
		run := func(n int) error {
			for range n {
				if err := once(client, server, mode); err != nil {
					return err
				}
			}
			return nil
		}
		elapsed, mallocs, err := measure.Timed(func() error { return errors.Join(once(client, server, load.Full), run(e.Handshakes/10+1)) }, func() error { return run(e.Handshakes) })
		if err != nil {
			return err
		}
		r.Add(handshakeTime, measure.Micros(elapsed, e.Handshakes))
		r.Add(handshakeMallocs, measure.PerOp(mallocs, float64(e.Handshakes)))
		return nil
	}
}

// once does one handshake, and a byte from the server after it.
func once(client, server *tls.Config, mode load.Handshake) error {
	a, b := pipe()
	defer a.Close()
	done := make(chan error, 1)
	go func() {
		_, err := tls.Server(b, server).Write([]byte{1})
		done <- err
	}()
	c := tls.Client(a, client)
	if _, err := c.Read(make([]byte, 1)); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	if err := <-done; err != nil {
		return fmt.Errorf("server: %w", err)
	}
	if resumed := c.ConnectionState().DidResume; resumed != (mode == load.Resumed) && client.ClientSessionCache == nil {
		return fmt.Errorf("crypto/tls: resumed %v", resumed)
	}
	return nil
}
