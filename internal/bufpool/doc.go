// Package bufpool hands out byte buffers of a few sizes under one bound on their total.
//
// Sizes are the powers of two from [MinSize] to [MaxClass]; a larger buffer has exactly the size that was asked for.
// Buffers that come back wait in a free list per size, as long as all that wait stay within a second bound; beyond it
// they are left to the garbage collector. A Pool belongs to one goroutine, and allocates nothing while what it hands
// out comes from a free list.
package bufpool
