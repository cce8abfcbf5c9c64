package tidy

import (
	"strings"
	"testing"
)

func function(head string, lines int) string {
	return head + " {\n" + strings.Repeat("\t_ = 0\n", lines) + "}\n"
}

func TestAFunctionFitsAScreen(t *testing.T) {
	for _, head := range []string{"func long()", "func (x T) long()"} {
		expect(t, CheckLength(read(t, "phy/a.go", "package phy\n"+function(head, MaxBody))))
		expect(t, CheckLength(read(t, "phy/a.go", "package phy\n"+function(head, MaxBody+1))), "phy/a.go:2: long has 71 lines, more than 70")
	}
	expect(t, CheckLength(read(t, "cmd/x/a.go", "package main\n"+function("var f = func()", MaxBody+1))), "cmd/x/a.go:2: function has 71 lines, more than 70")
}

func TestAFunctionInsideOfAnotherCountsOnce(t *testing.T) {
	code := "package phy\nfunc outer() {\n" + function("\tx := func()", MaxBody+1) + "}\n"
	expect(t, CheckLength(read(t, "phy/a.go", code)), "phy/a.go:2: outer has 73 lines, more than 70")
}

func TestTestsMayBeLongerAndNestedModulesAreNotAsked(t *testing.T) {
	long := "package phy\n" + function("func long()", MaxBody+1)
	expect(t, CheckLength(read(t, "phy/a_test.go", long, "bench/go.mod", "module bench", "bench/a.go", long)))
}
