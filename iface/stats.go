package iface

import "smoltls/tcp"

// DropReason says why a frame that arrived was not delivered, or one of ours not sent.
type DropReason uint8

// The reasons.
const (
	DropNone            DropReason = iota // delivered
	DropMalformed                         // cut off, or a length that is impossible
	DropNotForUs                          // another station's address
	DropUnknownProtocol                   // EtherType, IP protocol or ICMP type that we do not have
	DropIPChecksum                        // IPv4 header
	DropChecksum                          // TCP, ICMP, ICMPv6
	DropSource                            // a source address that nobody can have: multicast, broadcast, our own, unspecified
	DropFragmentOverlap                   // a fragment that overlaps with another, and all others of its datagram (RFC 5722)
	DropFragmentMemory                    // Limits.ReassemblyMemory, Limits.Fragments
	DropReassemblyTime                    // datagrams of which a fragment did not come in time
	DropExtensionHeader                   // an IPv6 extension header, or an option in one, that we do not know and may not skip; a first fragment without all of them; a source route of IPv4
	DropNoPort                            // nobody owns the segment; answered by RST within the limit
	DropListenerFull                      // a SYN that the listener's queues, or its owner, had no place for
	DropConnsFull                         // Limits.Conns
	DropHopLimit                          // NDP from beyond the link (RFC 4861 §7.1.1)
	DropARP                               // ARP that is not for us
	DropRateLimited                       // an answer that Limits forbade
	DropNoBuffer                          // the device took no frame
	DropNeighborsFull                     // Limits.Neighbors, all busy
	DropNoRoute                           // nowhere to send an answer
	DropNoNeighbor                        // a segment of ours whose next hop does not answer
	DropTooBig                            // a packet of ours that is longer than its way allows, and may not be fragmented
	DropLoopFull                          // Limits.LoopPackets
	DropQueueFull                         // the queue of the socket that a datagram was for
	DropVLAN                              // a frame of another VLAN than Config.VLAN
	DropFragmentedND                      // neighbour discovery in fragments (RFC 6980)
	DropAutoconfOff                       // a router advertisement or redirect without Config.Autoconf
	DropAutoconfFull                      // a router advertisement of which something had no place: Limits.Routers, Prefixes, LearnedRoutes, AutoAddrs, DNSServers
	DropBusy                              // an answer to a stranger, while connections wait for the device
	DropRedirect                          // a redirect by another than the router in use (RFC 4861 §8.1)
	numDropReasons
)

var dropNames = [numDropReasons]string{
	"delivered", "malformed", "not for us", "unknown protocol", "IP checksum", "checksum", "source address", "fragments overlap", "fragment memory", "reassembly time", "extension header", "no port",
	"listener full", "connections full", "hop limit", "ARP not for us", "rate limited", "no buffer", "neighbours full", "no route", "no neighbour",
	"too big", "loopback full", "queue full", "another VLAN",
	"fragmented neighbour discovery", "autoconfiguration is off", "autoconfiguration full", "device busy", "redirect by a stranger",
}

// String names the reason in a word or two.
func (r DropReason) String() string {
	if int(r) < len(dropNames) {
		return dropNames[r]
	}
	return "unknown reason"
}

// Stats counts what went through an interface.
type Stats struct {
	FramesIn, FramesOut uint64
	BytesIn, BytesOut   uint64                 // whole frames
	SupersIn, SupersOut uint64                 // of the frames, super-segments, which stand for many packets
	Delivered           uint64                 // frames that arrived and were taken
	Drops               [numDropReasons]uint64 // frames that arrived and were not, by reason
	OutDrops            [numDropReasons]uint64 // frames of ours that were not sent, by reason
	FragmentsPushedOut  uint64                 // datagrams of which not all had come, that gave way to later ones: Limits.Reassembling, Limits.ReassemblyMemory
	EchoReplies         uint64
	PathsNarrowed       uint64 // connections whose segments became shorter by an ICMP message
	BlackHoles          uint64 // times that segments became shorter because the longer ones vanished (RFC 4821 §7.7)
	PathsWidened        uint64 // probes of a longer packet that arrived
	Looped              uint64 // packets to ourselves
	AddrConflicts       uint64 // times that another station had, or claimed, an address of ours
	GroupQueries        uint64 // queries for multicast groups
	GroupReports        uint64 // reports of them sent
	RouterAdverts       uint64 // router advertisements taken
	Redirects           uint64 // redirects followed
	RoutersDead         uint64 // times that another router took the place of one that did not answer
	ICMPErrorsOut       uint64 // ICMP errors sent
	ICMPErrorsIn        uint64 // for connections of ours
	SocketVisits        uint64 // connections looked at by Egress: follows what happens, not what exists
	Conns               int    // connections now
	TCP                 tcp.Stats
}

// Stats gives the counters.
func (i *Interface) Stats() Stats {
	s := i.stats
	s.Conns = len(i.conns)
	s.TCP = i.env.Stats
	s.FragmentsPushedOut = i.reassembler.pushedOut
	return s
}
