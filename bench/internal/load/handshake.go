package load

// Handshake is how a TLS handshake begins: from nothing, with a session, or with a session and data before the answer.
type Handshake int

// The ways to begin. Each handshake ends with a byte from the server, after which the client has the server's ticket,
// if there is one.
const (
	Full    Handshake = iota // both ends show a certificate
	Resumed                  // by a ticket of the handshake before
	Early                    // the same, with a byte in the first flight
)

// Record is the content of TLS's largest record, in bytes.
const Record = 16 << 10
