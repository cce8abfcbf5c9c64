package main

import (
	"flag"
	"io"
	"net/netip"

	"smoltls/cmd/internal/cli"
)

// config is what the command line asks for.
type config struct {
	cli.Common
	peer       netip.AddrPort
	serverPins []string
	roots      []string
	name       string
	insecure   bool
	bytes      int64
	fetching
	demo      bool // nothing but the demonstration was asked for
	demoBytes int64
}

// demoTransfer is how much the demonstration sends each way.
const demoTransfer = 64 << 20

const usage = `usage: tunclient                   a demonstration in memory: no device, no privilege
       tunclient -tap NAME | -tun NAME -addr PREFIX [flags] URL
                                   fetches it, such as https://server.example/file.iso, trusting whom the system trusts
       tunclient -tap NAME | -tun NAME -addr PREFIX -server-cert FILE [flags] ADDRESS:PORT
                                   a TLS connection with standard input and output
  such as: tunclient -tap tap0 -host 192.0.2.1/24 -addr 192.0.2.2/24 -server-cert server.pem https://192.0.2.1/
`

// parseFlags reads the command line; help goes to stdout.
func parseFlags(args []string, stdout io.Writer) (*config, error) {
	c := &config{demoBytes: demoTransfer}
	fs := flag.NewFlagSet("tunclient", flag.ContinueOnError)
	c.Register(fs)
	cli.Files(fs, &c.serverPins, "server-cert", "accept only a server with the certificate in `FILE` (repeatable)")
	cli.Files(fs, &c.roots, "roots", "accept a server that one of the authorities in `FILE` has certified for its name (repeatable; default with a URL: those that the system trusts)")
	fs.StringVar(&c.name, "name", "", "`NAME` to ask for, which the server's certificate must then carry as subjectAltName (default with -roots: ADDRESS; a URL names the server itself)")
	fs.BoolVar(&c.insecure, "insecure-skip-verify", false, "accept ANY server: whoever is on the way can read and change everything")
	fs.Int64Var(&c.bytes, "bytes", 0, "send `N` bytes, count what comes back, and say how fast that was")
	fs.BoolVar(&c.DHCP, "dhcp", false, "get our IPv4 address, the router and the DNS servers from a DHCP server behind the device; -addr need not be given then")
	c.fetching.register(fs)
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
		return cli.Usagef("whom to connect to? give a URL or ADDRESS:PORT")
	case !c.HasDevice():
		return cli.Usagef("a peer is reached through a device: give -tap NAME or -tun NAME (and -addr PREFIX)")
	case c.insecure && len(c.serverPins)+len(c.roots) > 0:
		return cli.Usagef("-insecure-skip-verify contradicts -server-cert and -roots")
	case c.bytes < 0:
		return cli.Usagef("-bytes %d: want a positive number", c.bytes)
	case isURL(operands[0]):
		return c.checkURL(operands[0])
	case !c.insecure && len(c.serverPins)+len(c.roots) == 0:
		return cli.Usagef("whom to trust? give the server's certificate: -server-cert FILE, or that of its authority: -roots FILE (or -insecure-skip-verify)")
	}
	if err := c.fetching.unused(); err != nil {
		return err
	}
	return c.checkPeer(operands[0])
}

func (c *config) checkPeer(s string) error {
	peer, err := netip.ParseAddrPort(s)
	if err != nil || peer.Port() == 0 {
		return cli.Usagef("%s: want a URL, or an IP address and a port, such as https://server.example/, 192.0.2.1:443 or [2001:db8::1]:443", s)
	}
	// There is one device: a zone has nothing to choose.
	c.peer = netip.AddrPortFrom(peer.Addr().WithZone("").Unmap(), peer.Port())
	if c.IsOurs(c.peer.Addr()) {
		return cli.Usagef("%s: that is our own address (-addr)", s)
	}
	return nil
}
