package phy

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func TestConfigureHostRefusesWhatIsNoPrefix(t *testing.T) {
	for _, p := range []netip.Prefix{{}, netip.MustParsePrefix("::ffff:10.0.0.1/104")} {
		err := ConfigureHost("lo", p)
		var he *HostError
		if !errors.As(err, &he) || he.Name != "lo" || !strings.Contains(err.Error(), "invalid prefix") {
			t.Errorf("%v: %v", p, err)
		}
	}
}
