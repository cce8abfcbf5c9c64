package main

import (
	"fmt"
	"io"
	"net/netip"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/set"
	"smoltls/tlssock"
)

// server is the main loop's state.
type server struct {
	st       *cli.Stack
	listener set.ListenerHandle
	serve    func(*client) service
	clients  map[set.Handle]*client
	log      io.Writer // nil: quiet
}

// client is one connection and what it is served.
type client struct {
	sock    *tlssock.Socket
	remote  netip.AddrPort
	service service
}

// service serves one connection. step does what can be done now, never blocks, and reports whether the connection is over; it is called
// again when the socket has news.
type service interface {
	step(s *tlssock.Socket) (over bool)
}

func run(args []string, stderr io.Writer) error {
	c, err := parseFlags(args, stderr)
	if err != nil {
		return err
	}
	st, err := c.Open(stderr)
	if err != nil {
		return err
	}
	defer cli.OnInterrupt(st)()
	return serve(c, st, stderr)
}

// serve serves on st, and closes it, until st is interrupted.
func serve(c *config, st *cli.Stack, stderr io.Writer) error {
	defer st.Close()
	local, err := c.local()
	if err != nil {
		return err
	}
	cfg, err := c.tls(stderr, st.KeyLog)
	if err != nil {
		return err
	}
	sv := &server{st: st, serve: services[c.serve], clients: make(map[set.Handle]*client)}
	if c.Verbose {
		sv.log = stderr
	}
	sv.listener, err = st.TLS.Listen(local, set.ListenConfig{TLS: cfg, HandshakeFailed: sv.handshakeFailed})
	if err != nil {
		return fmt.Errorf("-listen %s: %w", c.listen, err)
	}
	fmt.Fprintf(stderr, "serving %s on port %d of %v\n", c.serve, local.Port(), c.Addrs)
	if err := sv.loop(); err != nil {
		return err
	}
	return st.Close()
}

// loop polls until it is interrupted, then closes every connection with close_notify.
func (sv *server) loop() error {
	for !sv.st.Interrupted() {
		if err := sv.turn(); err != nil {
			return err
		}
		if err := sv.st.Wait(time.Time{}); err != nil {
			return err
		}
	}
	for h, c := range sv.clients {
		c.sock.Close()
		sv.st.TLS.Remove(h)
	}
	sv.st.TLS.RemoveListener(sv.listener)
	return sv.st.Drain()
}

// turn is one round of the main loop: poll, take what was accepted, serve what has news.
func (sv *server) turn() error {
	if err := sv.st.Poll(); err != nil {
		return err
	}
	for h, ok := sv.st.TLS.Accept(sv.listener); ok; h, ok = sv.st.TLS.Accept(sv.listener) {
		sv.accept(h)
	}
	for h := range sv.st.TLS.Ready() {
		if c := sv.clients[h]; c != nil && c.service.step(c.sock) {
			sv.finish(h, c)
		}
	}
	return nil
}

func (sv *server) accept(h set.Handle) {
	sock, _ := sv.st.TLS.Get(h)
	_, remote, _ := sv.st.TLS.Addrs(h)
	c := &client{sock: sock, remote: remote}
	c.service = sv.serve(c)
	sv.clients[h] = c
	if sv.log != nil {
		fmt.Fprintf(sv.log, "%v connected: %s\n", remote, facts(sock.ConnectionState()))
	}
}

func (sv *server) finish(h set.Handle, c *client) {
	if sv.log != nil {
		if err := c.sock.Err(); err != nil {
			fmt.Fprintf(sv.log, "%v\n", cli.Explain(c.remote, err))
		} else {
			fmt.Fprintf(sv.log, "%v finished\n", c.remote)
		}
	}
	c.sock.Close()
	sv.st.TLS.Remove(h)
	delete(sv.clients, h)
}

func (sv *server) handshakeFailed(remote netip.AddrPort, err error) {
	if sv.log != nil {
		fmt.Fprintf(sv.log, "handshake failed: %v\n", cli.Explain(remote, err))
	}
}
