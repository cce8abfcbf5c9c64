package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"syscall"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/download"
	"smoltls/tlssock"
)

// fetch downloads what the URL names.
func fetch(c *config, cfg *tlssock.Config, env *cli.Env) error {
	to, err := c.sink(env)
	if err != nil {
		return err
	}
	defer to.Close()
	link, err := c.OpenLink(env)
	if err != nil {
		return err
	}
	defer link.Close()
	if err := c.LinkUp(); err != nil {
		return err
	}
	ctx, stop := cli.Interruptible(env)
	defer stop()
	cfg.KeyLogWriter = link.KeyLog
	network, err := c.newNetwork(link, cfg, env)
	if err != nil {
		return err
	}
	defer network.runner.Close() // before the link's
	ctx, leave, err := c.Watch(ctx, env, network.runner)
	if err != nil {
		return err
	}
	defer leave()
	if err := network.configure(ctx, c, env); err != nil {
		return err
	}
	r := &report{env: env, toFile: c.output != "-", start: time.Now()}
	err = download.Run(ctx, download.Request{
		URL: c.url, Header: c.header, Transport: network, To: to, Report: r,
		Retries: c.retries, Stall: c.stall, Downgrade: c.insecureRedirects,
	})
	leave()
	r.bar.Finish()
	network.CloseIdleConnections()
	closeErr := errors.Join(network.runner.Close(), link.Close())
	if err != nil {
		return c.explain(err, to)
	}
	r.done(c.output, to)
	return closeErr
}

// sink is where the bytes go: -o, the name in the URL, or standard output.
func (c *config) sink(env *cli.Env) (download.Sink, error) {
	if c.output == "-" {
		out := env.Stdout
		if !c.outputGiven && cli.IsTerminal(out) {
			out = &textOnly{Writer: out}
		}
		return download.NewStream(out), nil
	}
	to, err := download.Create(c.output)
	if err != nil {
		return nil, fmt.Errorf("-o: %w", err)
	}
	return to, nil
}

// errBinary says that what came is not for a terminal, which it would leave in any state.
var errBinary = errors.New("that is no text, and standard output is a terminal: give -o FILE or -O, or -o - to see it all the same")

// textOnly passes on what does not begin as something other than text.
type textOnly struct {
	io.Writer
	looked bool
}

// Write looks for zeros in what is written first, as other programs do.
func (t *textOnly) Write(p []byte) (int, error) {
	if !t.looked && bytes.IndexByte(p, 0) >= 0 {
		return 0, errBinary
	}
	t.looked = true
	return t.Writer.Write(p)
}

// explain says, with the error of a download, what to do about it, and what there is of the file.
func (c *config) explain(err error, to download.Sink) error {
	var status *download.StatusError
	switch {
	case errors.Is(err, download.ErrDowngrade):
		err = fmt.Errorf("%w; -insecure-redirects follows it all the same", err)
	case errors.As(err, &status) && status.Code == http.StatusUnauthorized:
		err = fmt.Errorf("%w; give USER:PASSWORD@ before the host, or -header 'Authorization: ...'", err)
	case errors.Is(err, syscall.ENOSPC):
		err = fmt.Errorf("%w; make room", err)
	}
	f, ok := to.(*download.File)
	if !ok {
		return err
	}
	switch _, n := f.Kept(); {
	case n == 0:
		return err
	case f.Resumable():
		return fmt.Errorf("%w; %d bytes are kept in %s: the same command goes on from there", err, n, f.Part())
	default:
		return fmt.Errorf("%w; %d bytes are kept in %s, but the server gives nothing to resume by", err, n, f.Part())
	}
}

// report shows a download's progress on a terminal.
type report struct {
	env    *cli.Env
	toFile bool
	bar    *cli.Progress
	start  time.Time
	n      int64
}

// Tell implements download.Reporter.
func (r *report) Tell(line string) {
	r.bar.Finish()
	r.bar = nil
	fmt.Fprintln(r.env.Stderr, "tunclient:", cli.Printable(line))
}

// Begin implements download.Reporter.
func (r *report) Begin(have, all int64) {
	r.bar.Finish()
	what := "receiving"
	if have > 0 {
		what = "receiving the rest"
	}
	if all >= 0 {
		all -= have
	}
	var out io.Writer
	if !r.toFile {
		out = r.env.Stdout
	}
	r.bar = cli.NewProgress(r.env.Stderr, out, all, what)
}

// Add implements download.Reporter.
func (r *report) Add(n int) {
	r.n += int64(n)
	r.bar.Add(n)
}

// Pause implements download.Reporter.
func (r *report) Pause(d time.Duration) <-chan time.Time { return time.After(d) }

// done says what came, to who looks.
func (r *report) done(name string, to download.Sink) {
	if !r.toFile || !cli.IsTerminal(r.env.Stderr) {
		return
	}
	_, n := to.Kept()
	d := time.Since(r.start)
	fmt.Fprintf(r.env.Stderr, "%s: %d bytes, %d of them now, in %v (%.1f MB/s)\n", name, n, r.n, d.Round(time.Millisecond), cli.Rate(r.n, d))
}
