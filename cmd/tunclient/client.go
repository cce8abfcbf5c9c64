package main

import (
	"errors"
	"fmt"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/internal/demo"
	"smoltls/tlssock"
)

// exchange is what the client does once it is connected.
type exchange interface {
	// step does what can be done now and never waits; it is called in every round of the main loop once the handshake
	// is done. over ends the connection: nothing is left to read, which is so after a failure too. An error is a
	// failure that is not the socket's.
	step(s *tlssock.Socket) (over bool, err error)
	// finish is called once, after the connection has ended with err, which is the socket's or step's.
	finish(err error) error
}

func run(env *cli.Env) error {
	c, err := parseFlags(env.Args, env.Stdout)
	if err != nil {
		return err
	}
	if c.demo {
		return demo.Run(demo.Options{Bytes: c.demoBytes, Out: env.Stdout, Progress: func(what string, total int64) demo.Progress {
			return cli.NewProgress(env.Stderr, nil, total, what)
		}})
	}
	if err := c.checkTop(env); err != nil {
		return err
	}
	cfg, err := c.tls(env.Stderr)
	if err != nil {
		return err
	}
	if c.url != nil {
		return fetch(c, cfg, env)
	}
	st, err := c.Open(env)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := c.LinkUp(); err != nil {
		return err
	}
	defer st.InterruptOn(env)()
	cfg.KeyLogWriter = st.KeyLog
	var x exchange
	switch {
	case c.bytes > 0:
		x = newMeasure(c.bytes, env)
	default:
		x = newTerminal(env, st.Wake)
	}
	if err := talk(c, st, cfg, x, env); err != nil {
		return err
	}
	return st.Close()
}

// talk connects, lets x have the connection until it is over, and closes it in good order.
func talk(c *config, st *cli.Stack, cfg *tlssock.Config, x exchange, env *cli.Env) error {
	h, err := st.TLS.Connect(c.peer, cfg)
	if err != nil {
		return x.finish(cli.Explain(c.peer, err))
	}
	s, _ := st.TLS.Get(h)
	err = converse(st, s, x, func() {
		if c.Verbose {
			fmt.Fprintln(env.Stderr, connectedTo(c.peer, s.ConnectionState()))
		}
	})
	failure := s.Err()
	s.Close()
	st.TLS.Remove(h)
	if derr := st.Drain(); err == nil && derr != nil {
		err = derr
	}
	if failure != nil {
		err = cli.Explain(c.peer, failure)
	}
	return x.finish(err)
}

// errNotConnected is [cli.ErrInterrupted] before there was a connection.
var errNotConnected = errors.New("interrupted before the handshake was done")

// converse is the main loop: poll, let x do what it can, wait.
func converse(st *cli.Stack, s *tlssock.Socket, x exchange, connected func()) error {
	told := false
	for !st.Interrupted() {
		if err := st.Poll(); err != nil {
			return err
		}
		if s.Engine().HandshakeComplete() {
			if !told {
				told = true
				connected()
			}
			if over, err := x.step(s); over || err != nil {
				return err
			}
		} else if s.Err() != nil {
			return nil // the caller asks for it
		}
		if err := st.Wait(time.Time{}); err != nil {
			return err
		}
	}
	if !told {
		return errNotConnected
	}
	return cli.ErrInterrupted
}
