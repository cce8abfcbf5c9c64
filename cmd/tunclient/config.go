package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net/netip"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// config is what the command line asks for.
type config struct {
	cli.Common
	peer       netip.AddrPort
	serverPins []string
	name       string
	insecure   bool
	get        string
	bytes      int64
	demo       bool // nothing but the demonstration was asked for
	demoBytes  int64
}

// demoTransfer is how much the demonstration sends each way.
const demoTransfer = 64 << 20

func parseFlags(args []string, stderr io.Writer) (*config, error) {
	c := &config{demoBytes: demoTransfer}
	fs := flag.NewFlagSet("tunclient", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprint(stderr, "usage: tunclient [flags] ADDRESS:PORT\n       tunclient          demonstration in memory: no device, no privilege\n")
		fs.PrintDefaults()
	}
	c.Register(fs)
	fs.Func("server-cert", "accept only a server with the certificate in `FILE` (repeatable)", func(s string) error {
		c.serverPins = append(c.serverPins, s)
		return nil
	})
	fs.StringVar(&c.name, "name", "", "`NAME` to ask for, which the server's certificate must then carry as subjectAltName")
	fs.BoolVar(&c.insecure, "insecure-skip-verify", false, "accept ANY server: whoever is on the way can read and change everything")
	fs.StringVar(&c.get, "get", "", "do an HTTP/1.1 GET of `PATH` and write the body to standard output")
	fs.Int64Var(&c.bytes, "bytes", 0, "send `N` bytes, count what comes back, and say how fast that was")
	rest, err := cli.Parse(fs, args)
	if err != nil {
		return nil, err
	}
	return c, c.check(rest)
}

func (c *config) check(operands []string) error {
	if err := c.Common.Check(); err != nil {
		return err
	}
	if len(operands) > 1 {
		return cli.Usagef("one peer, please: unexpected operand %q", operands[1])
	}
	if !c.HasDevice() && len(operands) == 0 {
		c.demo = true
		return nil
	}
	switch {
	case len(operands) == 0:
		return cli.Usagef("whom to connect to? give ADDRESS:PORT")
	case !c.HasDevice():
		return cli.Usagef("a peer is reached through a device: give -tap NAME or -tun NAME (and -addr PREFIX)")
	case c.insecure && len(c.serverPins) > 0:
		return cli.Usagef("-insecure-skip-verify and -server-cert contradict each other")
	case !c.insecure && len(c.serverPins) == 0:
		return cli.Usagef("whom to trust? give the server's certificate: -server-cert FILE (or -insecure-skip-verify)")
	case c.get != "" && c.bytes != 0:
		return cli.Usagef("give -get or -bytes, not both")
	case c.get != "" && c.get[0] != '/':
		return cli.Usagef("-get %s: a path begins with /", c.get)
	case c.bytes < 0:
		return cli.Usagef("-bytes %d: want a positive number", c.bytes)
	}
	var err error
	if c.peer, err = netip.ParseAddrPort(operands[0]); err != nil || c.peer.Port() == 0 {
		return cli.Usagef("%s: want an IP address and a port, such as 192.0.2.1:443 or [2001:db8::1]:443", operands[0])
	}
	return nil
}

// tls makes the TLS configuration.
func (c *config) tls(stderr io.Writer, keyLog io.Writer) (*tlssock.Config, error) {
	id, err := c.Identity(stderr, "tunclient")
	if err != nil {
		return nil, err
	}
	cfg := &tlssock.Config{Certificates: []tls.Certificate{id}, KeyLogWriter: keyLog, ServerName: c.name}
	if c.get != "" {
		cfg.NextProtos = []string{"http/1.1"}
	}
	if c.insecure {
		fmt.Fprintln(stderr, "tunclient: WARNING: the server is NOT verified (-insecure-skip-verify): anyone may be at the other end")
		cfg.InsecureSkipVerify = true
		return cfg, nil
	}
	if cfg.Trust, err = cli.Pins(c.serverPins); err != nil {
		return nil, fmt.Errorf("-server-cert: %w", err)
	}
	return cfg, nil
}
