package tunserver

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

func TestBoundsOfEarlyData(t *testing.T) {
	for flags, want := range map[string]uint32{"": 0, "-early-data 0": 0, "-early-data 1048576": 1 << 20} {
		c, err := parseFlags(&Options{}, strings.Fields("-tap t -addr 192.0.2.1/24 "+flags), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		cfg := &tlssock.Config{}
		stop, err := c.fleet.apply(cfg, &Options{}, io.Discard)
		if err != nil || cfg.MaxEarlyData != want {
			t.Errorf("%s: %d, %v", flags, cfg.MaxEarlyData, err)
		}
		stop()
		stop()
	}
	for _, bad := range []string{"1048577", "-1", "much"} {
		_, err := parseFlags(&Options{}, strings.Fields("-tap t -addr 192.0.2.1/24 -early-data "+bad), io.Discard)
		var usage *cli.UsageError
		if !errors.As(err, &usage) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestTicketKeysThatCantBeReadEndTheCommand(t *testing.T) {
	f := fleet{ticketKeys: t.TempDir() + "/none"}
	if _, err := f.apply(&tlssock.Config{}, &Options{}, io.Discard); !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "-ticket-keys: ") {
		t.Error(err)
	}
}

// A key goes on top of the file; the one below still opens what it has sealed; one that was taken out opens nothing.
func TestServersOfAFleetResumeEachOthersConnections(t *testing.T) {
	file := keyFile(t, hexKey(1))
	a := start(t, "-serve", "http", "-ticket-keys", file)
	b := start(t, "-serve", "http", "-ticket-keys", file, "-cert", a.id.Cert, "-key", a.id.Key)
	cfg := a.resuming()
	meet := func(r *running, resumed bool) {
		t.Helper()
		if s := r.getAnother(cfg); s.ConnectionState().DidResume != resumed {
			t.Errorf("resumed: %v, want %v", !resumed, resumed)
		}
	}
	rotate := func(says, text string) {
		t.Helper()
		writeKeys(t, file, text)
		a.server.Stderr.Await(t, says)
		b.server.Stderr.Await(t, says)
	}
	meet(b, true)
	oldest, _ := cfg.ClientSessionCache.Get("server")
	cfg.ClientSessionCache.Put("server", oldest)
	rotate("2 ticket keys", hexKey(2)+hexKey(1))
	meet(a, true)
	meet(b, true)
	rotate("3 ticket keys", hexKey(4)+hexKey(3)+hexKey(2))
	meet(a, true)
	cfg.ClientSessionCache.Put("server", oldest)
	meet(b, false)
}
