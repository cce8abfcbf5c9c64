package cli

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"net/netip"
	"strings"
	"testing"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

// TestOffloadIsAskedForUnlessTheUserForbidsIt, and what came of it is told.
func TestOffloadIsAskedForUnlessTheUserForbidsIt(t *testing.T) {
	nstest.OffloadTAP(t)
	ns := nstest.NewNetNS(t)
	for _, args := range [][]string{{}, {"-offload=false"}} {
		var c Common
		fs := flag.NewFlagSet("x", flag.ContinueOnError)
		c.Register(fs)
		if _, err := Parse(fs, "", append(args, "-tap", "tap0", "-v"), io.Discard); err != nil {
			t.Fatal(err)
		}
		err := ns.Do(func() error {
			var told bytes.Buffer
			dev, err := OpenDevice(&c, &told)
			if err != nil {
				return err
			}
			defer dev.Close()
			granted, asked := dev.(phy.Offloader).Offload() != 0, len(args) == 0
			if granted != asked || strings.Contains(told.String(), "without offload") == asked {
				t.Errorf("%v: granted %v; %s", args, granted, told.String())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestALinkThatIsDownIsSaid(t *testing.T) {
	for _, host := range [][]netip.Prefix{nil, {netip.MustParsePrefix("192.0.2.1/24")}} {
		_, ns := nstest.TAP(t, host...)
		var err error
		if failed := ns.Do(func() error {
			err = (&Common{TAP: "tap0"}).LinkUp()
			return nil
		}); failed != nil {
			t.Fatal(failed)
		}
		if up := host != nil; up != (err == nil) || !up && !errors.Is(err, phy.ErrLinkDown) {
			t.Errorf("with %v: %v", host, err)
		}
	}
	if err := (&Common{TAP: "no-such-device"}).LinkUp(); err != nil {
		t.Error(err)
	}
}
