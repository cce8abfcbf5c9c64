package dns

import (
	"container/list"
	"time"
)

// question is what an answer is kept under.
type question struct {
	name string // in lower case, with the last dot
	typ  Type
}

// kept is an answer in the cache.
type kept struct {
	question
	answer Answer // its TTL is not looked at
	err    error  // ErrNotFound or ErrNoData in its place
	until  time.Time
}

// cache keeps answers; when it is full the one goes that was asked for least recently.
type cache struct {
	max    int
	byName map[question]*list.Element
	recent list.List // of *kept, the most recent first
}

func (c *cache) init(max int) { c.max, c.byName = max, make(map[question]*list.Element) }

// get gives an answer that still holds.
func (c *cache) get(q question, now time.Time) (*kept, bool) {
	e := c.byName[q]
	if e == nil {
		return nil, false
	}
	k := e.Value.(*kept)
	if !now.Before(k.until) {
		c.drop(e)
		return nil, false
	}
	c.recent.MoveToFront(e)
	return k, true
}

// put keeps k.
func (c *cache) put(k *kept, now time.Time) {
	if c.max <= 0 || !now.Before(k.until) {
		return
	}
	if old := c.byName[k.question]; old != nil {
		c.drop(old)
	}
	for len(c.byName) >= c.max {
		c.drop(c.recent.Back())
	}
	c.byName[k.question] = c.recent.PushFront(k)
}

func (c *cache) drop(e *list.Element) {
	delete(c.byName, e.Value.(*kept).question)
	c.recent.Remove(e)
}
