package tunserver

import (
	"flag"
	"io"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// Options are what a program has that is this command and something more. The zero value is the command itself.
type Options struct {
	// Name is the command's, as its usage says it; empty: tunserver.
	Name string

	// Flags adds flags to those of the command.
	Flags func(fs *flag.FlagSet)

	// Guard opens the replay guard that the flags name; nil when they name none. It is asked outside of the main loop
	// and may block, for [set.DefaultGuardTimeout] to any use. What it has to say goes to log. It is closed when the
	// server ends.
	Guard func(log io.Writer) (Guard, error)
}

// Guard is a replay guard that has something to close.
type Guard interface {
	tlssock.ReplayGuard
	io.Closer
}

func (o *Options) name() string {
	if o.Name == "" {
		return "tunserver"
	}
	return o.Name
}

// guard opens the guard, if there is one, and makes cfg ask it.
func (o *Options) guard(cfg *tlssock.Config, log io.Writer) (stop func(), err error) {
	if o.Guard == nil {
		return func() {}, nil
	}
	g, err := o.Guard(log)
	if err != nil || g == nil {
		return func() {}, err
	}
	if cfg.MaxEarlyData == 0 {
		g.Close()
		return nil, cli.Usagef("a replay guard has nothing to do without -early-data BYTES")
	}
	cfg.ReplayGuard = tlssock.GuardLater(g)
	return func() { g.Close() }, nil
}
