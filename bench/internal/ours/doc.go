// Package ours is the work done by smoltls: one goroutine, one loop, a Poll for each end, sockets by handle and only
// those that are ready.
package ours
