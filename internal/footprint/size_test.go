package main

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// The least program shall not grow unseen. What it weighs stands in docs/footprint.md.
func TestTheLeastProgramDoesNotGrowUnseen(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not there: ", err)
	}
	const most = 8_500_000 // linux/amd64
	target := "linux/amd64"
	if runtime.GOARCH != "amd64" {
		t.Skip("known for ", target)
	}
	n, err := Size(minimal, target)
	if err != nil {
		t.Fatal(err)
	}
	empty, err := Size(hello, target)
	if err != nil {
		t.Fatal(err)
	}
	if n > most || n < 2*empty {
		t.Errorf("%d bytes, of which %d are Go's; want at most %d", n, empty, most)
	}
}

func TestATargetThatIsNoneIsToldOf(t *testing.T) {
	if _, err := Size(minimal, "linux"); err == nil || !strings.Contains(err.Error(), "GOOS/GOARCH") {
		t.Errorf("%v", err)
	}
}
