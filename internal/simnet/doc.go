// Package simnet is a network in memory on a virtual clock, for tests: any number of stations, on links and Ethernets
// with delay, rate, queues, loss, duplication, reordering and corruption. Everything that happens follows from one
// seed, so a run that fails is replayed by its seed.
//
// A [World] owns the clock. It asks every [Node] when it wants to be polled, moves the clock to the earliest time, and
// polls; nothing waits for real time. On the way it holds what DESIGN asks of whatever is driven by PollAt: no node
// names the past, none asks to be polled without end while nothing happens, and none is silent while work is left
// ([ErrPast], [ErrSpin], [ErrStuck], [ErrLate]).
//
// The network is made of [Port]s, which are phy.Devices: two ports joined by [World.Link], or any number on a [Switch].
// What happens to the frames of each direction is a [Path].
//
// A [Station] is the whole stack of this module on a port: an interface, its socket sets, and endpoints that follow a
// [Script]. A [Flow] is a connection with a script at each end; both check every byte they receive, by its offset.
package simnet
