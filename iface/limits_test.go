package iface

import "testing"

func TestZeroLimitsAreTheDefaults(t *testing.T) {
	want := Limits{
		Conns: DefaultConns, Orphans: DefaultOrphans, Neighbors: DefaultNeighbors, Resolving: DefaultResolving, ICMPPerSecond: DefaultICMPPerSecond,
		ResetsPerSecond: DefaultResetsPerSecond, Reassembling: DefaultReassembling, ReassemblyMemory: DefaultReassemblyMemory, Fragments: DefaultFragments,
		HeldBytes: DefaultHeldBytes, LoopPackets: DefaultLoopPackets, Paths: DefaultPaths, Routers: DefaultRouters, Prefixes: DefaultPrefixes, AutoAddrs: DefaultAutoAddrs, LearnedRoutes: DefaultLearnedRoutes, Redirects: DefaultRedirects, Groups: DefaultGroups, DNSServers: DefaultDNSServers,
	}
	if got := (Limits{}).withDefaults(); got != want {
		t.Errorf("%+v", got)
	}
	odd := Limits{Conns: 1, Orphans: 2, Neighbors: 3, Resolving: 4, ICMPPerSecond: 5, ResetsPerSecond: 6, Reassembling: 7, ReassemblyMemory: 8, Fragments: 9, BufferMemory: 10, HeldBytes: 11, LoopPackets: 12, Paths: 13,
		Routers: 14, Prefixes: 15, AutoAddrs: 16, Redirects: 17, Groups: 18, LearnedRoutes: 19, DNSServers: 20}
	if got := odd.withDefaults(); got != odd {
		t.Errorf("%+v", got)
	}
}
