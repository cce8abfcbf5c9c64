package cmdtest

import (
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/phy"
)

// Process is a command that runs in a goroutine.
type Process struct {
	Stdout, Stderr Buffer
	Status         int // once it has ended

	t       testing.TB
	signals chan os.Signal
	once    sync.Once
	ended   chan struct{}
	err     error
}

// Start runs a command with these arguments and standard input (nil: empty), on dev whatever device the arguments name.
// When the test ends it is interrupted, if it still runs.
func Start(t testing.TB, run func(*cli.Env) error, dev phy.Device, stdin io.Reader, args ...string) *Process {
	t.Helper()
	if stdin == nil {
		stdin = strings.NewReader("")
	}
	p := &Process{t: t, signals: make(chan os.Signal, 1), ended: make(chan struct{})}
	env := &cli.Env{
		Args: args, Stdin: stdin, Stdout: &p.Stdout, Stderr: &p.Stderr,
		Open:    func(*cli.Common, io.Writer) (phy.Device, error) { return dev, nil },
		Signals: func() (<-chan os.Signal, func()) { return p.signals, func() {} },
	}
	go func() {
		p.err = run(env)
		p.Status = cli.Exit(&p.Stderr, "command", p.err)
		p.Stdout.End()
		p.Stderr.End()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.Interrupt()
		p.Wait()
		if t.Failed() {
			t.Logf("%q said: %s", args, &p.Stderr)
		}
	})
	return p
}

// Interrupt is Ctrl-C. A second one does nothing.
func (p *Process) Interrupt() {
	p.once.Do(func() { p.signals <- os.Interrupt })
}

// Ended is closed when the command has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Wait waits for the command's end and gives what it ended with.
func (p *Process) Wait() error {
	p.t.Helper()
	select {
	case <-p.ended:
		return p.err
	case <-time.After(Patience):
		p.t.Fatalf("the command does not end; it said: %s", &p.Stderr)
		return nil
	}
}
