package dns

import (
	"net/netip"
	"strings"
)

// special answers for names about which no server is to be asked, and reports whether q is for one: this station, by
// its loopback address (RFC 6761 §6.3), those that never exist (§6.4), and those of Tor, which would tell servers whom
// somebody looks for (RFC 7686 §2).
func (q *Query) special() bool {
	labels := strings.Split(strings.TrimSuffix(q.question.name, "."), ".")
	switch labels[len(labels)-1] {
	case "localhost":
		addr := netip.IPv6Loopback()
		if q.typ == A {
			addr = netip.AddrFrom4([4]byte{127, 0, 0, 1})
		}
		q.finish(Answer{Addrs: []netip.Addr{addr}, Canonical: q.question.name, TTL: q.c.cfg.MaxTTL}, nil)
	case "invalid", "onion":
		q.finish(Answer{}, ErrNotFound)
	default:
		return false
	}
	return true
}
