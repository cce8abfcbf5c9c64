package iface

import (
	"net/netip"
	"time"

	"smoltls/tcp"
)

// neighbor is a station on the link: who it is and where. It is resolved by ARP or NDP when a connection needs it. The
// states of RFC 4861 §7.3.2 are: incomplete, while it is not known; reachable, until it expires; stale after that;
// delay, when it is delayed; probe, when it is known and asked for.
type neighbor struct {
	addr     netip.Addr
	mac      [6]byte
	known    bool        // mac is good
	solicits uint8       // requests sent in this round
	rounds   uint8       // that ended without an answer, since the last one
	askedAt  tcp.Instant // of the last one
	expires  tcp.Instant // the answer is believed until then; after it mac is used, and who uses it has it probed
	probeAt  tcp.Instant // when it is asked for, if it is delayed
	asking   bool        // stands in neighborCache.asking
	wanted   bool        // stands in neighborCache.wanted
	delayed  bool        // stands in neighborCache.delayed
	gone     bool        // no longer in the cache: connections look it up anew
	used     tcp.Instant // when a connection of ours last sent to it; zero: never
	waiting  connList    // connections that can't send without it
	held     *held       // packets that wait for it; nil: none
}

// neighborCache is bounded; what is asked for stands in a list of its own, so that time passing costs nothing
// otherwise.
type neighborCache struct {
	m       map[netip.Addr]*neighbor
	max     int
	asking  []*neighbor // at most Limits.Resolving
	wanted  []*neighbor // would be asked for, but for that bound; first come, first served
	delayed []*neighbor // are in use though nobody has confirmed them for long; in the order in which they are probed
	nd      ndTimes     // of IPv6's: routers may say others
}

// ndTimes is how long an answer is believed, and how long one is waited for (RFC 4861 §6.3.2).
type ndTimes struct{ reachable, retrans time.Duration }

// times gives those of nb.
func (n *neighborCache) times(nb *neighbor) ndTimes {
	if nb.addr.Is4() {
		return ndTimes{reachableTime, retransTimer}
	}
	return n.nd
}

func (n *neighborCache) init(limit int) {
	n.m = make(map[netip.Addr]*neighbor)
	n.max = limit
	n.nd = ndTimes{reachableTime, retransTimer}
}

// next is when a request must be repeated or given up, or a probe sent.
func (n *neighborCache) next() tcp.Instant {
	at := tcp.Never
	for _, nb := range n.asking {
		at = min(at, nb.askedAt.Add(n.times(nb).retrans))
	}
	if len(n.delayed) > 0 {
		at = min(at, n.delayed[0].probeAt)
	}
	return at
}

// get gives the entry for addr, making one if there is room or one that can go; nil when there is not.
func (n *neighborCache) get(addr netip.Addr) *neighbor {
	if nb := n.m[addr]; nb != nil {
		return nb
	}
	if len(n.m) >= n.max && !n.evict() {
		return nil
	}
	nb := &neighbor{addr: addr}
	n.m[addr] = nb
	return nb
}

// evict drops, of a few entries at random, the one that has not been used for longest: what strangers tell of
// themselves goes first, and can't push out whom we talk to. Nobody waits for it, and it is not being asked for.
func (n *neighborCache) evict() bool {
	const samples = 8
	var victim *neighbor
	seen := 0
	for _, nb := range n.m { // Go's maps begin at random
		if !nb.asking && !nb.wanted && nb.waiting.head == nil && nb.held == nil && (victim == nil || nb.used < victim.used || nb.used == victim.used && nb.expires < victim.expires) {
			victim = nb
		}
		if seen++; seen >= samples && victim != nil {
			break
		}
	}
	if victim == nil {
		return false
	}
	n.undelay(victim)
	victim.known, victim.gone = false, true
	delete(n.m, victim.addr)
	return true
}

// neighborFor gives the neighbour that c's packets go to, known or not; nil, and why, when the cache is full or there
// is no route.
func (i *Interface) neighborFor(c *Conn) (*neighbor, DropReason) {
	nb := c.hop
	if nb == nil || nb.gone {
		hop, ok := i.nextHop(c.tuple.remoteAddr().Addr())
		if !ok {
			return nil, DropNoRoute
		}
		if nb = i.neighbors.get(hop); nb == nil {
			return nil, DropNeighborsFull
		}
		c.hop = nb
	}
	nb.used = i.now
	return nb, DropNone
}

// reach makes sure that nb is asked for if it is not known, or probed in a while if it has not been heard of for long.
// It reports whether packets can go out now.
func (i *Interface) reach(nb *neighbor) bool {
	if nb.known && i.now < nb.expires {
		return true
	}
	switch {
	case nb.asking || nb.wanted || nb.delayed:
	case nb.known:
		i.delay(nb)
	default:
		i.request(nb)
	}
	return nb.known
}

// request asks for nb as soon as there is a place among those that are asked for.
func (i *Interface) request(nb *neighbor) {
	if len(i.neighbors.asking) < i.limits.Resolving {
		i.ask(nb)
		return
	}
	nb.wanted = true
	i.neighbors.wanted = append(i.neighbors.wanted, nb)
}

// ask begins to ask for nb.
func (i *Interface) ask(nb *neighbor) {
	nb.asking, nb.solicits = true, 0
	i.neighbors.asking = append(i.neighbors.asking, nb)
	i.solicit(nb)
}

// askWanted begins to ask for those that had to wait, as far as there are places.
func (i *Interface) askWanted() {
	n := &i.neighbors
	for len(n.wanted) > 0 && len(n.asking) < i.limits.Resolving {
		nb := n.wanted[0]
		n.wanted[0] = nil
		if n.wanted = n.wanted[1:]; len(n.wanted) == 0 {
			n.wanted = nil
		}
		nb.wanted = false
		if (nb.waiting.head != nil || nb.held != nil || nb.known && nb.expires <= i.now) && !nb.asking {
			i.ask(nb)
		}
	}
}

// solicit asks for nb once: everybody who could be it, or the station itself when it is known and the question is
// whether it is still there (RFC 4861 §7.3.3, RFC 1122 §2.3.2.1).
func (i *Interface) solicit(nb *neighbor) {
	nb.solicits++
	nb.askedAt = i.now
	var at *[6]byte
	if nb.known {
		at = &nb.mac
	}
	if nb.addr.Is4() {
		i.sendARPRequest(nb.addr, at)
	} else {
		i.sendNeighborSolicitation(nb.addr, at)
	}
}

// learned takes an answer, and wakes whoever waited.
func (i *Interface) learned(nb *neighbor, mac [6]byte) {
	nb.mac, nb.known, nb.rounds = mac, true, 0
	nb.expires = i.now.Add(i.neighbors.times(nb).reachable)
	i.settled(nb)
	i.hopAnswers(nb.addr)
}

// settled ends the asking for nb, which is known now.
func (i *Interface) settled(nb *neighbor) {
	if nb.asking {
		nb.asking = false
		i.neighbors.forgetAsking(nb)
		i.askWanted()
	}
	i.unpark(nb)
	i.release(nb)
}

func (i *Interface) unpark(nb *neighbor) {
	for c := nb.waiting.pop(); c != nil; c = nb.waiting.pop() {
		c.flags &^= connParked
		c.Wake()
	}
}

func (n *neighborCache) forgetAsking(nb *neighbor) {
	for k, a := range n.asking {
		if a == nb {
			last := len(n.asking) - 1
			n.asking[k] = n.asking[last]
			n.asking[last] = nil
			n.asking = n.asking[:last]
			return
		}
	}
}

// neighborTimers probes whose delay is over, repeats requests, and ends a round that nobody has answered.
func (i *Interface) neighborTimers() {
	i.probeDelayed()
	for k := 0; k < len(i.neighbors.asking); k++ {
		nb := i.neighbors.asking[k]
		if nb.askedAt.Add(i.neighbors.times(nb).retrans) > i.now {
			continue
		}
		if nb.solicits < maxSolicits {
			i.solicit(nb)
			continue
		}
		k--
		i.silent(nb)
	}
	i.askWanted()
}

// silent ends a round of requests that nb has not answered.
func (i *Interface) silent(nb *neighbor) {
	nb.asking, nb.known = false, false
	nb.rounds++
	i.neighbors.forgetAsking(nb)
	i.giveUp(nb)
	for c := nb.waiting.pop(); c != nil; c = nb.waiting.pop() {
		c.flags &^= connParked
		i.unreached(c, nb)
	}
	i.hopFailed(nb.addr)
}

// unreached: the round that c waited for is over. What it wanted to send counts as lost, so that its own timers go on,
// with their patience; one that we began to open hears after a few rounds that nobody is there.
func (i *Interface) unreached(c *Conn, nb *neighbor) {
	if c.State() == tcp.StateSynSent && nb.rounds >= maxRounds {
		c.Fail(tcp.ErrUnreachable)
	}
	i.lose(c, DropNoNeighbor)
	if c.State() == tcp.StateClosed {
		i.detach(c) // even if it is awake: nothing of it can leave
		return
	}
	i.schedule(c)
}

// lose lets c send into nothing.
func (i *Interface) lose(c *Conn, why DropReason) {
	for range segmentsATurn {
		if c.Emit(i.now, i.nowhere(), c.pseudo) == 0 {
			return
		}
		i.stats.OutDrops[why]++
	}
}
