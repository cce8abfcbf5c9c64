package tunserver

import (
	"errors"
	"io"

	"smoltls/tlssock"
)

// services are what -serve can name.
var services = map[string]func(*client) service{
	"echo":    func(*client) service { return &echo{} },
	"discard": func(*client) service { return &discard{} },
	"source":  func(*client) service { return &source{} },
	"http":    func(c *client) service { return &httpService{remote: c.remote} },
}

// blocked tells an error that only means "later" from one that ends the connection.
func blocked(err error) bool { return errors.Is(err, tlssock.ErrWouldBlock) }

// echo sends back what comes.
type echo struct{}

func (*echo) step(s *tlssock.Socket) bool {
	for {
		p, err := s.Peek()
		if err != nil {
			return !blocked(err) // the peer's end, or a failure; what was written goes out all the same
		}
		n, err := s.TryWrite(p)
		s.Discard(n)
		if err != nil {
			return !blocked(err)
		}
	}
}

// discard reads and forgets.
type discard struct{}

func (*discard) step(s *tlssock.Socket) bool {
	for {
		p, err := s.Peek()
		if err != nil {
			return !blocked(err)
		}
		s.Discard(len(p))
	}
}

// source sends a pattern without end, until the peer closes.
type source struct{ sent int64 }

func (so *source) step(s *tlssock.Socket) bool {
	if (&discard{}).step(s) {
		return true
	}
	for {
		n, err := s.TryWrite(pattern(so.sent))
		so.sent += int64(n)
		if err != nil {
			return !blocked(err)
		}
	}
}

// patternPeriod is after how many bytes the pattern begins anew; a prime, so that no power of two hides a slip.
const patternPeriod = 65521

var patternBytes = func() []byte {
	b := make([]byte, 2*patternPeriod)
	for i := range b {
		j := i % patternPeriod
		b[i] = byte(j ^ j>>8)
	}
	return b
}()

// pattern gives the bytes of the endless pattern from offset on, at least patternPeriod of them.
func pattern(offset int64) []byte { return patternBytes[offset%patternPeriod:] }

var _ io.Writer = (*outbox)(nil)

// outbox holds what a service has to say until the socket takes it.
type outbox struct{ b []byte }

// Write keeps p.
func (o *outbox) Write(p []byte) (int, error) {
	o.b = append(o.b, p...)
	return len(p), nil
}

// send gives the socket what it takes. A nil error: all of it.
func (o *outbox) send(s *tlssock.Socket) error {
	n, err := give(s, o.b)
	o.b = o.b[n:]
	return err
}
