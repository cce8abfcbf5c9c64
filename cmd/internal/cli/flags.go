package cli

import (
	"errors"
	"flag"
	"fmt"
	"net/netip"
)

// Common holds the flags that both commands have.
type Common struct {
	TAP, TUN string         // device name; at most one is given
	Host     netip.Prefix   // address of the kernel's side; invalid: leave it alone
	Addrs    []netip.Prefix // our addresses
	Gateway  netip.Addr

	CertFile, KeyFile string // our identity; both or neither
	StateDir          string // where a self-signed identity is kept

	KeyLog, Pcap  string
	Drop, Corrupt float64 // chances of a frame to be dropped, or to have a bit flipped, either way
	Seed          uint64  // of the faults
	Verbose       bool
}

// Register adds the common flags to fs.
func (c *Common) Register(fs *flag.FlagSet) {
	fs.StringVar(&c.TAP, "tap", "", "TAP (Ethernet) device `NAME`, created if it is not there")
	fs.StringVar(&c.TUN, "tun", "", "TUN (bare IP) device `NAME`, created if it is not there")
	fs.Func("host", "give the kernel's side of the device this address `PREFIX` and bring it up; without it the kernel's side is left alone",
		func(s string) (err error) { c.Host, err = parsePrefix(s); return err })
	fs.Func("addr", "our address `PREFIX`, such as 192.0.2.2/24 or 2001:db8::2/64 (repeatable)", func(s string) error {
		p, err := parsePrefix(s)
		c.Addrs = append(c.Addrs, p)
		return err
	})
	fs.Func("gateway", "router's `ADDR` for peers outside of our networks", func(s string) (err error) {
		c.Gateway, err = netip.ParseAddr(s)
		return short(err)
	})
	fs.StringVar(&c.CertFile, "cert", "", "our certificate `FILE` (PEM or DER); absent: self-signed, made once, kept in -state")
	fs.StringVar(&c.KeyFile, "key", "", "its private key `FILE` (PEM or DER: PKCS#8, PKCS#1, SEC 1)")
	fs.StringVar(&c.StateDir, "state", "", "`DIR` that keeps the self-signed identity (default: a folder of the user's configuration)")
	fs.StringVar(&c.KeyLog, "keylog", "", "append the TLS secrets to `FILE`, for a frame dissector")
	fs.StringVar(&c.Pcap, "pcap", "", "capture all frames to `FILE` (pcapng), with the TLS secrets in it")
	fs.Func("drop-chance", "drop each frame with chance `P` (0 to 1), either way", chance(&c.Drop))
	fs.Func("corrupt-chance", "flip a bit in each frame with chance `P` (0 to 1), either way", chance(&c.Corrupt))
	fs.Uint64Var(&c.Seed, "seed", 1, "`N` that the faults are drawn from")
	fs.BoolVar(&c.Verbose, "v", false, "say more on standard error")
}

// Check finds flags that can't go together.
func (c *Common) Check() error {
	switch {
	case c.TAP != "" && c.TUN != "":
		return Usagef("give -tap or -tun, not both")
	case (c.CertFile == "") != (c.KeyFile == ""):
		return Usagef("-cert and -key go together")
	case !c.HasDevice() && (c.Host.IsValid() || len(c.Addrs) > 0 || c.Gateway.IsValid()):
		return Usagef("-host, -addr and -gateway need a device: give -tap NAME or -tun NAME")
	case c.HasDevice() && len(c.Addrs) == 0:
		return Usagef("a device needs an address of ours: give -addr PREFIX, such as -addr 192.0.2.2/24")
	}
	return nil
}

// HasDevice reports whether a device was named.
func (c *Common) HasDevice() bool { return c.TAP != "" || c.TUN != "" }

// Parse parses args into fs, with errors as this package reports them. Flags may stand behind the operands too; rest is the operands.
func Parse(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, &UsageError{err.Error()}
		}
		args = fs.Args()
		if len(args) == 0 {
			return rest, nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

func parsePrefix(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("want ADDRESS/BITS")
	}
	return p, nil
}

func short(err error) error {
	if err != nil {
		return errors.New("want an IP address")
	}
	return nil
}

func chance(to *float64) func(string) error {
	return func(s string) error {
		if _, err := fmt.Sscanf(s, "%g", to); err != nil || !(*to >= 0 && *to <= 1) {
			return errors.New("want a number from 0 to 1")
		}
		return nil
	}
}
