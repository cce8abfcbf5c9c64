package tlssock

// A server that does not take early data must pass over it, and may have no key to see what is padding in it: it is
// left to count records, and to give up when they are more than a ticket's max_early_data_size can explain (RFC 8446
// §4.2.10). So a client counts the records too, and a server expects as many.

// earlySlack is by how much records of early data, whole, may be longer in bytes than the content that a ticket allows:
// as much as OpenSSL passes over beyond it.
const earlySlack = 104

// earlyFree is up to where no more than that is added, in bytes: what servers allow by default. Those that allow more
// see records of many sizes.
const earlyFree = 16 << 10

// earlyBudget is the most bytes that the records of early data may have, for so many bytes of content.
func earlyBudget(content uint32) int64 {
	n := int64(content)
	return n + earlySlack + max(0, n-earlyFree)/16
}

// maxPassOver is the most that is passed over, whatever is promised, in bytes.
const maxPassOver = 1 << 30

// fillEarly takes what a server takes of early data, and what it passes over.
func (p *prepared) fillEarly(c *Config) {
	p.maxEarly = c.MaxEarlyData
	if p.promises = c.Limits.RejectedEarlyData <= 0; p.promises {
		p.limits.RejectedEarlyData = p.passesOver(p.maxEarly)
	}
}

// passesOver is how many bytes of records a server passes over as early data that it does not take, of a client whose
// ticket allows so much: that may have been more than the server takes by now.
func (p *prepared) passesOver(promised uint32) int {
	n := int64(p.limits.RejectedEarlyData)
	if p.promises {
		n = max(n, earlyBudget(promised))
	}
	return int(min(n, maxPassOver))
}

// earlyRoom is the most content that the next record of a client's early data may have, or all of them if it goes into
// one.
func (e *Engine) earlyRoom() int {
	o := &e.hs.client.earlyOut
	room := o.budget - int64(e.out.Overhead())
	if block := int64(e.prep.padding); block > 1 && room < int64(e.sendLimit()) {
		room -= room % block // what is beyond could not be padded
	}
	return int(max(0, min(room, int64(o.left))))
}
