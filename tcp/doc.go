// Package tcp is the Transmission Control Protocol (RFC 9293) as a state machine: segments in, segments out, `now` as
// an argument. It knows no IP header, no device and no clock.
//
// A [Socket] is one connection. Its host, usually an interface, hands it what arrived ([Socket.Process]), asks it for
// what is to be sent ([Socket.Emit]) and tells it when its earliest timer is due ([Socket.Deadline], [Socket.Expire]).
// Its application reads and writes without ever blocking ([Socket.TryRead], [Socket.Peek], [Socket.TryWrite],
// [Socket.AvailableBuffer]); what was written leaves when the host next asks. A [Listener] bounds the connections that
// were not accepted yet.
//
// Everything that belongs to one [Env] belongs to one goroutine.
package tcp
