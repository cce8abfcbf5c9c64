// Package tlssock is TLS 1.3 (RFC 8446), client and server, without input and output of its own.
//
// [Engine] is the protocol: records go in, records come out, and it does nothing in between. [Socket] is an Engine over
// a tcp.Socket. What the engines of one loop share, the present time among it, is in an [Env]; what they negotiate is
// in a [Config], whose names are those of crypto/tls.
//
// The handshake is a chain of states, each a type of its own in a file of its own that knows the messages it can take
// and nothing else. No goroutine, lock, clock or timer is used.
package tlssock
