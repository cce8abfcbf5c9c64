package tunserver

import (
	"flag"
	"fmt"
	"io"
	"sync"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// maxEarlyData bounds -early-data in bytes: a connection holds as much.
const maxEarlyData = 1 << 20

// fleet is what the flags say of resumption and early data, which several servers can share.
type fleet struct {
	ticketKeys string
	earlyData  uint
}

func (f *fleet) register(fs *flag.FlagSet) {
	fs.StringVar(&f.ticketKeys, "ticket-keys", "", "seal session tickets with the keys in `FILE`, a line of 64 hexadecimal digits each, the newest first; it is read again when it changes (absent: keys of our own)")
	fs.UintVar(&f.earlyData, "early-data", 0, "take up to `BYTES` of early data (0-RTT) from a client that resumes: http answers requests in it at once, the others when the handshake is over")
}

func (f *fleet) check() error {
	if f.earlyData > maxEarlyData {
		return cli.Usagef("-early-data %d: want at most %d", f.earlyData, maxEarlyData)
	}
	return nil
}

// apply sets what the flags say in cfg, and opens o's guard and follows the file with the ticket keys until stop, which
// can be called twice.
func (f *fleet) apply(cfg *tlssock.Config, o *Options, stderr io.Writer) (stop func(), err error) {
	cfg.MaxEarlyData = uint32(f.earlyData)
	stopKeys := func() {}
	if f.ticketKeys != "" {
		k := &ticketKeyFile{name: f.ticketKeys, use: cfg.SetSessionTicketKeys, log: stderr}
		if err := k.load(); err != nil {
			return nil, fmt.Errorf("-ticket-keys: %w", err)
		}
		stopKeys = k.follow(ticketKeysEvery)
	}
	stopGuard, err := o.guard(cfg, stderr)
	if err != nil {
		stopKeys()
		return nil, err
	}
	return sync.OnceFunc(func() { stopGuard(); stopKeys() }), nil
}
