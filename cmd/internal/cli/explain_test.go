package cli

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"smoltls/tlssock"
)

func TestExplainNamesThePeerOnceAndKeepsTheCause(t *testing.T) {
	remote := netip.MustParseAddrPort("192.0.2.1:443")
	if Explain(remote, nil) != nil {
		t.Error("nothing failed")
	}
	cause := &tlssock.AlertError{Alert: tlssock.AlertUnknownCA, FromPeer: true}
	err := Explain(remote, cause)
	if !errors.Is(err, error(cause)) || strings.Count(err.Error(), "unknown_ca") != 1 || !strings.Contains(err.Error(), remote.String()) {
		t.Errorf("%q", err)
	}
}
