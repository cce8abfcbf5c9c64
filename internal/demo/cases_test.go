package demo

import (
	"io"
	"testing"
)

func TestEveryBadCaseFailsAsItMust(t *testing.T) {
	ids := testIdentities(t)
	seen := map[string]bool{}
	for _, c := range cases {
		if seen[c.name] {
			t.Errorf("%q twice", c.name)
		}
		seen[c.name] = true
		if err := c.run(ids, io.Discard); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, must := range []string{"wrong server pin", "wrong client pin", "no client certificate", "server expired", "server not yet valid", "wrong name", "tampered server signature"} {
		if !seen[must] {
			t.Errorf("%q is missing", must)
		}
	}
}
