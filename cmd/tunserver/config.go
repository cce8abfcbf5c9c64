package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// config is what the command line asks for.
type config struct {
	cli.Common
	listen     string
	serve      string
	clientAuth string
	clientPins []string
}

func parseFlags(args []string, stderr io.Writer) (*config, error) {
	c := &config{}
	fs := flag.NewFlagSet("tunserver", flag.ContinueOnError)
	fs.SetOutput(stderr)
	c.Register(fs)
	fs.StringVar(&c.listen, "listen", ":443", "`ADDRESS:PORT` to accept connections on; without an address: every one of ours")
	fs.StringVar(&c.serve, "serve", "echo", "what a connection gets: `KIND` is echo, discard, source or http")
	fs.StringVar(&c.clientAuth, "client-auth", "", "ask clients for a certificate: `HOW` is none, request or require (default: require with -client-cert, else none)")
	fs.Func("client-cert", "accept only clients with the certificate in `FILE` (repeatable)", func(s string) error {
		c.clientPins = append(c.clientPins, s)
		return nil
	})
	rest, err := cli.Parse(fs, args)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, cli.Usagef("unexpected operand %q", rest[0])
	}
	return c, c.check()
}

func (c *config) check() error {
	if err := c.Common.Check(); err != nil {
		return err
	}
	if !c.HasDevice() {
		return cli.Usagef("a server needs a device: give -tap NAME or -tun NAME (and -addr PREFIX)")
	}
	if _, ok := services[c.serve]; !ok {
		return cli.Usagef("-serve %s: want echo, discard, source or http", c.serve)
	}
	if c.clientAuth == "" {
		c.clientAuth = "none"
		if len(c.clientPins) > 0 {
			c.clientAuth = "require"
		}
	}
	switch c.clientAuth {
	case "none":
		if len(c.clientPins) > 0 {
			return cli.Usagef("-client-cert does nothing with -client-auth none")
		}
	case "request":
	case "require":
		if len(c.clientPins) == 0 {
			return cli.Usagef("-client-auth require needs to know whom to accept: give -client-cert FILE")
		}
	default:
		return cli.Usagef("-client-auth %s: want none, request or require", c.clientAuth)
	}
	return nil
}

// local is the address to listen on.
func (c *config) local() (netip.AddrPort, error) {
	s := c.listen
	if strings.HasPrefix(s, ":") {
		s = "[::]" + s
	}
	a, err := netip.ParseAddrPort(s)
	if err != nil || a.Port() == 0 {
		return a, cli.Usagef("-listen %s: want ADDRESS:PORT or :PORT", c.listen)
	}
	return a, nil
}

// tls makes the TLS configuration. Under request a client's certificate is checked against the pins if there are any, and otherwise only
// noted: nobody is let in because of it.
func (c *config) tls(stderr io.Writer, keyLog io.Writer) (*tlssock.Config, error) {
	id, err := c.Identity(stderr, "tunserver")
	if err != nil {
		return nil, err
	}
	cfg := &tlssock.Config{Certificates: []tls.Certificate{id}, KeyLogWriter: keyLog}
	if c.serve == "http" {
		cfg.NextProtos = []string{"http/1.1"}
	}
	var trust *x509lite.Trust
	if len(c.clientPins) > 0 {
		if trust, err = cli.Pins(c.clientPins); err != nil {
			return nil, fmt.Errorf("-client-cert: %w", err)
		}
	}
	cfg.Trust = trust
	switch {
	case c.clientAuth == "require":
		cfg.ClientAuth = tls.RequireAndVerifyClientCert
	case c.clientAuth == "request" && trust != nil:
		cfg.ClientAuth = tls.VerifyClientCertIfGiven
	case c.clientAuth == "request":
		cfg.ClientAuth = tls.RequestClientCert
	}
	return cfg, nil
}
