package iface

import (
	"time"

	"smoltls/phy"
)

// Limits bounds what an interface holds and how fast it answers strangers. A zero field is its default.
type Limits struct {
	Conns            int // connections, in whatever state, that the demultiplexer knows; default [DefaultConns]
	Orphans          int // connections that go on in the background after Release; beyond it the oldest is reset; default [DefaultOrphans]
	Neighbors        int // entries of the neighbour cache; default [DefaultNeighbors]
	Resolving        int // of these, entries being resolved at once; default [DefaultResolving]
	ICMPPerSecond    int // ICMP errors and echo replies sent, on average; default [DefaultICMPPerSecond] (RFC 4443 §2.4 (f))
	ResetsPerSecond  int // RSTs for segments that nobody owns, on average; default [DefaultResetsPerSecond]
	Reassembling     int // datagrams of which fragments have come; beyond it the oldest is given up; default [DefaultReassembling]
	Routers          int // default routers that advertise themselves, and that are noted of a network; default [DefaultRouters]
	Prefixes         int // networks that routers say are on the link; default [DefaultPrefixes]
	LearnedRoutes    int // networks that routers say are behind them, the rest of the world aside; default [DefaultLearnedRoutes]
	DNSServers       int // DNS servers that routers tell of, and as many domains; default [DefaultDNSServers]
	AutoAddrs        int // addresses formed in networks that routers advertise; default [DefaultAutoAddrs]
	Groups           int // multicast groups, those of our own addresses included, beyond which no socket joins another; default [DefaultGroups]
	Redirects        int // addresses for which a router has told a better hop; beyond it another is forgotten; default [DefaultRedirects]
	Paths            int // addresses of which a path MTU is remembered; beyond it another is forgotten; default [DefaultPaths]
	HeldBytes        int // bytes of datagrams that wait for one neighbour; beyond it the oldest packet is dropped; default [DefaultHeldBytes]
	LoopPackets      int // packets to ourselves that wait for the next Ingress; default [DefaultLoopPackets]
	ReassemblyMemory int // bytes of memory for all fragments held; likewise; default [DefaultReassemblyMemory]
	Fragments        int // of one datagram; default [DefaultFragments]
	BufferMemory     int // bytes in all send and receive queues together; default bufpool's, 256 MiB
}

// Defaults of [Limits].
const (
	DefaultConns           = 1 << 20
	DefaultOrphans         = 1 << 16
	DefaultNeighbors       = 1024
	DefaultResolving       = 256
	DefaultICMPPerSecond   = 1000
	DefaultResetsPerSecond = 1000

	DefaultRouters          = 16
	DefaultPrefixes         = 32
	DefaultLearnedRoutes    = 32
	DefaultDNSServers       = 8
	DefaultAutoAddrs        = 16
	DefaultGroups           = 256
	DefaultRedirects        = 256
	DefaultReassembling     = 256
	DefaultPaths            = 1024
	DefaultHeldBytes        = 128 << 10
	DefaultLoopPackets      = 256
	DefaultReassemblyMemory = 1 << 20
	DefaultFragments        = 256
)

// Times of neighbour resolution (RFC 4861 §10; ARP is treated alike).
const (
	reachableTime  = 30 * time.Second // an answer is believed for so long
	retransTimer   = time.Second      // between requests for one neighbour (RFC 1122 §2.3.2.1: one a second at most)
	maxSolicits    = 3                // requests in a round (RFC 4861 §10, MAX_MULTICAST_SOLICIT)
	maxRounds      = 3                // without an answer before connecting fails: on a link that loses a fifth of all frames one round often does
	reassemblyTime = 60 * time.Second // RFC 1122 §3.3.2, RFC 8200 §4.5
	segmentsATurn  = 64               // that a connection may send before the next one's turn
	ephemeralFirst = phy.FirstEphemeralPort
	ephemeralCount = 65536 - ephemeralFirst
)

func (l Limits) withDefaults() Limits {
	for _, f := range []struct {
		v   *int
		def int
	}{
		{&l.Conns, DefaultConns}, {&l.Orphans, DefaultOrphans}, {&l.Neighbors, DefaultNeighbors}, {&l.Resolving, DefaultResolving},
		{&l.ICMPPerSecond, DefaultICMPPerSecond}, {&l.ResetsPerSecond, DefaultResetsPerSecond},
		{&l.Reassembling, DefaultReassembling}, {&l.ReassemblyMemory, DefaultReassemblyMemory}, {&l.Fragments, DefaultFragments},
		{&l.HeldBytes, DefaultHeldBytes}, {&l.LoopPackets, DefaultLoopPackets}, {&l.Paths, DefaultPaths},
		{&l.Routers, DefaultRouters}, {&l.Prefixes, DefaultPrefixes}, {&l.AutoAddrs, DefaultAutoAddrs}, {&l.DNSServers, DefaultDNSServers}, {&l.LearnedRoutes, DefaultLearnedRoutes}, {&l.Redirects, DefaultRedirects}, {&l.Groups, DefaultGroups},
	} {
		if *f.v <= 0 {
			*f.v = f.def
		}
	}
	return l
}
