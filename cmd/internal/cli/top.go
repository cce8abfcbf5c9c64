package cli

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"smoltls/cmd/internal/top"
	"smoltls/iface"
	"smoltls/set"
)

// OpenTerminal opens the terminal for a table of sockets, if standard output or standard error is one; otherwise both
// results are nil.
func OpenTerminal(env *Env, wake func()) (top.Surface, error) {
	if !IsTerminal(env.Stdout) && !IsTerminal(env.Stderr) {
		return nil, nil
	}
	return top.Open(wake)
}

// live is a table on the user's terminal. A nil one is none.
type live struct {
	*top.Table
	leave func() // gives the terminal back, for any goroutine, however often
}

// openTable puts the live table on the user's terminal, if -top asks for it. What the command then says on the terminal
// is held until the table is gone. Where there is no terminal one line says so, and all else goes on. wake ends the
// wait of whoever polls the table; quit is called for a user who wants to.
func (c *Common) openTable(env *Env, ifc *iface.Interface, tlss *set.TLSSocketSet, wake, quit func()) (*live, error) {
	if !c.Top {
		return nil, nil
	}
	var surface top.Surface
	var err error
	if env.Terminal != nil {
		surface, err = env.Terminal(env, wake)
	}
	if err != nil {
		return nil, fmt.Errorf("-top: %w", err)
	}
	if surface == nil {
		fmt.Fprintln(env.Stderr, "-top: there is no table, because neither standard output nor standard error is a terminal")
		return nil, nil
	}
	log := hold(&env.Stderr)
	results := hold(&env.Stdout)
	t := top.New(surface, top.Config{Title: c.title(env.Name), Interface: ifc, Sockets: tlss, Log: log, Quit: quit})
	return &live{t, restoringOnSignals(func() {
		t.Close()
		if results != nil {
			results.Close()
		}
	})}, nil
}

// hold puts a log in front of w, if that is a terminal.
func hold(w *io.Writer) *top.Log {
	if !IsTerminal(*w) {
		return nil
	}
	l := top.NewLog(*w)
	*w = l
	return l
}

// title says whose table it is.
func (c *Common) title(name string) string {
	parts := []string{name, c.TAP + c.TUN}
	for _, a := range c.Addrs {
		parts = append(parts, a.String())
	}
	return strings.Join(parts, "  ")
}

// restoringOnSignals gives restore, which is then called once, at the latest before a signal that nobody else listens
// to does what it usually does.
func restoringOnSignals(restore func()) func() {
	if len(endingSignals) == 0 {
		return restore
	}
	signals, restored := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, endingSignals...)
	once := sync.OnceFunc(func() {
		restore()
		signal.Stop(signals)
		close(restored)
	})
	go func() {
		select {
		case s := <-signals:
			once()
			signal.Reset(s)
			if self, err := os.FindProcess(os.Getpid()); err != nil || self.Signal(s) != nil {
				os.Exit(ExitFailed)
			}
		case <-restored:
		}
	}()
	return once
}

// poll polls the table, if there is one.
func (l *live) poll(now time.Time) {
	if l != nil {
		l.Poll(now)
	}
}

// until is when there is something new to show at the latest, or at, if that is before; zero is never.
func (l *live) until(at time.Time) time.Time {
	if l == nil {
		return at
	}
	next := l.PollAt()
	if next.IsZero() || !at.IsZero() && at.Before(next) {
		return at
	}
	return next
}

// close gives the terminal back, if there is a table on it.
func (l *live) close() {
	if l != nil {
		l.leave()
	}
}
