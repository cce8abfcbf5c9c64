package cli

import (
	"errors"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"

	"smoltls/phy"
)

// asCommand names the variable that makes this test's program behave as a command that ends with the error in it.
const asCommand = "SMOLTLS_TEST_COMMAND"

func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv(asCommand); ok {
		Main("command", func(env *Env) error {
			if env.Stdin == nil || env.Stdout == nil || env.Open == nil || len(env.Args) != 1 {
				return errors.New("not the process's environment")
			}
			if _, err := env.Stdout.Write([]byte("output\n")); err != nil {
				return err
			}
			return Usagef("%s %s", env.Args[0], text)
		})
	}
	if os.Getenv(AsTable) != "" {
		Main("command", beATable)
	}
	os.Exit(m.Run())
}

func command(t *testing.T, stdout io.Writer) (stderr string, status int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.Command(self, "argument")
	cmd.Env = append(os.Environ(), asCommand+"=is wrong")
	var errs strings.Builder
	cmd.Stdout, cmd.Stderr = stdout, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Skip("a process can't start another here: ", err)
	}
	return errs.String(), cmd.ProcessState.ExitCode()
}

func TestMainRunsInTheProcessAndExitsWithItsStatus(t *testing.T) {
	var out strings.Builder
	if said, status := command(t, &out); status != ExitUsage || !strings.HasPrefix(said, "command: argument is wrong") || out.String() != "output\n" {
		t.Errorf("status %d, %q, %q", status, said, out.String())
	}
}

func TestBrokenPipeIsAnErrorAndNotTheEnd(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip(err)
	}
	defer w.Close()
	r.Close()
	if said, status := command(t, w); status != ExitFailed || !strings.Contains(said, "pipe") {
		t.Errorf("status %d, %q: the process did not live to tell", status, said)
	}
}

func TestOpenTakesTheEnvironmentsDevice(t *testing.T) {
	c := &Common{TAP: "t", Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	st, err := c.Open(&Env{Open: func(asked *Common, _ io.Writer) (phy.Device, error) { return dev, nil }})
	if err != nil || st.Dev != phy.Device(dev) {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.Open(&Env{Open: func(*Common, io.Writer) (phy.Device, error) { return nil, phy.ErrDeviceBusy }}); !errors.Is(err, phy.ErrDeviceBusy) {
		t.Errorf("%v", err)
	}
}
