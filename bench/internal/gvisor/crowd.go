package gvisor

import (
	"net"

	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
)

// among measures one busy connection while others idle, and reads figure i.
type among func(e measure.Effort, r *measure.Readings, i int, client, server net.Conn) error

// RoundTripsAmongIdle times a byte to an echo and back over TLS while e.Idle other connections exist, each with a
// goroutine that waits in Read at both ends. Figure i belongs to e.Idle[i]; what is beyond e.PeerIdle is left out. The
// figures after these are the multiples of the first one.
func RoundTripsAmongIdle(e measure.Effort, r *measure.Readings) error {
	echoing := false
	return amongIdle(e, r, true, func(e measure.Effort, r *measure.Readings, i int, client, server net.Conn) error {
		if !echoing {
			echoing = true
			go load.Echo(server)
		}
		return roundTrips(e, r, i, client)
	})
}

// BulkTCPAmongIdle is a bulk transfer over TCP among idle connections, as RoundTripsAmongIdle.
func BulkTCPAmongIdle(chunk int) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		return amongIdle(e, r, false, func(e measure.Effort, r *measure.Readings, i int, client, server net.Conn) error {
			for range e.Chunks {
				t, err := load.Bulk(client, server, chunk, e.WarmBytes, e.BulkBytes)
				if err != nil {
					return err
				}
				r.Add(i, measure.MBps(t.Bytes, t.Elapsed))
			}
			return nil
		})
	}
}

func amongIdle(e measure.Effort, r *measure.Readings, secure bool, measureOne among) error {
	w, err := newWire()
	if err != nil {
		return err
	}
	defer w.close()
	l, connect, err := w.connector(secure)
	if err != nil {
		return err
	}
	client, server, err := connect(l)
	if err != nil {
		return err
	}
	var idle []net.Conn
	for i, want := range e.Idle {
		if want > e.PeerIdle {
			break
		}
		have := len(idle)
		if idle, err = l.idle(idle, want-have/2, connect); err != nil {
			return err
		}
		for _, c := range idle[have:] {
			go wait(c)
		}
		if err := measureOne(e, r, i, client, server); err != nil {
			return err
		}
	}
	r.AddRatios(len(e.Idle), len(e.Idle))
	return nil
}
