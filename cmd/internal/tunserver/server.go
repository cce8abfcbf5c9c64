package tunserver

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
)

// server is the main loop's state.
type server struct {
	st       *cli.Stack
	listener set.ListenerHandle
	serve    func(*client) service
	clients  map[set.Handle]*client
	answers  *answers
	log      io.Writer
	verbose  bool
	linkDown bool // it has been told
}

// client is one connection and what it is served.
type client struct {
	sock    *tlssock.Socket
	remote  netip.AddrPort
	service service
}

// service serves one connection. step does what can be done now, never blocks, and reports whether the connection is
// over; it is called again when the socket has news.
type service interface {
	step(s *tlssock.Socket) (over bool)
}

// Run is the command: it serves until it is interrupted.
func Run(env *cli.Env) error { return Options{}.Run(env) }

// Run is the command and what o adds to it.
func (o Options) Run(env *cli.Env) error {
	c, err := parseFlags(&o, env.Args, env.Stdout)
	if err != nil {
		return err
	}
	cfg, err := c.tls(env.Stderr)
	if err != nil {
		return err
	}
	log := &speaker{w: env.Stderr}
	stopFleet, err := c.fleet.apply(cfg, &o, log)
	if err != nil {
		return err
	}
	defer stopFleet()
	return c.serveOn(env, cfg, log, stopFleet)
}

// serveOn serves on the device that the flags name. stopFleet is called before that is closed: what a guard is asked
// ends with it.
func (c *config) serveOn(env *cli.Env, cfg *tlssock.Config, log *speaker, stopFleet func()) error {
	st, err := c.Open(env)
	if err != nil {
		return err
	}
	log.to(env.Stderr)
	defer st.Close()
	defer st.InterruptOn(env)()
	cfg.KeyLogWriter = st.KeyLog
	sv := &server{st: st, serve: services[c.serve], clients: make(map[set.Handle]*client), log: env.Stderr, verbose: c.Verbose}
	sv.answers = &answers{sockets: st.TLS, wake: st.Wake}
	defer sv.answers.wait()
	defer stopFleet()
	sv.listener, err = st.TLS.Listen(c.local, set.ListenConfig{TLS: cfg, HandshakeFailed: sv.handshakeFailed, AcceptEarly: c.serve == "http"})
	if err != nil {
		return fmt.Errorf("-listen %s: %w", c.listen, err)
	}
	for _, a := range c.serving() {
		fmt.Fprintf(env.Stderr, "serving %s on %v\n", c.serve, a)
	}
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
	if err := sv.poll(); err != nil {
		return err
	}
	sv.answers.turn()
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

// poll polls. That the kernel's side of the device is down ends no server: what is lost meanwhile is sent again.
func (sv *server) poll() error {
	err := sv.st.Poll()
	if !errors.Is(err, phy.ErrLinkDown) {
		return err
	}
	if !sv.linkDown {
		sv.linkDown = true
		fmt.Fprintln(sv.log, cli.OneLine(err))
	}
	return nil
}

func (sv *server) accept(h set.Handle) {
	sock, _ := sv.st.TLS.Get(h)
	_, remote, _ := sv.st.TLS.Addrs(h)
	c := &client{sock: sock, remote: remote}
	c.service = sv.serve(c)
	sv.clients[h] = c
	if sv.verbose {
		fmt.Fprintf(sv.log, "%v connected: %s\n", remote, facts(sock.ConnectionState()))
	}
}

func (sv *server) finish(h set.Handle, c *client) {
	if err := c.sock.Err(); err != nil {
		sv.logFailure(c.remote, err)
	} else if sv.verbose {
		fmt.Fprintf(sv.log, "%v finished\n", c.remote)
	}
	c.sock.Close()
	sv.st.TLS.Remove(h)
	delete(sv.clients, h)
}

func (sv *server) handshakeFailed(remote netip.AddrPort, err error) { sv.logFailure(remote, err) }

func (sv *server) logFailure(remote netip.AddrPort, err error) {
	fmt.Fprintln(sv.log, cli.OneLine(cli.Explain(remote, err)))
}
