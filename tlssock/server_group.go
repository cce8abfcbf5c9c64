package tlssock

import (
	"crypto/tls"
	"errors"
	"slices"

	"smoltls/tlssock/internal/wire"
)

// chooseGroup sets the group, the first of our preference that the client supports, and gives the client's share of it,
// if it sent one. Among groups that we like as much as each other it is the first of the client's.
func (h *serverHandshake) chooseGroup(msg *wire.ClientHello) (share []byte, err error) {
	h.group = 0
	best := msg.SupportedGroups.Len()
	for i, g := range h.prep.groups {
		mine, twice := msg.KeyShares.Find(g)
		at := indexOf(msg.SupportedGroups, g)
		if twice || (mine != nil && at < 0) { // RFC 8446 §4.2.8
			return nil, faultf(AlertIllegalParameter, "key share of group %#04x twice, or not among supported_groups", g)
		}
		if at >= 0 && at < best {
			best, h.group, share = at, g, mine
		}
		if h.group != 0 && !h.prep.equal[i] { // the groups after it are liked less
			return share, nil
		}
	}
	return nil, fault(AlertHandshakeFailure, ErrNoCommonGroup)
}

// indexOf gives the place of v in the list, -1 if it has none.
func indexOf(list wire.Uint16s, v uint16) int {
	for i := range list.Len() {
		if list.At(i) == v {
			return i
		}
	}
	return -1
}

// fillEqualGroups notes which groups are liked as much as the one that follows them.
func (p *prepared) fillEqualGroups(ids []tls.CurveID) error {
	p.equal = make([]bool, len(p.groups))
	for _, id := range ids {
		i := slices.Index(p.groups, uint16(id))
		if i < 0 || i == len(p.groups)-1 {
			return errors.New("EqualCurves: " + id.String() + " is followed by none in CurvePreferences")
		}
		p.equal[i] = true
	}
	return nil
}
