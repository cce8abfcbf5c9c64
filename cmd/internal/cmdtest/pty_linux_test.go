package cmdtest

import (
	"os/exec"
	"strings"
	"testing"
)

func TestAProgramRunsOnAPTY(t *testing.T) {
	p := NewPTY(t, 40, 5)
	cmd := exec.Command("sh", "-c", `stty size; read line; echo "got $line"; stty raw; printf '\033[?1049h'`)
	p.Attach(cmd)
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	p.Await("the size", func(s string) bool { return strings.Contains(s, "5 40") })
	p.Press("a key\n")
	p.Await("the answer", func(s string) bool { return strings.Contains(s, "got a key") })
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	p.Await("the other screen", func(string) bool { return strings.Contains(p.Raw(), "1049h") })
	if p.Restored() {
		t.Error("a raw terminal is said to be as it was")
	}
}
