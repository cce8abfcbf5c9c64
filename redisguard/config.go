package redisguard

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"smoltls/tlssock"
)

// Config describes a [Guard]. The zero value of a field that is not required is its default.
type Config struct {
	// URL names the Redis: redis://USER:PASSWORD@HOST:PORT/DB, rediss:// for TLS, unix://USER:PASSWORD@/PATH?db=DB;
	// required.
	URL string
	// TLS is used for rediss:// in place of the system's roots and the URL's name.
	TLS *tls.Config

	Prefix  string        // of all keys, the same for the whole fleet; default [DefaultPrefix]
	Window  time.Duration // by how much a hello may come earlier or later than it says, the same for the whole fleet; default [DefaultWindow], at most [MaxWindow]
	Timeout time.Duration // for an answer, connecting included; default [DefaultTimeout]
	Pause   time.Duration // after a failure, in which nothing is asked and everything refused at once; default [DefaultPause]
	Batch   int           // hellos in one round trip, at most; default [DefaultBatch]
	Queue   int           // hellos that wait for theirs, at most; beyond it they are refused; default [DefaultQueue]

	// Logger is told when Redis is lost (Warn) and when it is back (Info), not of each hello. nil: nobody is told.
	Logger *slog.Logger
	// Now is the clock, by which Accept's callers go too. nil: time.Now.
	Now func() time.Time
}

// Defaults of Config, and its bound.
const (
	DefaultPrefix  = "smoltls:0rtt:"
	DefaultWindow  = tlssock.DefaultReplayWindow
	MaxWindow      = time.Hour
	DefaultTimeout = 200 * time.Millisecond // less than set.DefaultGuardTimeout
	DefaultPause   = 500 * time.Millisecond
	DefaultBatch   = 128
	DefaultQueue   = 4096
)

// ErrConfig is wrapped by the errors of [New].
var ErrConfig = errors.New("redisguard: unusable configuration")

func (c Config) withDefaults() Config {
	if c.Prefix == "" {
		c.Prefix = DefaultPrefix
	}
	for _, d := range []struct {
		v   *time.Duration
		def time.Duration
	}{{&c.Window, DefaultWindow}, {&c.Timeout, DefaultTimeout}, {&c.Pause, DefaultPause}} {
		if *d.v <= 0 {
			*d.v = d.def
		}
	}
	c.Window = min(c.Window, MaxWindow)
	if c.Batch <= 0 {
		c.Batch = DefaultBatch
	}
	if c.Queue <= 0 {
		c.Queue = DefaultQueue
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// options are what the client is made of. It never tries twice: who comes late is refused anyway.
func (c *Config) options() (*redis.Options, error) {
	o, err := redis.ParseURL(c.URL)
	if err != nil {
		var parse *url.Error
		if errors.As(err, &parse) { // which repeats the URL, password and all
			err = parse.Err
		}
		return nil, fmt.Errorf("%w: URL: %w; want redis://USER:PASSWORD@HOST:PORT/DB, rediss:// or unix://", ErrConfig, err)
	}
	if c.TLS != nil {
		if o.TLSConfig == nil {
			return nil, fmt.Errorf("%w: TLS without a rediss:// URL", ErrConfig)
		}
		o.TLSConfig = c.TLS
	}
	o.ContextTimeoutEnabled = true
	o.MaxRetries, o.DialerRetries = -1, 1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = c.Timeout, c.Timeout, c.Timeout, c.Timeout
	o.PoolSize, o.MinIdleConns = 1, 0 // one asks, in batches
	o.DisableIdentity = true          // nothing but what an answer takes
	o.Protocol = 2
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return o, nil
}
