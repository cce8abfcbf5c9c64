package set

import "smoltls/tcp"

// sleeper puts sockets to sleep that have had no news for a while, so that a hundred thousand idle ones keep little
// more than their keys. Its work follows activity: a socket joins when it has news and leaves when it sleeps; with
// nobody awake there is no deadline.
type sleeper struct {
	after   tcp.Instant // a sweep's period; negative: never sweep
	at      tcp.Instant // next sweep, while entries is not empty
	entries []*tlsEntry
	now     tcp.Instant
}

// touch says that e has had news.
func (s *sleeper) touch(e *tlsEntry) {
	e.touched = true
	if s.after < 0 || e.awake {
		return
	}
	if len(s.entries) == 0 {
		s.at = s.now + s.after
	}
	e.awake = true
	s.entries = append(s.entries, e)
}

func (s *sleeper) deadline() tcp.Instant {
	if len(s.entries) == 0 {
		return tcp.Never
	}
	return s.at
}

// sweep puts to sleep whatever has had no news since the sweep before.
func (s *sleeper) sweep(now tcp.Instant) {
	s.now = now
	if len(s.entries) == 0 || now < s.at {
		return
	}
	s.at = now + s.after
	kept := s.entries[:0]
	for _, e := range s.entries {
		switch {
		case e.phase != phaseOpen:
			e.awake = false
		case e.touched || !e.tls.Sleep():
			e.touched = false
			kept = append(kept, e)
		default:
			e.awake = false
		}
	}
	clear(s.entries[len(kept):])
	s.entries = kept
}
