package iface

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"smoltls/tcp"
)

// Membership in multicast groups, as MLDv2 (RFC 3810) and IGMPv3 (RFC 3376) report it, and to older queriers MLDv1 (RFC
// 2710) and IGMPv2 (RFC 2236): whoever listens to a group listens to all its senders. The messages are in mld.go and
// igmp.go; when they are sent is decided here, for both alike.
const (
	robustness         = 2                 // RFC 3810 §9.1, RFC 3376 §8.1: how often a change is reported
	changeInterval     = time.Second       // RFC 3810 §9.11, RFC 3376 §8.11: within which it is reported again
	changeIntervalOld  = 10 * time.Second  // RFC 2710 §7.10, RFC 2236 §8.10
	queryInterval      = 125 * time.Second // RFC 3810 §9.2: what queriers do if nobody changes it
	recordsAReport     = 60                // as many as fit the least MTU
	recordIsExclude    = 2                 // RFC 3810 §5.2.12, RFC 3376 §4.2.12: we listen to all but the sources listed, which are none
	recordToInclude    = 3                 // we listen to the sources listed, which are none, from now on
	recordToExclude    = 4
	family4, family6   = 0, 1
	scopeNode          = 1 // RFC 4291 §2.7: a group that stays within a station
	optRouterAlertIPv4 = 0x94
)

// ErrGroupsFull: there are as many multicast groups as may be (Limits.Groups).
var ErrGroupsFull = errors.New("iface: too many multicast groups")

var (
	allNodes   = netip.MustParseAddr("ff02::1")
	allSystems = netip.MustParseAddr("224.0.0.1")
)

// group is a multicast group that somebody here listens to, or listened to until now.
type group struct {
	addr     netip.Addr
	users    int         // who listen: sockets, and addresses of ours that have it for their solicited-node group
	changes  int         // times that the last change is still to be reported
	answerAt tcp.Instant // when a query for it is answered; Never: there was none
}

// members is what we owe the queriers of one family.
type members struct {
	changeAt tcp.Instant // when changes are reported; Never: there are none
	answerAt tcp.Instant // when a query for all groups is answered
	olderTo  tcp.Instant // until then there is a querier that knows the older messages only (RFC 3810 §8.2.1, RFC 3376 §7.2.1)
}

func (m *members) init() { *m = members{changeAt: tcp.Never, answerAt: tcp.Never} }

func familyOf(a netip.Addr) int {
	if a.Is4() {
		return family4
	}
	return family6
}

// listensTo: somebody here listens to the group dst, or everybody does; or it is one of IPv4's broadcast addresses.
func (i *Interface) listensTo(dst netip.Addr) bool {
	if dst == allNodes || dst == allSystems || !dst.IsMulticast() {
		return true
	}
	g := i.groups[dst]
	return g != nil && g.users > 0
}

// joinGroup adds one who listens to the group a. announce: queriers are told without having asked.
func (i *Interface) joinGroup(a netip.Addr, announce bool) {
	g := i.groups[a]
	if g == nil {
		if i.groups == nil {
			i.groups = make(map[netip.Addr]*group)
		}
		g = &group{addr: a, answerAt: tcp.Never}
		i.groups[a] = g
	}
	if g.users++; g.users == 1 && announce {
		i.groupChanged(g)
	}
}

// leaveGroup takes one away.
func (i *Interface) leaveGroup(a netip.Addr, announce bool) {
	g := i.groups[a]
	if g == nil || g.users == 0 {
		return
	}
	if g.users--; g.users > 0 {
		return
	}
	g.answerAt = tcp.Never
	if !announce || !reported(a) {
		delete(i.groups, a)
		return
	}
	i.groupChanged(g)
}

// reported: groups to which all stations listen, and those that stay within one, are reported never (RFC 3810 §6, RFC
// 3376 §5).
func reported(a netip.Addr) bool {
	return a != allNodes && a != allSystems && !(a.Is6() && scopeOf(a) <= scopeNode)
}

func (i *Interface) groupChanged(g *group) {
	if !reported(g.addr) {
		return
	}
	g.changes = robustness
	i.members[familyOf(g.addr)].changeAt = i.now
	i.dueBy(i.now)
}

// reportGroups reports changes and answers queries for which it is time. It gives when next.
func (i *Interface) reportGroups() tcp.Instant {
	next := tcp.Never
	for f := range i.members {
		m := &i.members[f]
		if m.changeAt <= i.now {
			i.reportChanges(f)
		}
		if m.answerAt <= i.now {
			m.answerAt = i.reportAll(f)
		}
		next = min(next, m.changeAt, m.answerAt)
	}
	for _, g := range i.groupsWhere(func(g *group) bool { return g.answerAt <= i.now }) {
		g.answerAt = i.reportSome(familyOf(g.addr), []record{{recordIsExclude, g.addr}})
	}
	for _, g := range i.groups {
		next = min(next, g.answerAt)
	}
	return next
}

// groupsWhere gives some groups, in the order of their addresses.
func (i *Interface) groupsWhere(f func(*group) bool) (gs []*group) {
	for _, g := range i.groups {
		if f(g) {
			gs = append(gs, g)
		}
	}
	slices.SortFunc(gs, func(a, b *group) int { return a.addr.Compare(b.addr) })
	return gs
}

// heardOf: somebody listens to g, of family f, and queriers are to know it.
func (g *group) heardOf(f int) bool { return g.users > 0 && familyOf(g.addr) == f && reported(g.addr) }

// announceAgain reports all groups of IPv6 anew: what was sent while we had no address counts for little (RFC 3590 §4).
func (i *Interface) announceAgain() {
	for _, g := range i.groupsWhere(func(g *group) bool { return g.heardOf(family6) }) {
		i.groupChanged(g)
	}
}

// record is what a report says of one group.
type record struct {
	kind byte
	addr netip.Addr
}

// reportSome sends a report. It gives when it is to be tried again because the device had no room, or Never.
func (i *Interface) reportSome(f int, rs []record) tcp.Instant {
	sent := false
	switch older := i.now < i.members[f].olderTo; {
	case f == family6 && older:
		sent = i.sendMLDv1(rs[0])
	case f == family6:
		sent = i.sendMLDv2(rs)
	case older:
		sent = i.sendIGMPv2(rs[0])
	default:
		sent = i.sendIGMPv3(rs)
	}
	if !sent {
		return i.now.Add(busyDevice)
	}
	i.stats.GroupReports++
	return tcp.Never
}

// reportAll sends reports of all groups of a family that somebody listens to.
func (i *Interface) reportAll(f int) tcp.Instant {
	var rs []record
	for _, g := range i.groupsWhere(func(g *group) bool { return g.heardOf(f) }) {
		rs = append(rs, record{recordIsExclude, g.addr})
	}
	for some := range slices.Chunk(rs, recordsAReport) {
		if at := i.reportSome(f, some); at != tcp.Never {
			return at
		}
	}
	return tcp.Never
}

// reportChanges reports what has changed, and, robustly, once more later (RFC 3810 §6.1, RFC 3376 §5.1).
func (i *Interface) reportChanges(f int) {
	m := &i.members[f]
	older := i.now < m.olderTo
	var rs []record
	for _, g := range i.groupsWhere(func(g *group) bool { return g.changes > 0 && familyOf(g.addr) == f }) {
		if g.users > 0 {
			rs = append(rs, record{recordToExclude, g.addr})
		} else {
			rs = append(rs, record{recordToInclude, g.addr})
		}
	}
	size, wait := recordsAReport, changeInterval
	if older {
		size, wait = 1, changeIntervalOld
	}
	m.changeAt = tcp.Never
	for some := range slices.Chunk(rs, size) {
		if at := i.reportSome(f, some); at != tcp.Never {
			m.changeAt = at
			return
		}
		for _, r := range some {
			if i.changeReported(r, older) {
				m.changeAt = i.now.Add(1 + i.randomDelay(wait))
			}
		}
	}
}

// changeReported notes that it was. more: it is to be reported again.
func (i *Interface) changeReported(r record, older bool) (more bool) {
	g := i.groups[r.addr]
	g.changes--
	if g.users == 0 && older {
		g.changes = 0 // a farewell is said once (RFC 2710 §4, RFC 2236 §6)
	}
	if g.users == 0 && g.changes == 0 {
		delete(i.groups, r.addr)
	}
	return g.changes > 0
}

// query is what a querier asks.
type query struct {
	group netip.Addr    // unspecified: all of them
	most  time.Duration // to wait at most before the answer
	older bool          // in the older form
}

// receiveQuery answers a query after a random delay, unless an answer that says it all is under way (RFC 3810 §6.2, RFC
// 3376 §5.2). Queries for some sources of a group are answered with the group's whole state.
func (i *Interface) receiveQuery(f int, q query) DropReason {
	m := &i.members[f]
	i.stats.GroupQueries++
	if was := i.now < m.olderTo; q.older {
		m.olderTo = i.now.Add(robustness*queryInterval + q.most)
		if !was {
			i.forgetReports(f)
		}
	}
	at := i.now.Add(1 + i.randomDelay(max(q.most, 1)))
	switch {
	case !q.group.IsUnspecified():
		g := i.groups[q.group]
		if g == nil || g.users == 0 || !reported(q.group) {
			return DropNotForUs
		}
		g.answerIn(i, m, at)
	case i.now < m.olderTo: // each group by itself
		for _, g := range i.groupsWhere(func(g *group) bool { return g.heardOf(f) }) {
			g.answerIn(i, m, i.now.Add(1+i.randomDelay(max(q.most, 1))))
		}
	default:
		m.answerAt = min(m.answerAt, at)
		i.dueBy(m.answerAt)
	}
	return DropNone
}

func (g *group) answerIn(i *Interface, m *members, at tcp.Instant) {
	if m.answerAt > at {
		g.answerAt = min(g.answerAt, at)
		i.dueBy(g.answerAt)
	}
}

// forgetReports: the way of reporting has changed, and what was to be sent is not (RFC 3810 §8.2.1, RFC 3376 §7.2.1).
func (i *Interface) forgetReports(f int) {
	i.members[f].changeAt, i.members[f].answerAt = tcp.Never, tcp.Never
	for a, g := range i.groups {
		if familyOf(a) != f {
			continue
		}
		if g.changes, g.answerAt = 0, tcp.Never; g.users == 0 {
			delete(i.groups, a)
		}
	}
}

// heardReport: another station has reported a group in the older form, and that is enough (RFC 2710 §4, RFC 2236 §3).
func (i *Interface) heardReport(f int, a netip.Addr) DropReason {
	g := i.groups[a]
	if g == nil || i.now >= i.members[f].olderTo {
		return DropNotForUs
	}
	g.answerAt = tcp.Never
	if g.users > 0 {
		g.changes = 0
	}
	return DropNone
}

// JoinGroup makes s hear what is sent to a multicast group, by whomever. Joining twice does nothing. Errors:
// [ErrClosed], [ErrAddress] (no group, or not of a family that s is bound to), [ErrGroupsFull].
func (s *UDPSocket) JoinGroup(a netip.Addr) error {
	a = plain(a)
	i := s.ifc
	switch {
	case i == nil:
		return ErrClosed
	case !a.IsMulticast(), !s.local.Addr().IsUnspecified(), s.local.Addr().Is4() && !a.Is4():
		return fmt.Errorf("%w: group %v on a socket bound to %v", ErrAddress, a, s.local)
	case slices.Contains(s.groups, a):
		return nil
	case i.groups[a] == nil && len(i.groups) >= i.limits.Groups:
		return fmt.Errorf("%w (limit %d)", ErrGroupsFull, i.limits.Groups)
	}
	s.groups = append(s.groups, a)
	i.joinGroup(a, true)
	return nil
}

// LeaveGroup undoes JoinGroup. Leaving a group that s is not in does nothing.
func (s *UDPSocket) LeaveGroup(a netip.Addr) {
	a = plain(a)
	if k := slices.Index(s.groups, a); k >= 0 && s.ifc != nil {
		s.groups = slices.Delete(s.groups, k, k+1)
		s.ifc.leaveGroup(a, true)
	}
}

// hears reports whether what was sent to the group a is for s.
func (s *UDPSocket) hears(a netip.Addr) bool {
	return a == allNodes || a == allSystems || slices.Contains(s.groups, a)
}

// announces: the groups of our own addresses are reported to queriers that have not asked. Without autoconfiguration
// and tests of addresses an interface is silent until it is asked.
func (i *Interface) announces() bool { return i.autoconf || i.dadTransmits > 0 }

// joinNode makes us listen to the solicited-node group of a (RFC 4291 §2.8), and leaveNode no longer.
func (i *Interface) joinNode(a *address) {
	if a.addr().Is6() && !a.joined {
		a.joined = true
		i.joinGroup(solicitedNode(a.addr()), i.announces())
	}
}

func (i *Interface) leaveNode(a *address) {
	if a.joined {
		a.joined = false
		i.leaveGroup(solicitedNode(a.addr()), i.announces())
	}
}
