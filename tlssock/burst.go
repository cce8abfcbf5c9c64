package tlssock

import "smoltls/tlssock/internal/suite"

// A record can be opened when the last byte of it is there. The first ones of a burst, sent before TCP's window has
// opened or after it has closed again (RFC 5681 §4.1), are therefore short: one segment, two, three and so on up to a
// record's full size. So the first flight of ten segments (RFC 6928) is four whole records, of which the reader has
// each as soon as it has come, and from some 100 KiB on nothing is different.
//
// burst is where a socket stands in that. It fills two bytes that an idle socket has to spare.
type burst struct {
	steps uint8 // taken
	at    uint8 // when something was written last, in seconds: enough to tell one from another, as Sleep ends a burst too
}

// burstSteps is how many records may get longer, one by a segment than the other, before they are as long as they get.
const burstSteps = 1 + suite.MaxPlaintext/1024

// leastBurst is the least content of a record that is kept short, in bytes, whatever the segments are.
const leastBurst = 512

// burstLimit is the most content that the next record should have, where want is how much there is.
func (s *Socket) burstLimit(want int) int {
	most := s.eng.MaxPlaintext()
	if s.eng.cfg.DynamicRecordSizingDisabled {
		return most
	}
	if now := uint8(s.eng.env.Now.Unix()); now-s.burst.at > 1 { // a second at least
		s.burst = burst{at: now}
	} else {
		s.burst.at = now
	}
	if s.burst.steps >= burstSteps || want <= leastBurst {
		return most
	}
	return min(most, int(s.burst.steps+1)*max(s.eng.tcp.Info().MSS-s.eng.Overhead(), leastBurst))
}

// burstGrows notes a record with n bytes of content of the limit that there was: little messages are no burst, however
// many there are.
func (s *Socket) burstGrows(n, limit int) {
	if n >= limit/2 && s.burst.steps < burstSteps {
		s.burst.steps++
	}
}
