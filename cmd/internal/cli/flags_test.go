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
	return parseTo(io.Discard, args...)
}

func parseTo(stdout io.Writer, args ...string) (*Common, []string, error) {
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	c := &Common{}
	c.Register(fs)
	rest, err := Parse(fs, "usage: test\n", args, stdout)
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
		{"-addr 192.0.2.0/24", "such as 192.0.2.1/24"},
		{"-host 2001:db8::/64", "such as 2001:db8::1/64"},
		{"-addr 224.0.0.1/24", "no station"},
		{"-addr ::/0", "no station"},
		{"-tap t -addr 192.0.2.2/24 -host 192.0.2.2/24", "two ends"},
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

func TestAddressesOfTheSmallestNetworksAreTaken(t *testing.T) {
	c, _, err := parse(strings.Fields("-tun t -addr 192.0.2.0/31 -addr 192.0.2.8/32 -addr 2001:db8::/127 -host 192.0.2.1/31")...)
	if err != nil || len(c.Addrs) != 3 || len(c.Hosts) != 1 || !c.IsOurs(netip.MustParseAddr("192.0.2.8")) || c.IsOurs(netip.MustParseAddr("192.0.2.1")) {
		t.Errorf("%+v %v", c, err)
	}
}

func TestHelpGoesToStandardOutputAndIsNoError(t *testing.T) {
	var out strings.Builder
	_, _, err := parseTo(&out, "-tap", "t", "-h")
	if !errors.Is(err, flag.ErrHelp) || !strings.HasPrefix(out.String(), "usage: test\n") || !strings.Contains(out.String(), "-drop-chance P") {
		t.Fatalf("%v %q", err, out.String())
	}
}

func TestFilesMayBeGivenSeveralTimes(t *testing.T) {
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	var files []string
	Files(fs, &files, "pin", "a `FILE`")
	if _, err := Parse(fs, "", []string{"-pin", "a", "-pin", "b"}, io.Discard); err != nil || len(files) != 2 || files[1] != "b" {
		t.Errorf("%q %v", files, err)
	}
}
