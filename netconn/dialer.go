package netconn

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"smoltls/tcp"
	"smoltls/tlssock"
)

// Defaults of Dialer, as RFC 8305 §8 recommends.
const (
	DefaultAttemptDelay    = 250 * time.Millisecond
	DefaultResolutionDelay = 50 * time.Millisecond
)

// MaxAddresses is how many addresses of a name a Dialer tries, of each family.
const MaxAddresses = 16

// What a Dialer can't dial. errors.Is finds them.
var (
	ErrNoResolver = errors.New("netconn: a name to look up, and no Dialer.Resolver")
	ErrNoHost     = errors.New("netconn: the address to dial has no host") // of the net package it would be this machine
)

// A Resolver looks names up. network is "ip4" or "ip6". *net.Resolver is one, which asks by way of the operating
// system.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// A Dialer opens connections of a Runner. Its methods are those that http.Transport and others want, and may be called
// by any number of goroutines; its fields must not be changed once it is used.
type Dialer struct {
	Runner   *Runner  // required
	Resolver Resolver // for names; nil: only IP addresses can be dialled

	// TLS is who we are and whom we accept; required by DialTLSContext. Without a ServerName of its own each connection
	// asks for the name, or the IP address, that was dialled, and matches it.
	TLS *tlssock.Config
	// NoServerName: the name dialled is neither asked for nor matched. It is for pinned certificates that carry no
	// name.
	NoServerName bool

	// EarlyData saves a round trip with servers that a session of TLS.ClientSessionCache, which must be there, allows
	// it with (0-RTT, RFC 8446 §2.3). DialTLSContext then gives the connection before the server has answered, and what
	// is written first goes out as early data; what the server does not take is sent again by itself. Read waits for
	// the answer, and says so if the server is not trusted. If the server chooses another protocol than the session's
	// (TLS.NextProtos), which State has told of, every call fails with tlssock.ErrEarlyDataRejected.
	//
	// Whoever looks on can bring early data to the server again: write nothing that does harm when it is acted on
	// twice, such as anything but a safe request of HTTP (RFC 8470), before [TLSConn.HandshakeContext] or the first
	// Read has returned. And a session's keys, once known, open it: it has no forward secrecy.
	EarlyData bool

	TCP     *tcp.Config   // options of the connections; nil: defaults
	Timeout time.Duration // for all of a dial: the look-up, TCP and TLS; 0: none but the context's and those of TCP and of set.Limits

	AttemptDelay    time.Duration // until the next address is tried beside the last (RFC 8305 §5); default [DefaultAttemptDelay]
	ResolutionDelay time.Duration // how long the IPv6 addresses of a name may come after the others (RFC 8305 §3); default [DefaultResolutionDelay]

	servers serverConfigs
}

// Clone gives a Dialer with the same settings, to be changed and used on its own. TLS is the same configuration: clone
// it too before it is changed.
func (d *Dialer) Clone() *Dialer {
	return &Dialer{
		Runner: d.Runner, Resolver: d.Resolver, TLS: d.TLS, NoServerName: d.NoServerName, TCP: d.TCP, Timeout: d.Timeout, EarlyData: d.EarlyData,
		AttemptDelay: d.AttemptDelay, ResolutionDelay: d.ResolutionDelay,
	}
}

// Dial is DialContext without a context.
func (d *Dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext opens a TCP connection to address, such as "example.com:80": a [*Conn]. network is "tcp", "tcp4" or
// "tcp6". A name's addresses of both families are tried in turn, IPv6 first, each a little after the one before, and
// the first that answers is taken (RFC 8305). An error is a *net.OpError of the first address that failed.
//
// With "udp", "udp4" or "udp6" it is a UDP socket that talks to that address: a [*PacketConn]. Nothing is sent before
// something is written.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if network == "udp" || network == "udp4" || network == "udp6" {
		c, err := dial(ctx, d, network, address, d.dialPacket)
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	c, err := dial(ctx, d, network, address, d.raceTCP)
	if err != nil {
		return nil, err
	}
	return &c.Conn, nil
}

// DialTLSContext opens a TLS connection: a [*TLSConn], whose handshake is done. Otherwise it is as DialContext; the
// first address whose handshake succeeds is taken.
func (d *Dialer) DialTLSContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := dial(ctx, d, network, address, d.raceTLS)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// DialTLS is DialTLSContext without a context.
func (d *Dialer) DialTLS(network, address string) (net.Conn, error) {
	return d.DialTLSContext(context.Background(), network, address)
}

// dial has open make a connection to address, within the Timeout of d. remote is the address that an error of open's is
// about, if it is about one.
func dial[C any](ctx context.Context, d *Dialer, network, address string,
	open func(ctx context.Context, network, host string, port uint16) (c C, remote netip.AddrPort, err error)) (c C, err error) {
	if d.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.Timeout)
		defer cancel()
	}
	var remote netip.AddrPort
	host, port, err := target(ctx, network, address)
	if err == nil {
		c, remote, err = open(ctx, network, host, port)
	}
	if err == nil {
		return c, nil
	}
	fault := &net.OpError{Op: "dial", Net: network, Err: explain(err)}
	switch {
	case !remote.IsValid():
	case strings.HasPrefix(network, "udp"):
		fault.Addr = net.UDPAddrFromAddrPort(remote)
	default:
		fault.Addr = net.TCPAddrFromAddrPort(remote)
	}
	return c, fault
}

// target takes apart what is dialled.
func target(ctx context.Context, network, address string) (host string, port uint16, err error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	if host == "" {
		return "", 0, ErrNoHost
	}
	p, err := services.LookupPort(ctx, network, service)
	return host, uint16(p), err
}

func (d *Dialer) raceTCP(ctx context.Context, network, host string, port uint16) (*TLSConn, netip.AddrPort, error) {
	return d.race(ctx, network, host, port, nil)
}

func (d *Dialer) raceTLS(ctx context.Context, network, host string, port uint16) (*TLSConn, netip.AddrPort, error) {
	cfg, err := d.servers.config(d, host)
	if err != nil {
		return nil, netip.AddrPort{}, err
	}
	return d.race(ctx, network, host, port, cfg)
}

// race dials, with TLS if cfg is not nil.
func (d *Dialer) race(ctx context.Context, network, host string, port uint16, cfg *tlssock.Config) (*TLSConn, netip.AddrPort, error) {
	r := &race{
		d: d, cfg: cfg, port: port, news: make(chan struct{}, 1),
		attemptDelay: orDefault(d.AttemptDelay, DefaultAttemptDelay), resolutionDelay: orDefault(d.ResolutionDelay, DefaultResolutionDelay),
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // look-ups that nobody needs any more
	if err := r.look(ctx, d.Resolver, network, host); err != nil {
		return nil, netip.AddrPort{}, err
	}
	return r.run(ctx)
}

// services knows the names of ports: from a table, in Go alone. Nothing is asked.
var services = &net.Resolver{PreferGo: true}

func orDefault(d, def time.Duration) time.Duration {
	if d <= 0 {
		return def
	}
	return d
}
