package tidy

import (
	"cmp"
	"fmt"
	"slices"
)

// Finding is one place where a rule is broken.
type Finding struct {
	File string // slash-separated, below the module's root
	Line int    // from 1
	Text string // what is wrong, and what would be right
}

// String gives the finding in the form "file:line: text", which editors know.
func (f Finding) String() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text) }

// sortFindings brings findings into the order of files and lines.
func sortFindings(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}
