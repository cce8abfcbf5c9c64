package tunserver

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
	listen     string
	local      netip.AddrPort // what listen says
	serve      string
	clientAuth string
	clientPins []string
	roots      []string
	fleet      fleet
}

const usage = `usage: tunserver -tap NAME | -tun NAME -addr PREFIX [flags]
  such as: tunserver -tap tap0 -host 192.0.2.1/24 -addr 192.0.2.2/24 -serve http
`

// parseFlags reads the command line of the command that o describes; help goes to stdout.
func parseFlags(o *Options, args []string, stdout io.Writer) (*config, error) {
	c := &config{}
	fs := flag.NewFlagSet(o.name(), flag.ContinueOnError)
	c.Register(fs)
	fs.StringVar(&c.listen, "listen", ":443", "`ADDRESS:PORT` to accept connections on; without an address: every one of ours")
	fs.StringVar(&c.serve, "serve", "echo", "what a connection gets: `KIND` is echo, discard, source or http")
	fs.StringVar(&c.clientAuth, "client-auth", "", "ask clients for a certificate: `HOW` is none, request or require (default: require with -client-cert or -client-roots, else none)")
	cli.Files(fs, &c.clientPins, "client-cert", "accept only clients with the certificate in `FILE` (repeatable)")
	cli.Files(fs, &c.roots, "client-roots", "accept clients that one of the authorities in `FILE` has certified (repeatable)")
	c.fleet.register(fs)
	if o.Flags != nil {
		o.Flags(fs)
	}
	rest, err := cli.Parse(fs, strings.ReplaceAll(usage, "tunserver", o.name()), args, stdout)
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
	if err := c.checkListen(); err != nil {
		return err
	}
	if _, ok := services[c.serve]; !ok {
		return cli.Usagef("-serve %s: want echo, discard, source or http", c.serve)
	}
	if err := c.fleet.check(); err != nil {
		return err
	}
	return c.checkClientAuth()
}

func (c *config) checkClientAuth() error {
	if c.clientAuth == "" {
		c.clientAuth = "none"
		if c.knowsClients() {
			c.clientAuth = "require"
		}
	}
	switch c.clientAuth {
	case "none":
		if c.knowsClients() {
			return cli.Usagef("-client-cert and -client-roots do nothing with -client-auth none")
		}
	case "request":
	case "require":
		if !c.knowsClients() {
			return cli.Usagef("-client-auth require needs to know whom to accept: give -client-cert FILE or -client-roots FILE")
		}
	default:
		return cli.Usagef("-client-auth %s: want none, request or require", c.clientAuth)
	}
	return nil
}

// knowsClients reports whether the flags name any.
func (c *config) knowsClients() bool { return len(c.clientPins)+len(c.roots) > 0 }

// checkListen finds the address to listen on.
func (c *config) checkListen() (err error) {
	s := c.listen
	if strings.HasPrefix(s, ":") {
		s = "[::]" + s
	}
	c.local, err = netip.ParseAddrPort(s)
	switch {
	case err != nil || c.local.Port() == 0:
		return cli.Usagef("-listen %s: want ADDRESS:PORT or :PORT", c.listen)
	case !c.local.Addr().IsUnspecified() && !c.IsOurs(c.local.Addr()):
		return cli.Usagef("-listen %s: want one of the -addr addresses, or only a :PORT", c.listen)
	}
	return nil
}

// tls makes the TLS configuration, and says on stderr who we are. Under request a client's certificate is checked if
// -client-cert or -client-roots say against what, and otherwise only noted: nobody is let in because of it.
func (c *config) tls(stderr io.Writer) (*tlssock.Config, error) {
	id, err := c.Identity("tunserver")
	if err != nil {
		return nil, err
	}
	cfg := &tlssock.Config{Certificates: tlssock.Certificates(id.Identity)}
	if c.serve == "http" {
		cfg.NextProtos = []string{"http/1.1", "http/1.0"}
	}
	if cfg.Trust, err = cli.Trust("client-cert", c.clientPins, "client-roots", c.roots); err != nil {
		return nil, err
	}
	switch {
	case c.clientAuth == "require":
		cfg.ClientAuth = tls.RequireAndVerifyClientCert
	case c.clientAuth == "request" && cfg.Trust != nil:
		cfg.ClientAuth = tls.VerifyClientCertIfGiven
	case c.clientAuth == "request":
		cfg.ClientAuth = tls.RequestClientCert
	}
	c.introduce(stderr, id)
	return cfg, nil
}

// introduce says who we are, and which of our addresses the identity was not made for.
func (c *config) introduce(stderr io.Writer, id *cli.Identity) {
	fmt.Fprintf(stderr, "identity %v\n", id)
	for _, a := range c.Addrs {
		if id.Kept && !id.Leaf.MatchName(a.Addr().String()) {
			fmt.Fprintf(stderr, "it was not made for %v: delete it and a new one is made\n", a.Addr())
		}
	}
}

// serving lists the addresses to reach us at.
func (c *config) serving() (at []netip.AddrPort) {
	if !c.local.Addr().IsUnspecified() {
		return []netip.AddrPort{c.local}
	}
	for _, p := range c.Addrs {
		at = append(at, netip.AddrPortFrom(p.Addr(), c.local.Port()))
	}
	return at
}
