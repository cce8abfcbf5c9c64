// Package set holds sockets by handle and advances them: a [TCPSocketSet] of plain TCP sockets, a [TLSSocketSet] of TLS
// 1.3 sockets, and [Poll], the one call that moves a whole program's connections forward.
//
// A program owns its loop:
//
//	for {
//		now := time.Now()
//		set.Poll(now, ifc, nil, tlsSockets)
//		for h := range tlsSockets.Ready() {
//			s, ok := tlsSockets.Get(h)
//			...
//		}
//		dev.Wait(set.PollAt(now, ifc, nil, tlsSockets))
//	}
//
// Nothing in this package blocks, starts a goroutine, or reads a clock. One set and everything in it belongs to one
// goroutine.
package set
