package set

import "testing"

func TestZeroHandleNamesNothing(t *testing.T) {
	var tab table[int]
	tab.max = 4
	if _, ok := tab.get(Handle{}); ok {
		t.Fatal("zero handle found something in an empty table")
	}
	v := 1
	h, _ := tab.insert(&v)
	if h.IsZero() {
		t.Fatal("a handle that was given out is zero")
	}
	if _, ok := tab.get(Handle{}); ok {
		t.Fatal("zero handle found something")
	}
	if _, ok := tab.get(Handle{index: 99, gen: 1}); ok {
		t.Fatal("a handle beyond the table found something")
	}
}

func TestRemovedHandleNeverComesBackToLife(t *testing.T) {
	var tab table[int]
	tab.max = 1
	v := 7
	old := make(map[Handle]bool)
	for range 1000 {
		h, ok := tab.insert(&v)
		if !ok {
			t.Fatal("no room after remove")
		}
		if old[h] {
			t.Fatalf("handle %v given out twice", h)
		}
		for o := range old {
			if _, ok := tab.get(o); ok {
				t.Fatalf("removed handle %v names something", o)
			}
		}
		if len(old) < 10 {
			old[h] = true
		}
		if _, ok := tab.remove(h); !ok {
			t.Fatal("remove refused a live handle")
		}
		if _, ok := tab.remove(h); ok {
			t.Fatal("removed twice")
		}
	}
	if len(tab.slots) != 1 {
		t.Fatalf("%d slots for one live entry", len(tab.slots))
	}
}

func TestTableHoldsNoMoreThanItsBound(t *testing.T) {
	var tab table[int]
	tab.max = 3
	v := 0
	var hs []Handle
	for range 3 {
		h, ok := tab.insert(&v)
		if !ok {
			t.Fatal("refused below the bound")
		}
		hs = append(hs, h)
	}
	if _, ok := tab.insert(&v); ok {
		t.Fatal("accepted above the bound")
	}
	tab.remove(hs[1])
	if _, ok := tab.insert(&v); !ok {
		t.Fatal("refused after a place became free")
	}
}

func TestGenerationsThatRunOutRetireTheirPlace(t *testing.T) {
	var tab table[int]
	tab.max = 1
	v := 0
	h, _ := tab.insert(&v)
	tab.slots[h.index].gen = ^uint32(0)
	h.gen = ^uint32(0)
	if _, ok := tab.remove(h); !ok || tab.len() != 0 {
		t.Fatalf("removed: %v, %d are left", ok, tab.len())
	}
	n, ok := tab.insert(&v)
	if !ok || tab.len() != 1 {
		t.Fatal("the bound shrank with a retired place")
	}
	if n.index == h.index {
		t.Fatal("a retired place was reused")
	}
	if _, ok := tab.insert(&v); ok {
		t.Fatal("accepted above the bound")
	}
}
