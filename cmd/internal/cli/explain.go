package cli

import (
	"errors"
	"fmt"
	"net/netip"

	"smoltls/tlssock"
)

// Explain turns the failure of a connection with remote into one line: which check failed, and which alert was sent, or received, from
// whom.
func Explain(remote netip.AddrPort, err error) error {
	if err == nil {
		return nil
	}
	var alert *tlssock.AlertError
	if errors.As(err, &alert) {
		return fmt.Errorf("connection with %v: %w (alert %v)", remote, err, alert)
	}
	return fmt.Errorf("connection with %v: %w", remote, err)
}
