package tlssock

import (
	"reflect"
	"testing"
	"unsafe"
)

// What every connection keeps is counted: 144 is a size class of Go's allocator.
func TestFactsAreFew(t *testing.T) {
	if n := unsafe.Sizeof(facts{}); n > 144 {
		t.Errorf("%d bytes", n)
	}
	p := newPair(t)
	p.mustHandshake()
	if p.client.facts.rare != nil || p.server.facts.rare != nil {
		t.Error("an ordinary connection keeps rare facts")
	}
}

func TestRareFactsAreReadWhereThereAreNone(t *testing.T) {
	var none *facts
	if !reflect.ValueOf(none.rarely()).IsZero() || !reflect.ValueOf((&facts{}).rarely()).IsZero() {
		t.Error("something of nothing")
	}
	f := &facts{}
	f.note().ageSkew = 7
	c := f.clone()
	c.note().ageSkew++
	c.resumed = true
	if f.rarely().ageSkew != 7 || c.rarely().ageSkew != 8 || f.resumed || (&facts{}).clone().rare != nil {
		t.Error("a clone that is none")
	}
}
