package tidy

import "strings"

// foreign are words that belong to one machine. They are put together here so that this file has none of them.
var foreign = []string{"/wo" + "rk/", "/tmp/" + "brief", "/ho" + "me/"}

// CheckText finds paths of a particular machine, in every file that people read.
func CheckText(m *Module) (found []Finding) {
	for _, t := range m.Texts {
		line := 0
		for text := range strings.Lines(t.Content) {
			line++
			for _, word := range foreign {
				if strings.Contains(text, word) {
					found = append(found, Finding{t.Path, line, word + " is a path of one machine"})
				}
			}
		}
	}
	return found
}
