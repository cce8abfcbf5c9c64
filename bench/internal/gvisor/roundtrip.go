package gvisor

import (
	"crypto/tls"
	"net"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
)

// RoundTrips times a byte to an echo and back, over TCP alone or, if secure, over TLS. Figure 0 is its time in µs.
func RoundTrips(secure bool) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
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
		go load.Echo(server)
		e.Chunks = 1
		return roundTrips(e, r, 0, client)
	}
}

// connector gives a listener and how to make connections to it, for which the client needs no certificate.
func (w *wire) connector(secure bool) (*listener, connectFunc, error) {
	l, err := w.listen()
	if err != nil || !secure {
		return l, (*listener).connect, err
	}
	ids, err := identity.NewPair(identity.Ed25519)
	if err != nil {
		return nil, nil, err
	}
	clientCfg, serverCfg := ids.StdConfigs(tls.X25519, false)
	return l, func(l *listener) (client, server net.Conn, err error) { return l.connectTLS(clientCfg, serverCfg) }, nil
}

// roundTrips reads figure i e.Chunks times.
func roundTrips(e measure.Effort, r *measure.Readings, i int, c net.Conn) error {
	if _, err := load.RoundTrips(c, e.RoundTrips/5+1); err != nil {
		return err
	}
	for range e.Chunks {
		d, err := load.RoundTrips(c, e.RoundTrips)
		if err != nil {
			return err
		}
		r.Add(i, measure.Micros(d, e.RoundTrips))
	}
	return nil
}
