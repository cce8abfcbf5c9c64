package ours

import (
	"smoltls/bench/internal/measure"
	"smoltls/set"
)

// among measures one busy connection while others idle, and reads figure i.
type among func(e measure.Effort, r *measure.Readings, i int, client, server set.Handle) error

// RoundTripsAmongIdle times a byte to an echo and back over TLS while e.Idle other connections exist. Figure i belongs
// to e.Idle[i]; the figures after these are the multiples of the first one.
func RoundTripsAmongIdle(e measure.Effort, r *measure.Readings) error {
	w, err := newOneSidedWire(true)
	if err != nil {
		return err
	}
	return w.amongIdle(e, r, w.roundTrips)
}

// BulkTCPAmongIdle is a bulk transfer over TCP among idle connections, as RoundTripsAmongIdle.
func BulkTCPAmongIdle(chunk int) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		w, err := newOneSidedWire(false)
		if err != nil {
			return err
		}
		return w.amongIdle(e, r, func(e measure.Effort, r *measure.Readings, i int, client, server set.Handle) error {
			for range e.Chunks {
				t, err := w.transfer(client, server, chunk, e.WarmBytes, e.BulkBytes)
				if err != nil {
					return err
				}
				r.Add(i, measure.MBps(t.Bytes, t.Elapsed))
			}
			return nil
		})
	}
}

func (w *wire) amongIdle(e measure.Effort, r *measure.Readings, measureOne among) error {
	client, server, err := w.connect(0)
	if err != nil {
		return err
	}
	have := 1
	for i, want := range e.Idle {
		if err := w.addIdle(have, want-(have-1)); err != nil {
			return err
		}
		have = want + 1
		if err := measureOne(e, r, i, client, server); err != nil {
			return err
		}
	}
	r.AddRatios(len(e.Idle), len(e.Idle))
	return nil
}
