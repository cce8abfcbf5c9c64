package netconn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"smoltls/dhcp"
	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
)

// Config describes a Runner and the interface that it polls. The zero value of a field that is not required is its
// default.
type Config struct {
	// Device is where frames enter and leave; required. It must be a [phy.Waker], as every device of phy is. The Runner
	// takes it over, and closes it.
	Device phy.Device
	// Addrs are our addresses, each with the network that is on the link; at least one, unless DHCP gives it or
	// Interface says that there is another way.
	Addrs []netip.Prefix
	// Gateway is the router for everything else of its family; more by Interface.Routes.
	Gateway netip.Addr
	// DHCP makes the Runner get its IPv4 address, routes and name servers from a DHCP server, and keep them:
	// Runner.WaitConfigured waits for that. &dhcp.Config{} will do. Its Event is called in the Runner's goroutine, must
	// not block, and must not use the Runner.
	DHCP *dhcp.Config
	// KeepLease makes Close keep the lease, which Runner.Lease gave before, for the next run (dhcp.Config.Lease).
	// Otherwise the server is told that it is no longer needed, as far as Linger allows.
	KeepLease bool
	// Interface is what else there is to say of the interface. Its Device, Addrs and Gateway are overwritten by those
	// above.
	Interface iface.Config
	// Limits bound TCP's and TLS's sockets, each.
	Limits set.Limits

	// Answer gives the answer to what a TLS connection waits for: a callback or a key of its tlssock.Config returned
	// tlssock.ErrPending, or the key is one of tlssock.SignLater. It is called in a goroutine of its own and may block;
	// ctx ends when the Runner is closed. At most Limits.Handshakes run at a time. nil: signatures are made by p.Sign,
	// replay guards asked by p.Judge, and everything else is answered with [ErrNoAnswer].
	Answer func(ctx context.Context, p *tlssock.Pending) tlssock.Answer

	// Linger is how long Close goes on for the sake of connections that were closed before, until what was written to
	// them has been acknowledged. Default [DefaultLinger]; negative: not at all.
	Linger time.Duration

	// CPU is the processor that the stack is polled on ([phy.Pin]); Start fails where that can't be. nil: any.
	CPU *int

	// Now is the clock of the stack: its timers and the validity of certificates go by it. It must advance as real time
	// does, but may be ahead of it or behind. Deadlines of connections are those of the caller and go by the real
	// clock. nil: time.Now.
	Now func() time.Time
}

// DefaultLinger is the default of [Config].Linger.
const DefaultLinger = 5 * time.Second

// Errors of this package. errors.Is finds them.
var (
	ErrConfig   = errors.New("netconn: unusable configuration")
	ErrNoAnswer = errors.New("netconn: a callback said that its answer comes later, and there is no Config.Answer")
)

func (c *Config) check() error {
	if c.Device == nil {
		return fmt.Errorf("%w: no device", ErrConfig)
	}
	if _, ok := c.Device.(phy.Waker); !ok {
		return fmt.Errorf("%w: a %T can't be woken (phy.Waker)", ErrConfig, c.Device)
	}
	return nil
}

// interfaceConfig is what the Runner's interface is made of.
func (c *Config) interfaceConfig() iface.Config {
	i := c.Interface
	i.Device, i.Addrs, i.Gateway = c.Device, c.Addrs, c.Gateway
	i.AddrsLater = i.AddrsLater || c.DHCP != nil
	return i
}

// defaultAnswer is Config.Answer where none was given.
func defaultAnswer(_ context.Context, p *tlssock.Pending) tlssock.Answer {
	switch p.Kind {
	case tlssock.PendingSignature:
		return p.Sign()
	case tlssock.PendingEarlyData:
		return p.Judge()
	}
	return tlssock.Answer{Err: ErrNoAnswer}
}

var _ io.Closer = (*Runner)(nil)
