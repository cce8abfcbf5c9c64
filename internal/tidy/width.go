package tidy

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// MaxComment is how wide a line of running text in a comment may be, in columns, with tabs of [tabWidth]: it fits
// beside another file.
const MaxComment = 120

const tabWidth = 4

// CheckWidth finds lines of comments that are wider, where the comment is all there is on the line. What is indented in
// it, as code is, or is compared with an example's output, stays as it is.
func CheckWidth(m *Module) (found []Finding) {
	for _, t := range m.Texts {
		if path.Ext(t.Path) != ".go" {
			continue
		}
		line, output := 0, false
		for text := range strings.Lines(t.Content) {
			line++
			text = strings.TrimRight(text, "\r\n")
			comment, ok := strings.CutPrefix(strings.TrimLeft(text, "\t"), "//")
			output = ok && (output || isOutput(comment))
			if n := columns(text); n > MaxComment && ok && !output && isRunningText(comment) {
				found = append(found, Finding{t.Path, line, fmt.Sprintf("the comment has %d columns, more than %d", n, MaxComment)})
			}
		}
	}
	return found
}

// columns is how wide a line is.
func columns(s string) int {
	return utf8.RuneCountInString(s) + (tabWidth-1)*strings.Count(s, "\t")
}

// isOutput reports whether what follows in a comment is compared with what an example prints.
func isOutput(comment string) bool {
	comment = strings.ToLower(strings.TrimSpace(comment))
	return strings.HasPrefix(comment, "output:") || strings.HasPrefix(comment, "unordered output:")
}

// isRunningText: neither a directive, which has no space, nor code, which has more.
func isRunningText(comment string) bool {
	text, ok := strings.CutPrefix(comment, " ")
	return ok && text == strings.TrimLeft(text, " \t")
}
