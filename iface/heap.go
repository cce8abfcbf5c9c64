package iface

import "smoltls/tcp"

// deadlines is a 4-ary heap of connections by due time. A deadline that moves later is left where it stands and looked
// at again when it comes to the top; only one that moves earlier is put in order at once.
type deadlines struct{ h []*Conn }

const heapArity = 4

// next is the earliest due time, or [tcp.Never]. It may be too early, never too late; after settle it is exact.
func (d *deadlines) next() tcp.Instant {
	if len(d.h) == 0 {
		return tcp.Never
	}
	return d.h[0].due
}

// settle moves what stands at the top too early to its true place, so that next is exact.
func (d *deadlines) settle() {
	for len(d.h) > 0 {
		c := d.h[0]
		at := c.Deadline()
		if at <= c.due {
			return
		}
		d.later(at)
	}
}

// set makes sure that c comes to the top at `at` or before.
func (d *deadlines) set(c *Conn, at tcp.Instant) {
	switch {
	case c.heapAt < 0:
		if at == tcp.Never {
			return
		}
		c.due = at
		c.heapAt = int32(len(d.h))
		d.h = append(d.h, c)
		d.up(int(c.heapAt))
	case at < c.due:
		c.due = at
		d.up(int(c.heapAt))
	}
}

// later moves the top to its true time, or takes it out when that is never.
func (d *deadlines) later(at tcp.Instant) {
	c := d.h[0]
	if at == tcp.Never {
		d.remove(c)
		return
	}
	c.due = at
	d.down(0)
}

func (d *deadlines) remove(c *Conn) {
	i := int(c.heapAt)
	if i < 0 {
		return
	}
	last := len(d.h) - 1
	moved := d.h[last]
	d.h[last] = nil
	d.h = d.h[:last]
	c.heapAt = -1
	if moved != c {
		d.h[i] = moved
		moved.heapAt = int32(i)
		d.up(i)
		d.down(int(moved.heapAt))
	}
}

func (d *deadlines) up(i int) {
	c := d.h[i]
	for i > 0 {
		p := (i - 1) / heapArity
		if d.h[p].due <= c.due {
			break
		}
		d.h[i] = d.h[p]
		d.h[i].heapAt = int32(i)
		i = p
	}
	d.h[i] = c
	c.heapAt = int32(i)
}

func (d *deadlines) down(i int) {
	c := d.h[i]
	for {
		least := -1
		for k := heapArity*i + 1; k <= heapArity*i+heapArity && k < len(d.h); k++ {
			if least < 0 || d.h[k].due < d.h[least].due {
				least = k
			}
		}
		if least < 0 || c.due <= d.h[least].due {
			break
		}
		d.h[i] = d.h[least]
		d.h[i].heapAt = int32(i)
		i = least
	}
	d.h[i] = c
	c.heapAt = int32(i)
}
