package tlssock

import (
	"fmt"

	"smoltls/tlssock/internal/wire"
)

// fillAuthorities encodes the names of those whose certificates we would accept (RFC 8446 §4.2.4).
func (p *prepared) fillAuthorities(names [][]byte) (err error) {
	if p.authorities, err = wire.MakeAuthorities(names...); err != nil {
		return fmt.Errorf("CertificateAuthorities: %w", err)
	}
	return nil
}
