// Package ring holds the two byte queues of a TCP socket, over memory from a [bufpool.Pool] that is taken when there
// are bytes to hold and given back when there are none.
//
// [Recv] is an ordinary ring whose bytes may be written ahead of its end, where data that arrived out of order waits at
// its final place. [Send] never cuts a reservation in two: when the space before the memory's end is too short, the lap
// ends early and the reservation begins at the front.
package ring
