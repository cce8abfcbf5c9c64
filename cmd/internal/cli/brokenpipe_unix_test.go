//go:build unix

package cli

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// TestWriteToABrokenPipeIsAnErrorAndNotTheEnd runs itself with a standard output that nobody reads.
func TestWriteToABrokenPipeIsAnErrorAndNotTheEnd(t *testing.T) {
	const inner, sawIt = "BROKEN_PIPE_INNER", 7
	if os.Getenv(inner) != "" {
		keepBrokenPipe()
		if _, err := os.Stdout.WriteString("to nobody"); errors.Is(err, syscall.EPIPE) {
			os.Exit(sawIt)
		}
		os.Exit(ExitFailed)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	self := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	self.Env = append(os.Environ(), inner+"=1")
	self.Stdout = w
	var exit *exec.ExitError
	if err := self.Run(); !errors.As(err, &exit) || exit.ExitCode() != sawIt {
		t.Errorf("%v, want exit status %d: gone by SIGPIPE, or no error", err, sawIt)
	}
}
