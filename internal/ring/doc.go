// Package ring holds the two byte queues of a TCP connection: [Recv], in which out-of-order data stands at its place before the gap in front
// of it closes, and [Send], in which a reservation is never cut by the end of the memory. Both take memory from a bufpool.Pool when the
// first byte comes, grow as bytes need it, and give it back when the last one has left.
package ring
