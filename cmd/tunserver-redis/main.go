// Command tunserver-redis is tunserver, one of several, with a replay guard that all of them share: a Redis.
//
//	tunserver-redis -tun tun0 -host 192.0.2.1/24 -addr 192.0.2.2/24 -serve http -cert cert.pem -key key.pem \
//		-ticket-keys ticket.keys -early-data 16384 -redis redis://127.0.0.1:6379/0
//
// Servers with the same ticket keys resume each other's connections, and early data that one of them has accepted none
// of the others does. Without Redis, early data is refused, and everything else goes on. The URL may come from the
// environment, REDIS_URL, where no other user sees its password.
//
// Ticket keys are made by openssl rand -hex 32, a line each, the newest first; they are read again when the file
// changes:
//
//	(openssl rand -hex 32; head -n 6 ticket.keys) > ticket.new && chmod 600 ticket.new && mv ticket.new ticket.keys
package main

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"os"

	"github.com/redis/go-redis/v9"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/tunserver"
	"smoltls/redisguard"
)

func main() {
	redis.SetLogger(silent{})
	cli.Main("tunserver-redis", options().Run)
}

// options are what this command has that tunserver has not.
func options() tunserver.Options {
	cfg := redisguard.Config{URL: os.Getenv("REDIS_URL")}
	return tunserver.Options{
		Name: "tunserver-redis",
		Flags: func(fs *flag.FlagSet) {
			fs.Func("redis", "`URL` of the Redis that remembers early data for the fleet: redis://USER:PASSWORD@HOST:PORT/DB, rediss:// or unix:// (default: REDIS_URL)", func(s string) error {
				cfg.URL = s
				return nil
			})
			fs.StringVar(&cfg.Prefix, "redis-prefix", redisguard.DefaultPrefix, "`PREFIX` of its keys, the same for the whole fleet")
			fs.DurationVar(&cfg.Timeout, "redis-timeout", redisguard.DefaultTimeout, "`TIME` that it may take for an answer, at most what a handshake waits (250ms)")
			fs.DurationVar(&cfg.Window, "replay-window", redisguard.DefaultWindow, "`TIME` by which early data may come earlier or later than it says, the same for the whole fleet")
		},
		Guard: func(log io.Writer) (tunserver.Guard, error) {
			if cfg.URL == "" {
				return nil, nil
			}
			cfg.Logger = slog.New(slog.NewTextHandler(log, nil))
			return redisguard.New(cfg)
		},
	}
}

// silent keeps the client's own words off standard error: the guard says once that Redis is lost, and once that it is
// back.
type silent struct{}

// Printf implements the client's logger.
func (silent) Printf(context.Context, string, ...any) {}
