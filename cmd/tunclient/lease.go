package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/dhcp"
)

// leaseTimeout is how long a DHCP server may take, with the test of the address that follows, unless -stall is shorter.
const leaseTimeout = 30 * time.Second

// probeInterval is the time between the ARP questions that test the address (RFC 5227 §2.1.1 has one to two seconds):
// the link of a device ends on this machine, and somebody waits.
const probeInterval = 250 * time.Millisecond

// configure waits for the address that -dhcp asks for.
func (n *network) configure(ctx context.Context, c *config, env *cli.Env) error {
	if !c.DHCP {
		return nil
	}
	patience := leaseTimeout
	if c.stall > 0 {
		patience = min(patience, c.stall)
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	lease, err := n.runner.WaitConfigured(limited)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("-dhcp: %w within %v; is there one behind the device? -addr PREFIX does without", dhcp.ErrNoAnswer, patience)
	case err != nil:
		return fmt.Errorf("-dhcp: %w", err)
	}
	if c.Verbose {
		var dns []string
		for _, s := range lease.DNS {
			dns = append(dns, s.String())
		}
		fmt.Fprintf(env.Stderr, "address %v from %v, DNS servers: %s\n", lease.Addr, lease.Server, strings.Join(dns, ", "))
	}
	return nil
}
