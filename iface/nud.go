package iface

import (
	"net/netip"
	"slices"
	"time"

	"smoltls/tcp"
)

// Neighbour unreachability detection (RFC 4861 §7.3): who is in use and has not been heard of for long is probed, and
// forgotten if it does not answer. ARP's neighbours are treated alike.

// delayFirstProbe is how long a neighbour that is in use again has to be heard of before it is probed (RFC 4861 §10,
// DELAY_FIRST_PROBE_TIME).
const delayFirstProbe = 5 * time.Second

// delay has nb, which is stale and in use, probed in a while.
func (i *Interface) delay(nb *neighbor) {
	nb.delayed, nb.probeAt = true, i.now.Add(delayFirstProbe)
	i.neighbors.delayed = append(i.neighbors.delayed, nb)
}

// undelay takes nb from the list of those to be probed.
func (n *neighborCache) undelay(nb *neighbor) {
	if nb.delayed {
		nb.delayed = false
		n.delayed = slices.DeleteFunc(n.delayed, func(other *neighbor) bool { return other == nb })
	}
}

// probeDelayed probes those whose delay is over and who have not been heard of meanwhile.
func (i *Interface) probeDelayed() {
	n := &i.neighbors
	due := 0
	for due < len(n.delayed) && n.delayed[due].probeAt <= i.now {
		nb := n.delayed[due]
		due++
		nb.delayed = false
		if nb.expires <= i.now && !nb.asking && !nb.wanted {
			i.request(nb)
		}
	}
	n.delayed = slices.Delete(n.delayed, 0, due)
}

// doubtEvery is how often a neighbour is probed because of what connections complain of.
const doubtEvery = 5 * time.Second

// Doubt implements [tcp.HopHost]: the neighbour that takes c's packets is probed now, however lately it was heard of
// (RFC 1122 §2.3.2.1). Where it was learnt wrongly nobody answers, and everybody is asked; a router that has gone
// leaves its place to another.
func (c *Conn) Doubt() {
	i, nb := c.ifc, c.hop
	if nb == nil || nb.gone || !nb.known || nb.asking || nb.wanted || nb.solicits > 0 && nb.askedAt.Add(doubtEvery) > i.now {
		return
	}
	nb.expires = min(nb.expires, i.now)
	i.neighbors.undelay(nb)
	i.request(nb)
}

// forwardAfter is how long after its delay has begun a neighbour can be confirmed by what is acknowledged: that was
// sent when it was stale already.
const forwardAfter = time.Second

// process gives c a segment. One that acknowledges data shows that packets reach the peer, which spares the neighbour
// that takes them the probe (RFC 4861 §7.3.1).
func (i *Interface) process(c *Conn, seg *tcp.Segment) {
	if len(i.neighbors.delayed) == 0 {
		c.Process(i.now, seg)
		return
	}
	before := c.WriteBuffered()
	c.Process(i.now, seg)
	if nb := c.hop; c.WriteBuffered() < before && c.State() != tcp.StateClosed && nb != nil && nb.delayed && !nb.gone && i.now >= nb.probeAt.Add(forwardAfter-delayFirstProbe) {
		i.neighbors.undelay(nb)
		nb.expires = i.now.Add(i.neighbors.times(nb).reachable)
	}
}

// heard takes what nb, or somebody in its name, says of itself without having been asked (RFC 4861 §7.2.3): it is where
// packets for it go, but that they arrive there is not proved.
func (i *Interface) heard(nb *neighbor, mac [6]byte) {
	if nb.known && nb.mac == mac {
		return
	}
	nb.mac, nb.known, nb.rounds, nb.expires = mac, true, 0, i.now
	i.neighbors.undelay(nb)
	i.settled(nb)
}

// reroute makes everybody look up anew where its packets go: the routes have changed. Each entry is replaced by its
// like, and what it was is marked as gone, which connections notice when they next send.
func (i *Interface) reroute() {
	n := &i.neighbors
	for a, nb := range n.m {
		fresh := *nb
		nb.gone, nb.waiting, nb.held = true, connList{}, nil
		n.m[a] = &fresh
	}
	for _, list := range [][]*neighbor{n.asking, n.wanted, n.delayed} {
		for k, nb := range list {
			list[k] = n.m[nb.addr]
		}
	}
	for _, nb := range n.m {
		i.unpark(nb)
	}
}

// rerouteFrom does so for those whose packets go to hop.
func (i *Interface) rerouteFrom(hop netip.Addr) {
	n := &i.neighbors
	nb := n.m[hop]
	if nb == nil {
		return
	}
	fresh := *nb
	nb.gone, nb.waiting, nb.held = true, connList{}, nil
	n.m[hop] = &fresh
	for _, list := range [][]*neighbor{n.asking, n.wanted, n.delayed} {
		if k := slices.Index(list, nb); k >= 0 {
			list[k] = &fresh
		}
	}
	i.unpark(&fresh)
}
