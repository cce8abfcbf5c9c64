package iface

import "testing"

func TestEveryDropReasonHasANameOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for r := range numDropReasons {
		if s := r.String(); s == "" || seen[s] {
			t.Errorf("reason %d: %q", r, s)
		} else {
			seen[s] = true
		}
	}
	if numDropReasons.String() != "unknown reason" {
		t.Error("a reason beyond the last has a name")
	}
}
