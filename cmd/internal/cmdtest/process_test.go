package cmdtest

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
)

func TestProcessHasInputOutputsStatusAndCtrlC(t *testing.T) {
	failure := errors.New("not what was wanted")
	p := Start(t, func(env *cli.Env) error {
		signals, stop := env.Signals()
		defer stop()
		in, _ := io.ReadAll(env.Stdin)
		fmt.Fprintf(env.Stdout, "%s and %s", env.Args[0], in)
		<-signals
		return failure
	}, nil, strings.NewReader("input"), "argument")
	if !p.Stdout.Await(t, "argument and input") {
		t.Errorf("%q", &p.Stdout)
	}
	p.Interrupt()
	if err := p.Wait(); err != failure || p.Status != cli.ExitFailed {
		t.Errorf("%v, status %d", err, p.Status)
	}
	if !strings.Contains(p.Stderr.String(), failure.Error()) {
		t.Errorf("%q", &p.Stderr)
	}
}
