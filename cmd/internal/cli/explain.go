package cli

import (
	"fmt"
	"net/netip"
)

// Explain turns the failure of a connection with remote into one line. The errors of tlssock and x509lite say which check failed and which alert was
// sent, or came from the peer; what is added is who the peer is.
func Explain(remote netip.AddrPort, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("connection with %v: %w", remote, err)
}
