package main

import (
	"fmt"
	"io"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// exchange is what the client does once it is connected. step does what can be done now and never waits for the network; it is called when
// the socket has news or the exchange's own input has. over ends the connection; an error is a failure.
type exchange interface {
	step(s *tlssock.Socket) (over bool, err error)
	// finish is called once, after the connection has ended with err.
	finish(err error) error
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	c, err := parseFlags(args, stderr)
	if err != nil {
		return err
	}
	if c.demo {
		return demo(c, stdout, stderr)
	}
	st, err := c.Open(stderr)
	if err != nil {
		return err
	}
	defer cli.OnInterrupt(st)()
	return exchangeOn(c, st, stdin, stdout, stderr)
}

// exchangeOn does on st, and closes it after that, what the command line asks for.
func exchangeOn(c *config, st *cli.Stack, stdin io.Reader, stdout, stderr io.Writer) error {
	defer st.Close()
	cfg, err := c.tls(stderr, st.KeyLog)
	if err != nil {
		return err
	}
	var x exchange
	switch {
	case c.get != "":
		x = newGet(c, stdout, stderr)
	case c.bytes > 0:
		x = newMeasure(c.bytes, stderr)
	default:
		x = newTerminal(stdin, stdout, st.Wake)
	}
	if err := talk(c, st, cfg, x, stderr); err != nil {
		return err
	}
	return st.Close()
}

// talk connects, lets x have the connection until it is over, and closes it in good order.
func talk(c *config, st *cli.Stack, cfg *tlssock.Config, x exchange, stderr io.Writer) error {
	h, err := st.TLS.Connect(c.peer, cfg)
	if err != nil {
		return fmt.Errorf("connecting to %v: %w", c.peer, err)
	}
	s, _ := st.TLS.Get(h)
	err = converse(st, s, x, func() {
		if c.Verbose {
			cs := s.ConnectionState()
			fmt.Fprintf(stderr, "connected to %v: %s, %s, %v, server signs with %v\n", c.peer, tlssock.VersionName(cs.Version),
				tlssock.CipherSuiteName(cs.CipherSuite), cs.CurveID, cs.PeerSignatureScheme)
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

// converse is the main loop: poll, let x do what it can, wait.
func converse(st *cli.Stack, s *tlssock.Socket, x exchange, connected func()) error {
	told := false
	for !st.Interrupted() {
		if err := st.Poll(); err != nil {
			return err
		}
		if s.Err() != nil {
			return nil // the caller asks for it
		}
		if s.Engine().HandshakeComplete() {
			if !told {
				told = true
				connected()
			}
			over, err := x.step(s)
			if over || err != nil {
				return err
			}
		}
		if err := st.Wait(time.Time{}); err != nil {
			return err
		}
	}
	return nil
}
