package dns

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"smoltls/set"
	"smoltls/tlssock"
)

// Ports of DNS servers.
const (
	Port    = 53
	TLSPort = 853 // RFC 7858 §3.1
)

// Config says whom to ask and how. A zero field is its default.
type Config struct {
	// Servers are asked in this order; at least one, at most [MaxServers].
	Servers []netip.AddrPort

	// TLS makes the client ask over TLS and in no other way. It says whom to accept, as for every connection; its
	// ServerName is the servers'. Sockets must be given too: the set that the caller polls, whose Ready yields the
	// client's connections as well: handles that the caller does not know are not the caller's.
	TLS     *tlssock.Config
	Sockets *set.TLSSocketSet

	Timeout     time.Duration // for a server's answer in the first round, twice as long in the second, and so on; default [DefaultTimeout]
	Rounds      int           // how often each server is asked; default [DefaultRounds]
	IdleTimeout time.Duration // until a connection to a server that nobody uses is closed (RFC 7766 §6.2.3); default [DefaultIdleTimeout]

	MaxTTL         time.Duration // for which an answer is kept at most; default [DefaultMaxTTL]
	MaxNegativeTTL time.Duration // the same for answers that there is no such name, or no such address (RFC 2308 §5); default [DefaultMaxNegativeTTL]

	Rand   io.Reader // entropy; nil: crypto/rand
	Limits Limits
}

// Limits bounds what a Client holds. A zero field is its default.
type Limits struct {
	Queries int // under way at once; default [DefaultQueries]
	Cache   int // answers kept; default [DefaultCache]; negative: none
	Aliases int // CNAMEs followed for one name; default [DefaultAliases]
	Addrs   int // addresses of one name, the others are left out; default [DefaultAddrs]
}

// Defaults of Config and Limits.
const (
	DefaultTimeout        = 2 * time.Second
	DefaultRounds         = 3
	DefaultIdleTimeout    = 10 * time.Second
	DefaultMaxTTL         = 24 * time.Hour
	DefaultMaxNegativeTTL = 5 * time.Minute

	DefaultQueries = 256
	DefaultCache   = 1024
	DefaultAliases = 16
	DefaultAddrs   = 32

	MaxServers = 16
)

// ErrConfig says that a Config can't work; what is wrong with it is wrapped beside it.
var ErrConfig = errors.New("dns: unusable configuration")

func (c Config) withDefaults() (Config, error) {
	for _, d := range []struct {
		of  *time.Duration
		def time.Duration
	}{
		{&c.Timeout, DefaultTimeout}, {&c.IdleTimeout, DefaultIdleTimeout}, {&c.MaxTTL, DefaultMaxTTL}, {&c.MaxNegativeTTL, DefaultMaxNegativeTTL},
	} {
		if *d.of <= 0 {
			*d.of = d.def
		}
	}
	for _, n := range []struct {
		of  *int
		def int
	}{
		{&c.Rounds, DefaultRounds}, {&c.Limits.Queries, DefaultQueries}, {&c.Limits.Aliases, DefaultAliases}, {&c.Limits.Addrs, DefaultAddrs},
	} {
		if *n.of <= 0 {
			*n.of = n.def
		}
	}
	if c.Limits.Cache == 0 {
		c.Limits.Cache = DefaultCache
	}
	return c, c.check()
}

func (c *Config) check() error {
	if len(c.Servers) == 0 || len(c.Servers) > MaxServers {
		return fmt.Errorf("%w: %d servers, must be 1 to %d", ErrConfig, len(c.Servers), MaxServers)
	}
	for _, s := range c.Servers {
		if !s.IsValid() || s.Port() == 0 {
			return fmt.Errorf("%w: server %v", ErrConfig, s)
		}
	}
	if c.TLS == nil {
		return nil
	}
	if c.Sockets == nil {
		return fmt.Errorf("%w: TLS without Sockets", ErrConfig)
	}
	if err := c.TLS.Check(tlssock.RoleClient); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return nil
}
