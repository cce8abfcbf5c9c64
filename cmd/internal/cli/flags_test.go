package cli

import (
	"errors"
	"flag"
	"io"
	"net/netip"
	"strings"
	"testing"
)

func parse(args ...string) (*Common, []string, error) {
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	c := &Common{}
	c.Register(fs)
	rest, err := Parse(fs, args)
	if err == nil {
		err = c.Check()
	}
	return c, rest, err
}

func TestFlagsMayStandBehindOperands(t *testing.T) {
	c, rest, err := parse("-tap", "tap0", "192.0.2.1:443", "-addr", "192.0.2.2/24", "-addr", "2001:db8::2/64", "-v")
	if err != nil {
		t.Fatal(err)
	}
	if len(rest) != 1 || rest[0] != "192.0.2.1:443" {
		t.Errorf("operands %q", rest)
	}
	if len(c.Addrs) != 2 || c.Addrs[1] != netip.MustParsePrefix("2001:db8::2/64") || !c.Verbose {
		t.Errorf("flags behind the operand were not taken: %+v", c)
	}
}

func TestFlagsThatCantGoTogetherAreUsageErrors(t *testing.T) {
	for _, c := range []struct{ args, says string }{
		{"-tap a -tun b -addr 192.0.2.2/24", "not both"},
		{"-cert a.pem", "go together"},
		{"-addr 192.0.2.2/24", "need a device"},
		{"-tun t0", "-addr"},
		{"-addr 192.0.2.2", "ADDRESS/BITS"},
		{"-gateway here", "IP address"},
		{"-drop-chance 2", "0 to 1"},
		{"-corrupt-chance NaN", "0 to 1"},
		{"-nonsense", "nonsense"},
	} {
		_, _, err := parse(strings.Fields(c.args)...)
		var usage *UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a usage error that says %q", c.args, err, c.says)
		}
	}
}

func TestHelpIsNoError(t *testing.T) {
	if _, _, err := parse("-h"); !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
}
