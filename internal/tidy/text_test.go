package tidy

import "testing"

func TestPathsOfOneMachineAreFoundInEveryText(t *testing.T) {
	for _, word := range foreign {
		for _, file := range []string{"README.md", "tcp/testdata/x.txt", ".ci/run", "bench/notes.md"} {
			expect(t, CheckText(read(t, file, "fine\nsee "+word+"x\n")), file+":2: "+word+" is a path of one machine")
		}
	}
	expect(t, CheckText(read(t, "README.md", "a network/interface, /tmp/server, homework\n")))
}
