package tcp

import "fmt"

// State is where a connection stands (RFC 9293 §3.3.2).
//
//	          Open                            Connect
//	(LISTEN) ------> SYN-RECEIVED <--SYN-- SYN-SENT
//	                      | ACK of SYN        | SYN+ACK
//	                      v                   v
//	                      +--> ESTABLISHED <--+
//	    CloseWrite/Close |        | FIN
//	                     v        v
//	    ACK of FIN   FIN-WAIT-1  CLOSE-WAIT
//	    +----------------+  \ FIN   | CloseWrite/Close
//	    v                    v      v
//	FIN-WAIT-2 --FIN--+  CLOSING  LAST-ACK
//	                  v   | ACK     | ACK
//	               TIME-WAIT        v
//	                  +-- 2 MSL --> CLOSED
//
// A RST, Abort, a timeout and Fail lead to CLOSED from everywhere; Err then says why. LISTEN is a [Listener]'s, not a
// Socket's.
type State uint8

// The states of RFC 9293 §3.3.2.
const (
	StateClosed State = iota
	StateListen
	StateSynSent
	StateSynReceived
	StateEstablished
	StateFinWait1
	StateFinWait2
	StateCloseWait
	StateClosing
	StateLastAck
	StateTimeWait
)

var stateNames = [...]string{"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"}

// String gives the RFC's name.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// canSend: data may still be queued.
func (s State) canSend() bool { return s == StateEstablished || s == StateCloseWait }

// hasConnection: both SYNs have been exchanged and acknowledged.
func (s State) hasConnection() bool { return s >= StateEstablished }
