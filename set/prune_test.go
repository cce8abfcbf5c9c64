package set

import "testing"

func TestAListIsRidOfWhatIsOverBeforeItGrows(t *testing.T) {
	even := func(v int) bool { return v%2 == 0 }
	short := []int{1, 2}
	if got := prune(short[:2:2], even); len(got) != 2 {
		t.Errorf("a short list: %v", got)
	}
	list := make([]int, minPruned, minPruned+1)
	if got := prune(list, even); len(got) != minPruned {
		t.Error("there was room for one more")
	}
	if got := prune(list[:minPruned:minPruned], even); len(got) != 0 || cap(got) != minPruned {
		t.Errorf("%d of them left, with room for %d", len(got), cap(got))
	}
	for i := range list {
		list[i] = 2*i + 1
	}
	list[7] = 2
	if got := prune(list[:minPruned:minPruned], even); len(got) != minPruned-1 || got[7] != list[7] || list[7] != 17 || cap(got) < 2*len(got) {
		t.Errorf("%d of them left, with room for %d", len(got), cap(got))
	}
}
