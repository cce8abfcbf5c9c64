package tlssock

import (
	"fmt"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// fillAuthorities encodes the names of those whose certificates we would accept (RFC 8446 §4.2.4). A server that was
// given none names its ClientCAs, as that of crypto/tls does, or the roots in Trust, unless there are too many for the
// message, or pins too: who has a pinned certificate would think that another is wanted.
func (p *prepared) fillAuthorities(c *Config) (err error) {
	if p.authorities, err = wire.MakeAuthorities(c.CertificateAuthorities...); err != nil {
		return fmt.Errorf("CertificateAuthorities: %w", err)
	}
	p.clientCAs = p.authorities
	roots := c.ClientCAs
	if t := p.trust[x509lite.RoleClient]; t.Len() > 0 && t.Len() == t.Roots().Len() {
		roots = t.Roots()
	}
	if c.CertificateAuthorities == nil {
		p.clientCAs, _ = wire.MakeAuthorities(roots.Subjects()...)
	}
	return nil
}
