package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/cmdtest"
)

// table runs beATable on a terminal.
func table(t *testing.T, how string, attach func(*exec.Cmd)) (*cmdtest.PTY, *exec.Cmd) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	p := cmdtest.NewPTY(t, 100, 24)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), cli.AsTable+"="+how)
	attach(cmd)
	p.Attach(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p, cmd
}

func TestTheTerminalIsAsItWasAfterEveryEnd(t *testing.T) {
	for how, c := range map[string]struct {
		end  func(*cmdtest.PTY, *os.Process)
		says string // after the table
		ends syscall.Signal
	}{
		"q":       {func(p *cmdtest.PTY, _ *os.Process) { p.Press("q") }, "the result", 0},
		"Ctrl-C":  {func(p *cmdtest.PTY, _ *os.Process) { p.Press("\x03") }, "the result", 0},
		"SIGTERM": {func(_ *cmdtest.PTY, c *os.Process) { c.Signal(syscall.SIGTERM) }, "the result", 0},
		"SIGHUP":  {func(_ *cmdtest.PTY, c *os.Process) { c.Signal(syscall.SIGHUP) }, "", syscall.SIGHUP},
		"SIGQUIT": {func(_ *cmdtest.PTY, c *os.Process) { c.Signal(syscall.SIGQUIT) }, "SIGQUIT: quit", 0},
		"panic":   {func(*cmdtest.PTY, *os.Process) {}, "panic: a bug", 0},
	} {
		t.Run(how, func(t *testing.T) {
			p, cmd := table(t, how, func(*exec.Cmd) {})
			p.Await("the table", func(s string) bool { return strings.Contains(s, "command  tap7") && strings.Contains(s, "q quit") })
			if p.Restored() {
				t.Fatal("the test can't tell a terminal that was restored")
			}
			c.end(p, cmd.Process)
			err := cmd.Wait()
			var exit *exec.ExitError
			if ended := cmd.ProcessState.Sys().(syscall.WaitStatus); err != nil && !errors.As(err, &exit) || c.ends != 0 && ended.Signal() != c.ends {
				t.Errorf("it ended with %v", err)
			}
			p.Await("the terminal as it was, and then what was said", func(string) bool {
				_, after, _ := strings.Cut(p.Raw(), "\x1b[?1049l")
				return p.Restored() && strings.Contains(after, "said meanwhile\r\n") && strings.Contains(after, c.says)
			})
		})
	}
}

func TestTheTableIsOnStandardErrorWhenOutputGoesElsewhere(t *testing.T) {
	var out cmdtest.Buffer
	p, cmd := table(t, "q", func(c *exec.Cmd) { c.Stdout = &out })
	p.Await("the table", func(s string) bool { return strings.Contains(s, "command  tap7") })
	p.Press("q")
	if err := cmd.Wait(); err != nil || out.String() != "the result\n" {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestNoColourIsUsedWhenNoneIsWanted(t *testing.T) {
	p, cmd := table(t, "q", func(c *exec.Cmd) { c.Env = append(c.Env, "NO_COLOR=1") })
	p.Await("the table", func(s string) bool { return strings.Contains(s, "q quit") })
	p.Press("q")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	for _, colour := range []string{"\x1b[3", "\x1b[4", "\x1b[9"} {
		for _, s := range strings.SplitAfter(p.Raw(), colour)[1:] {
			if i := strings.IndexAny(s, "mHJKhlABCDt"); i >= 0 && s[i] == 'm' && len(s) > 1 && s[0] >= '0' && s[0] <= '7' {
				t.Errorf("colour %q", colour+s[:i+1])
			}
		}
	}
}
