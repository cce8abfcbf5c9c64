package tlssock

import (
	"fmt"

	"smoltls/tlssock/internal/wire"
)

// fillAuthorities encodes the names of those whose certificates we would accept (RFC 8446 §4.2.4). A server that was given none names its ClientCAs, as that of
// crypto/tls does, unless there are too many for the message.
func (p *prepared) fillAuthorities(c *Config) (err error) {
	if p.authorities, err = wire.MakeAuthorities(c.CertificateAuthorities...); err != nil {
		return fmt.Errorf("CertificateAuthorities: %w", err)
	}
	p.clientCAs = p.authorities
	if c.CertificateAuthorities == nil {
		p.clientCAs, _ = wire.MakeAuthorities(c.ClientCAs.Subjects()...)
	}
	return nil
}
