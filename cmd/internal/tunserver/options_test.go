package tunserver

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

func TestACommandThatHasMoreFlagsAndAGuard(t *testing.T) {
	var url string
	var help strings.Builder
	failure := errors.New("not a URL")
	guard := &slowGuard{asked: make(chan struct{}, 1), closed: make(chan struct{})}
	o := Options{
		Name:  "tunserver-more",
		Flags: func(fs *flag.FlagSet) { fs.StringVar(&url, "more", "", "the guard's `URL`") },
		Guard: func(log io.Writer) (Guard, error) {
			switch url {
			case "":
				return nil, nil
			case "bad":
				return nil, failure
			}
			return guard, nil
		},
	}
	run := func(args ...string) error {
		return o.Run(&cli.Env{Args: args, Stdout: &help, Stderr: io.Discard})
	}
	if err := run("-h"); err != flag.ErrHelp || !strings.Contains(help.String(), "usage: tunserver-more -tap") || !strings.Contains(help.String(), "-more URL") {
		t.Errorf("%v: %s", err, &help)
	}
	device := []string{"-tap", "t", "-addr", "192.0.2.1/24", "-state", t.TempDir()}
	if err := run(append(device, "-more", "bad")...); err != failure {
		t.Error(err)
	}
	var usage *cli.UsageError
	if err := run(append(device, "-more", "good")...); !errors.As(err, &usage) || !strings.Contains(err.Error(), "-early-data") {
		t.Error(err)
	}
	<-guard.closed // what was opened for nothing

	cfg := &tlssock.Config{MaxEarlyData: 1}
	url = ""
	if stop, err := o.guard(cfg, io.Discard); err != nil || cfg.ReplayGuard != nil {
		t.Errorf("%v, %v", cfg.ReplayGuard, err)
	} else {
		stop()
	}
}
