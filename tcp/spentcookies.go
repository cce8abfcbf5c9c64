package tcp

// maxSpentCookies bounds how many cookies of one [cookieUnit] are remembered as spent. Only handshakes that were
// completed count, so an attacker with forged addresses never gets here; beyond the bound a cookie can be spent twice.
const maxSpentCookies = 1 << 14

// spentCookies makes a cookie good for one connection: a segment that the network delivers again after that has closed
// must not open another, and give its application the first data a second time. The zero value is ready to use, and
// takes no memory until a cookie is spent.
type spentCookies struct {
	unit      uint64 // that now counts
	now, last map[uint64]struct{}
}

// of gives the set of those that were made in unit. As cookies live for no more than two units, two are remembered.
func (c *spentCookies) of(unit uint64) *map[uint64]struct{} {
	if unit > c.unit {
		c.last, c.now = c.now, nil
		if unit > c.unit+1 {
			c.last = nil
		}
		c.unit = unit
	}
	if unit < c.unit {
		return &c.last
	}
	return &c.now
}

// has reports whether a cookie that was made in unit is spent.
func (c *spentCookies) has(unit, key uint64) bool {
	_, ok := (*c.of(unit))[key]
	return ok
}

// add spends one.
func (c *spentCookies) add(unit, key uint64) {
	set := c.of(unit)
	if *set == nil {
		*set = make(map[uint64]struct{})
	}
	if len(*set) < maxSpentCookies {
		(*set)[key] = struct{}{}
	}
}
