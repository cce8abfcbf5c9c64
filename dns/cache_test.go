package dns

import (
	"fmt"
	"testing"
	"time"
)

func TestTheCacheForgetsWhatWasNotAskedForTheLongest(t *testing.T) {
	var c cache
	c.init(3)
	now := epoch
	put := func(i int) { c.put(&kept{question: question{fmt.Sprint(i), A}, until: now.Add(time.Minute)}, now) }
	has := func(i int) bool { _, ok := c.get(question{fmt.Sprint(i), A}, now); return ok }
	put(1)
	put(2)
	put(3)
	if !has(1) {
		t.Fatal("1 is gone")
	}
	put(4)
	if has(2) || !has(1) || !has(3) || !has(4) {
		t.Error("not the one that was not asked for the longest")
	}
	put(4) // again
	if len(c.byName) != 3 || c.recent.Len() != 3 {
		t.Errorf("%d and %d", len(c.byName), c.recent.Len())
	}
	now = now.Add(time.Minute)
	if has(1) || has(3) || has(4) || len(c.byName) != 0 {
		t.Error("kept for too long")
	}
	c.init(-1)
	put(1)
	if has(1) {
		t.Error("there is no cache")
	}
}
