package gvisor

import (
	"crypto/tls"
	"net"
	"slices"
	"time"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/measure"
)

// settle sends a byte from one end to the other and back, as every connection in use has done.
func settle(client, server net.Conn) error {
	b := []byte{1}
	for _, d := range [][2]net.Conn{{client, server}, {server, client}} {
		if _, err := d[0].Write(b); err != nil {
			return err
		}
		if _, err := d[1].Read(b); err != nil {
			return err
		}
	}
	return nil
}

// wait reads from the connection until it ends, as whoever wants to hear of its end must.
func wait(c net.Conn) { c.Read(make([]byte, 1)) }

// Figures of idle memory, in order: bytes for each end of a connection.
const (
	idleWaiting = iota // with a goroutine that waits in Read
	idleAlone          // without
)

// IdleMemory weighs established connections that have moved a byte each way.
func IdleMemory(e measure.Effort, r *measure.Readings) error {
	w, err := newWire()
	if err != nil {
		return err
	}
	defer w.close()
	l, err := w.listen()
	if err != nil {
		return err
	}
	ids, err := identity.NewPair(identity.P256)
	if err != nil {
		return err
	}
	clientCfg, serverCfg := ids.StdConfigs(tls.X25519, true)
	connect := func(l *listener) (client, server net.Conn, err error) { return l.connectTLS(clientCfg, serverCfg) }
	warm := e.Conns/2 + 1 // fill the pools, which are no connection's
	conns := make([]net.Conn, 0, 2*(warm+e.Conns))
	if conns, err = l.idle(conns, warm, connect); err != nil {
		return err
	}
	before := measure.HeldMemory()
	if conns, err = l.idle(conns, e.Conns, connect); err != nil {
		return err
	}
	ends := float64(2 * e.Conns)
	r.Add(idleAlone, float64(measure.HeldMemory()-before)/ends)
	for _, c := range conns[2*warm:] {
		go wait(c)
	}
	time.Sleep(50 * time.Millisecond) // so that all of them wait when they are weighed
	r.Add(idleWaiting, float64(measure.HeldMemory()-before)/ends)
	return nil
}

// idle adds both ends of n connections to conns.
func (l *listener) idle(conns []net.Conn, n int, connect connectFunc) ([]net.Conn, error) {
	conns = slices.Grow(conns, 2*n)
	for range n {
		c, s, err := connect(l)
		if err != nil {
			return nil, err
		}
		if err := settle(c, s); err != nil {
			return nil, err
		}
		conns = append(conns, c, s)
	}
	return conns, nil
}
