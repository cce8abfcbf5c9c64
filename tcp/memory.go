package tcp

import "time"

// memoryRetry is how long a writer whom the pool refused waits until it is told to try again.
const memoryRetry = 20 * time.Millisecond

// armMemoryRetry starts that wait. It shares the timer of delayed ACKs.
func (s *Socket) armMemoryRetry(now Instant) { s.ackAt = min(s.ackAt, now.Add(memoryRetry)) }

// wantWrite notes that the application waits for room. When it is the pool that refused, no ACK may ever come that
// makes some: the next Emit starts a timer then.
func (s *Socket) wantWrite(refused bool) {
	s.flags |= flagWantWrite
	if refused {
		s.env.Stats.WriteNoMemory++
		s.flags |= flagWantMemory
		s.host.Wake()
	}
}
