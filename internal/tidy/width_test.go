package tidy

import (
	"strings"
	"testing"
)

func TestACommentIsNoWiderThanItMayBe(t *testing.T) {
	wide := strings.Repeat("ä", MaxComment-len("// "))
	for text, findings := range map[string]int{
		"// " + wide:                                0,
		"// " + wide + "x":                          1,
		"\t// " + wide[:len(wide)-2*tabWidth]:       0, // a letter has two bytes
		"\t// " + wide[:len(wide)-2*tabWidth] + "x": 1,
		"//\t" + wide:                               0, // code
		"//   " + wide:                              0,
		"// Output:\n// " + wide:                    0,
		"//go:generate " + wide:                     0,
		"const x = 1 // " + wide:                    0,
	} {
		for _, file := range []string{"phy/a.go", "phy/a_test.go"} {
			if found := CheckWidth(read(t, file, "package phy\n\n"+text+"\n")); len(found) != findings || findings > 0 && found[0].Line != 3 {
				t.Errorf("%.20q in %s: %v", text, file, found)
			}
		}
	}
	expect(t, CheckWidth(read(t, "phy/a.go", "package phy\n\n// "+wide+"x\n")), "phy/a.go:3: the comment has 121 columns, more than 120")
	expect(t, CheckWidth(read(t, "a.md", "// "+wide+"x\n")))
}
