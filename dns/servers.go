package dns

import (
	"net/netip"
	"slices"
)

// SetServers makes servers those that are asked from now on, as [Config].Servers. What is under way goes on with them;
// what is in the cache stays. Errors: ErrConfig.
func (c *Client) SetServers(servers []netip.AddrPort) error {
	next := c.cfg
	next.Servers = slices.Clone(servers)
	if err := next.check(); err != nil {
		return err
	}
	c.cfg = next
	return nil
}
