package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"strconv"
)

// Common holds the flags that both commands have.
type Common struct {
	TAP, TUN string         // device name; at most one is given
	Offload  bool           // ask the kernel to take packets of many segments at once
	Hosts    []netip.Prefix // addresses of the kernel's side; none: leave it alone
	Addrs    []netip.Prefix // our addresses
	Gateway  netip.Addr
	DHCP     bool // our IPv4 address, routes and name servers are a DHCP server's matter: -addr need not be given

	CertFile, KeyFile string // our identity; both or neither
	StateDir          string // where a self-signed identity is kept

	CPUs Processors // where our loop runs, and the kernel's

	KeyLog, Pcap  string
	Drop, Corrupt float64 // chances of a frame to be dropped, or to have a bit flipped, either way
	Seed          uint64  // of the faults
	Top           bool    // show a live table of sockets
	Verbose       bool
}

// Register adds the common flags to fs.
func (c *Common) Register(fs *flag.FlagSet) {
	fs.StringVar(&c.TAP, "tap", "", "TAP (Ethernet) device `NAME`, created if it is not there")
	fs.StringVar(&c.TUN, "tun", "", "TUN (bare IP) device `NAME`, created if it is not there")
	fs.BoolVar(&c.Offload, "offload", true, "pass the kernel super-segments and unfinished checksums, and take such, where it can (Linux)")
	fs.Func("host", "give the kernel's side of the device the address `PREFIX` and bring it up (repeatable); without it the kernel's side is left alone", prefixes(&c.Hosts))
	fs.Func("addr", "our address `PREFIX`, such as 192.0.2.2/24 or 2001:db8::2/64 (repeatable)", prefixes(&c.Addrs))
	fs.Func("gateway", "router's `ADDR` for peers outside of our networks", func(s string) (err error) {
		if c.Gateway, err = netip.ParseAddr(s); err != nil {
			return errors.New("want an IP address")
		}
		return nil
	})
	fs.Func("cpus", "poll on one processor, `LOOP`, or LOOP,KERNEL: and have the kernel take in what we send on another (which pays with -offload=false; Linux)", c.CPUs.parse)
	fs.StringVar(&c.CertFile, "cert", "", "our certificate `FILE` (PEM or DER); absent: self-signed, made once, kept in -state")
	fs.StringVar(&c.KeyFile, "key", "", "its private key `FILE` (PEM or DER: PKCS#8, PKCS#1, SEC 1)")
	fs.StringVar(&c.StateDir, "state", "", "`DIR` that keeps the self-signed identity (default: a folder of the user's configuration)")
	fs.StringVar(&c.KeyLog, "keylog", "", "append the TLS secrets to `FILE`, for a frame dissector")
	fs.StringVar(&c.Pcap, "pcap", "", "capture all frames to `FILE` (pcapng), with the TLS secrets in it")
	fs.Func("drop-chance", "drop each frame with chance `P` (0 to 1), either way", chance(&c.Drop))
	fs.Func("corrupt-chance", "flip a bit in each frame with chance `P` (0 to 1), either way", chance(&c.Corrupt))
	fs.Uint64Var(&c.Seed, "seed", 1, "`N` that the faults are drawn from")
	fs.BoolVar(&c.Top, "top", false, "show a live table of sockets and counters on the terminal; q quits")
	fs.BoolVar(&c.Verbose, "v", false, "say more on standard error")
}

// Check finds flags that can't go together.
func (c *Common) Check() error {
	switch {
	case c.TAP != "" && c.TUN != "":
		return Usagef("give -tap or -tun, not both")
	case (c.CertFile == "") != (c.KeyFile == ""):
		return Usagef("-cert and -key go together")
	case !c.HasDevice() && (len(c.Hosts) > 0 || len(c.Addrs) > 0 || c.Gateway.IsValid() || c.CPUs != Processors{}):
		return Usagef("-host, -addr, -gateway and -cpus need a device: give -tap NAME or -tun NAME")
	case c.Top && !c.HasDevice():
		return Usagef("-top shows the sockets on a device: give -tap NAME or -tun NAME")
	case c.DHCP && c.TAP == "":
		return Usagef("-dhcp needs an Ethernet device: give -tap NAME")
	case c.HasDevice() && len(c.Addrs) == 0 && !c.DHCP:
		return Usagef("a device needs an address of ours: give -addr PREFIX, such as -addr 192.0.2.2/24")
	}
	for _, host := range c.Hosts {
		if c.IsOurs(host.Addr()) {
			return Usagef("-host and -addr are the two ends of the link: both can't be %v", host.Addr())
		}
	}
	return nil
}

// IsOurs reports whether a is one of -addr.
func (c *Common) IsOurs(a netip.Addr) bool {
	for _, p := range c.Addrs {
		if p.Addr() == a {
			return true
		}
	}
	return false
}

// HasDevice reports whether a device was named.
func (c *Common) HasDevice() bool { return c.TAP != "" || c.TUN != "" }

// Parse parses args into fs. Flags may stand behind the operands too; rest is the operands. -h writes the usage and the
// flags to stdout and gives flag.ErrHelp.
func Parse(fs *flag.FlagSet, usage string, args []string, stdout io.Writer) (rest []string, err error) {
	fs.SetOutput(io.Discard) // an error is told once, in one line, by Exit
	for {
		err := fs.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stdout, usage)
			fs.SetOutput(stdout)
			fs.PrintDefaults()
			return nil, err
		}
		if err != nil {
			return nil, &UsageError{err.Error()}
		}
		args = fs.Args()
		if len(args) == 0 {
			return rest, nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

// Files adds a flag that may be given several times, with a file each.
func Files(fs *flag.FlagSet, to *[]string, name, usage string) {
	fs.Func(name, usage, func(s string) error {
		*to = append(*to, s)
		return nil
	})
}

// prefixes takes ADDRESS/BITS, where ADDRESS is a station's and not the network's.
func prefixes(to *[]netip.Prefix) func(string) error {
	return func(s string) error {
		p, err := netip.ParsePrefix(s)
		switch {
		case err != nil:
			return errors.New("want ADDRESS/BITS")
		case p.Addr().IsUnspecified() || p.Addr().IsMulticast():
			return errors.New("that is no station's address")
		case p.Addr() == p.Masked().Addr() && p.Addr().BitLen()-p.Bits() > 1: // RFC 3021, RFC 6164: a link of two has no network address
			return fmt.Errorf("that is a network: want a station's address in it, such as %v", netip.PrefixFrom(p.Addr().Next(), p.Bits()))
		}
		*to = append(*to, p)
		return nil
	}
}

// chance takes a probability. A NaN is none: it compares with nothing.
func chance(to *float64) func(string) error {
	return func(s string) (err error) {
		if *to, err = strconv.ParseFloat(s, 64); err != nil || !(*to >= 0 && *to <= 1) {
			return errors.New("want a number from 0 to 1")
		}
		return nil
	}
}
