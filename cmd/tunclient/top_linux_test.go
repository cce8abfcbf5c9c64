package main

import (
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/cmdtest"
	"smoltls/cmd/internal/top"
	"smoltls/cmd/internal/tunserver"
	"smoltls/phy"
	"smoltls/tlssock"
)

func TestTopDoesNotShareTheTerminal(t *testing.T) {
	tty := terminalFile(t)
	for want, c := range map[string]struct {
		c   config
		env cli.Env
	}{
		"what the URL names":                      {config{fetching: fetching{url: &url.URL{}, output: "-"}}, cli.Env{Stdin: strings.NewReader(""), Stdout: tty}},
		"what is received both want the terminal": {config{}, cli.Env{Stdin: strings.NewReader(""), Stdout: tty}},
		"both want the keys":                      {config{}, cli.Env{Stdin: tty, Stdout: io.Discard}},
	} {
		c.c.Top = true
		var usage *cli.UsageError
		if err := c.c.checkTop(&c.env); !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		c.c.bytes, c.c.output = 1, "file"
		if err := c.c.checkTop(&c.env); err != nil {
			t.Errorf("-bytes wants neither, nor does a file: %v", err)
		}
	}
}

// terminalFile gives a terminal.
func terminalFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// sheet is a terminal that keeps all that was shown, and never has a key.
type sheet struct{ shown strings.Builder }

func (*sheet) Size() (w, h int) { return 160, 30 }
func (*sheet) Key() top.Key     { return top.KeyNone }
func (*sheet) Close()           {}
func (s *sheet) Show(lines []top.Line) {
	for _, l := range lines {
		s.shown.WriteString(l.String() + "\n")
	}
}

func TestTheClientsTableShowsItsConnection(t *testing.T) {
	p := newPeer(t, func(s *tlssock.Socket) bool {
		for {
			b, err := s.Peek()
			if err != nil {
				return !errors.Is(err, tlssock.ErrWouldBlock)
			}
			s.Discard(len(b))
		}
	})
	page := &sheet{}
	env := &cli.Env{
		Name: "tunclient", Args: []string{"-tap", "given", "-addr", "192.0.2.1/24", "-server-cert", p.id.Cert, "-state", t.TempDir(), "-bytes", "40000000", "-top", "192.0.2.2:443"},
		Stdin: strings.NewReader(""), Stdout: &cmdtest.Buffer{}, Stderr: &cmdtest.Buffer{},
		Open:     func(*cli.Common, io.Writer) (phy.Device, error) { return p.wire, nil },
		Signals:  func() (<-chan os.Signal, func()) { return nil, func() {} },
		Terminal: func(*cli.Env, func()) (top.Surface, error) { return page, nil },
	}
	if err := run(env); err != nil {
		t.Fatal(err)
	}
	if got := page.shown.String(); !strings.Contains(got, "tunclient  given  192.0.2.1/24") || !strings.Contains(got, "192.0.2.2:443") {
		t.Errorf("%s", got)
	}
}

func TestTheTableOfADownloadShowsItsConnection(t *testing.T) {
	ours, its := phy.NewSharedPipe(phy.PipeConfig{})
	id := cmdtest.Named(t, "server")
	server := cmdtest.Start(t, tunserver.Run, its, nil, "-tap", "given", "-addr", "192.0.2.2/24", "-cert", id.Cert, "-key", id.Key, "-serve", "http")
	server.Stderr.Await(t, "serving")
	page, file := &sheet{}, filepath.Join(t.TempDir(), "file")
	env := &cli.Env{
		Name: "tunclient", Args: []string{"-tap", "given", "-addr", "192.0.2.1/24", "-server-cert", id.Cert, "-state", t.TempDir(), "-resolve", "server=192.0.2.2", "-o", file, "-top",
			"https://server/bytes/1000000"},
		Stdin: strings.NewReader(""), Stdout: &cmdtest.Buffer{}, Stderr: &cmdtest.Buffer{},
		Open:     func(*cli.Common, io.Writer) (phy.Device, error) { return ours, nil },
		Signals:  func() (<-chan os.Signal, func()) { return nil, func() {} },
		Terminal: func(*cli.Env, func()) (top.Surface, error) { return page, nil },
	}
	if err := run(env); err != nil {
		t.Fatal(err)
	}
	server.Interrupt()
	server.Wait() // the wire is closed: it may say so
	if got := page.shown.String(); !strings.Contains(got, "tunclient  given  192.0.2.1/24") || !strings.Contains(got, "PEER") {
		t.Errorf("%s", got)
	}
	if info, err := os.Stat(file); err != nil || info.Size() != 1_000_000 {
		t.Errorf("%v %v", info, err)
	}
}
