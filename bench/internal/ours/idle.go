package ours

import (
	"crypto/tls"
	"runtime"
	"time"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/measure"
)

// Figures of idle memory, in order: bytes for each end of a connection. With us nobody has to wait in a goroutine of
// its own, so that both are the same.
const (
	idleWaiting = iota
	idleAlone
)

// settling is how long connections idle before they are weighed, in time of their own clock: beyond
// set.DefaultSleepAfter, when they give back what they can make again.
const settling = 10 * time.Second

// connsPerListener keeps the ports of one client address from running out.
const connsPerListener = 8_000

// IdleMemory weighs established connections that have moved a byte each way.
func IdleMemory(e measure.Effort, r *measure.Readings) error {
	cfgs, err := newConfigs(identity.P256, tls.X25519, true)
	if err != nil {
		return err
	}
	w, err := newWire(cfgs)
	if err != nil {
		return err
	}
	warm := e.Conns/2 + 1 // fill the pools, which are no socket's
	if err := w.addIdle(0, warm); err != nil {
		return err
	}
	before := measure.HeldMemory()
	if err := w.addIdle(warm, e.Conns); err != nil {
		return err
	}
	each := float64(measure.HeldMemory()-before) / float64(2*e.Conns)
	runtime.KeepAlive(w)
	r.Add(idleWaiting, each)
	r.Add(idleAlone, each)
	return nil
}

// addIdle opens n connections where there are have, moves a byte each way on each, and lets time pass.
func (w *wire) addIdle(have, n int) error {
	for i := have; i < have+n; i++ {
		if i > 0 && i%connsPerListener == 0 {
			if err := w.server.sockets.listen(w.address(i / connsPerListener)); err != nil {
				return err
			}
		}
		client, server, err := w.connect(i / connsPerListener)
		if err != nil {
			return err
		}
		if _, err := w.echoes(client, server, 1); err != nil {
			return err
		}
	}
	w.client.serve, w.server.serve = nil, nil
	return w.idle(settling)
}

// idle lets time pass on our clock, in steps, so that all that is due in it happens.
func (w *wire) idle(d time.Duration) error {
	const step = 100 * time.Millisecond
	for until := w.skew + d; w.skew < until; w.skew += step {
		if _, err := w.turns(w.now()); err != nil {
			return err
		}
	}
	return nil
}
