package set

import "slices"

// minPruned is the length from which on a list is rid of what nobody waits for, before it grows.
const minPruned = 64

// prune rids a list that is about to grow of those that are over. Where they are few it makes room for as many again,
// so that it looks at each a few times at most, however long the list becomes.
func prune[E any](list []E, over func(E) bool) []E {
	if len(list) < minPruned || len(list) < cap(list) {
		return list
	}
	list = slices.DeleteFunc(list, over)
	if len(list) > cap(list)/2 {
		list = slices.Grow(list, len(list))
	}
	return list
}
