package iface

import "smoltls/tcp"

// Chores are what the interface does by itself from time to time, apart from resolving neighbours and giving up
// fragments: few, rare, and together under one deadline, so that they cost a poll one comparison.

// dueBy has chores run at `at` or before.
func (i *Interface) dueBy(at tcp.Instant) { i.choreAt = min(i.choreAt, at) }

// chores runs what is due.
func (i *Interface) chores() {
	if i.choreAt > i.now {
		return
	}
	i.choreAt = tcp.Never
	i.dueBy(i.replaceTemporaries()) // before those that are over go
	i.dueBy(i.ageAddrs())
	i.dueBy(i.testAddrs())
	i.dueBy(i.announceAddrs())
	i.dueBy(i.ageRouters())
	i.dueBy(i.ageDNS())
	i.dueBy(i.solicitRouters())
	i.dueBy(i.redrawReachable())
	i.dueBy(i.reportGroups())
	i.dueBy(i.probeRouters())
}
