package tunserver

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// Bounds on a file of ticket keys.
const (
	maxTicketKeys     = 16
	maxTicketKeysFile = 16 << 10 // bytes
)

// ticketKeysEvery is how often the file is looked at.
const ticketKeysEvery = time.Second

var (
	errNoTicketKey   = errors.New("no key in it: 'openssl rand -hex 32' makes one")
	errManyKeys      = fmt.Errorf("more than %d keys: take out the oldest, which are last", maxTicketKeys)
	errLargeKeys     = errors.New("too large to be a file of ticket keys")
	errKeysForOthers = errors.New("others can read or change it: 'chmod 600' it")
)

// parseTicketKeys reads ticket keys: a line of 64 hexadecimal digits each, the one that seals first. Empty lines and
// what follows a # are passed over.
func parseTicketKeys(text []byte) (keys [][32]byte, err error) {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		line, _, _ = bytes.Cut(line, []byte("#"))
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var key [32]byte
		if len(line) != 2*len(key) {
			return nil, fmt.Errorf("line %d: %d characters, want 64 hexadecimal digits", n, len(line))
		}
		if _, err := hex.Decode(key[:], line); err != nil {
			return nil, fmt.Errorf("line %d: want 64 hexadecimal digits", n) // not which: it is secret
		}
		if keys = append(keys, key); len(keys) > maxTicketKeys {
			return nil, errManyKeys
		}
	}
	if len(keys) == 0 {
		return nil, errNoTicketKey
	}
	return keys, nil
}

// readTicketKeys reads the file, if nobody else can.
func readTicketKeys(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o027 != 0 && hasModes() { // a group may read: that is how containers are given secrets
		return nil, fmt.Errorf("%s: %w", name, errKeysForOthers)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxTicketKeysFile+1))
	if err == nil && len(text) > maxTicketKeysFile {
		err = fmt.Errorf("%s: %w", name, errLargeKeys)
	}
	return text, err
}

// hasModes reports whether a file's mode says here who can read it.
func hasModes() bool {
	switch runtime.GOOS {
	case "windows", "js", "wasip1", "plan9":
		return false
	}
	return true
}

// ticketKeyFile is a file of ticket keys that is in use.
type ticketKeyFile struct {
	name string
	use  func(keys [][32]byte) error
	log  io.Writer
	text []byte // what was read last
	told string // the error that was told last
}

// load reads the file and uses its keys, if it is not as it was. An error leaves the keys as they are.
func (k *ticketKeyFile) load() error {
	text, err := readTicketKeys(k.name)
	if err != nil {
		return err
	}
	if bytes.Equal(text, k.text) {
		clear(text)
		return nil
	}
	keys, err := parseTicketKeys(text)
	if err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	if err := k.use(keys); err != nil {
		return err
	}
	clear(k.text)
	k.text = text
	plural := "s"
	if len(keys) == 1 {
		plural = ""
	}
	fmt.Fprintf(k.log, "%d ticket key%s from %s\n", len(keys), plural, k.name)
	return nil
}

// reload is load while the server runs: an error is told, once.
func (k *ticketKeyFile) reload() {
	said := ""
	if err := k.load(); err != nil {
		if said = err.Error(); said != k.told {
			fmt.Fprintf(k.log, "ticket keys stay as they are: %s\n", said)
		}
	}
	k.told = said
}

// follow reloads the file every so often, in a goroutine, until stop, which waits for it.
func (k *ticketKeyFile) follow(every time.Duration) (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				k.reload()
			}
		}
	}()
	return func() {
		close(quit)
		<-ended
	}
}
