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
)

// config is what the command line asks for.
type config struct {
	cli.Common
	peer       netip.AddrPort
	serverPins []string
	roots      []string
	name       string
	insecure   bool
	get        string
	bytes      int64
	demo       bool // nothing but the demonstration was asked for
	demoBytes  int64
}

// demoTransfer is how much the demonstration sends each way.
const demoTransfer = 64 << 20

const usage = `usage: tunclient                   a demonstration in memory: no device, no privilege
       tunclient -tap NAME | -tun NAME -addr PREFIX -server-cert FILE [flags] ADDRESS:PORT
  such as: tunclient -tap tap0 -host 192.0.2.1/24 -addr 192.0.2.2/24 -server-cert server.pem -get / 192.0.2.1:443
`

// parseFlags reads the command line; help goes to stdout.
func parseFlags(args []string, stdout io.Writer) (*config, error) {
	c := &config{demoBytes: demoTransfer}
	fs := flag.NewFlagSet("tunclient", flag.ContinueOnError)
	c.Register(fs)
	cli.Files(fs, &c.serverPins, "server-cert", "accept only a server with the certificate in `FILE` (repeatable)")
	cli.Files(fs, &c.roots, "roots", "accept a server that one of the authorities in `FILE` has certified for -name (repeatable)")
	fs.StringVar(&c.name, "name", "", "`NAME` to ask for, which the server's certificate must then carry as subjectAltName (default with -roots: ADDRESS)")
	fs.BoolVar(&c.insecure, "insecure-skip-verify", false, "accept ANY server: whoever is on the way can read and change everything")
	fs.StringVar(&c.get, "get", "", "do an HTTP/1.1 GET of `PATH` and write the body to standard output")
	fs.Int64Var(&c.bytes, "bytes", 0, "send `N` bytes, count what comes back, and say how fast that was")
	rest, err := cli.Parse(fs, usage, args, stdout)
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
	case c.insecure && len(c.serverPins)+len(c.roots) > 0:
		return cli.Usagef("-insecure-skip-verify contradicts -server-cert and -roots")
	case !c.insecure && len(c.serverPins)+len(c.roots) == 0:
		return cli.Usagef("whom to trust? give the server's certificate: -server-cert FILE, or that of its authority: -roots FILE (or -insecure-skip-verify)")
	case c.get != "" && c.bytes != 0:
		return cli.Usagef("give -get or -bytes, not both")
	case c.get != "" && (c.get[0] != '/' || strings.ContainsFunc(c.get, func(r rune) bool { return r <= ' ' || r > '~' })):
		return cli.Usagef("-get %q: a path begins with / and is ASCII without spaces (write %%20)", c.get)
	case c.bytes < 0:
		return cli.Usagef("-bytes %d: want a positive number", c.bytes)
	}
	return c.checkPeer(operands[0])
}

func (c *config) checkPeer(s string) error {
	peer, err := netip.ParseAddrPort(s)
	if err != nil || peer.Port() == 0 {
		return cli.Usagef("%s: want an IP address and a port, such as 192.0.2.1:443 or [2001:db8::1]:443", s)
	}
	// There is one device: a zone has nothing to choose.
	c.peer = netip.AddrPortFrom(peer.Addr().WithZone("").Unmap(), peer.Port())
	if c.IsOurs(c.peer.Addr()) {
		return cli.Usagef("%s: that is our own address (-addr)", s)
	}
	return nil
}

// tls makes the TLS configuration, and says on stderr what the user should know of it.
func (c *config) tls(stderr io.Writer) (*tlssock.Config, error) {
	id, err := c.Identity("tunclient")
	if err != nil {
		return nil, err
	}
	if id.Made || c.Verbose {
		fmt.Fprintf(stderr, "identity %v\n", id)
	}
	cfg := &tlssock.Config{Certificates: []tls.Certificate{id.TLS()}, ServerName: c.name}
	if c.get != "" {
		cfg.NextProtos = []string{"http/1.1"}
	}
	if c.insecure {
		fmt.Fprintln(stderr, "tunclient: WARNING: the server is NOT verified (-insecure-skip-verify): anyone may be at the other end")
		cfg.InsecureSkipVerify = true
		return cfg, nil
	}
	if cfg.Trust, err = cli.Trust("server-cert", c.serverPins, "roots", c.roots); err != nil {
		return nil, err
	}
	if len(c.roots) > 0 && c.name == "" {
		cfg.ServerName = c.peer.Addr().String() // whom else does one mean, of all that an authority certifies?
	}
	return cfg, nil
}
