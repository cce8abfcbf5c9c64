package main

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// beforeCommand is what some system's tests want to happen in the command's process first.
var beforeCommand = func() {}

// TestMain makes the test's program the command, where a test asks for that.
func TestMain(m *testing.M) {
	if os.Getenv("BE_THE_COMMAND") != "" {
		beforeCommand()
		main()
	}
	os.Exit(m.Run())
}

func TestTheProcessEndsWithTheStatusItPromises(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Skip(err) // nowhere that programs can be started
	}
	for args, want := range map[string]struct {
		status int
		says   string
	}{
		"-h":           {0, "-listen"},
		"":             {2, "tunserver: a server needs a device"},
		"-tap t -wrap": {2, "tunserver: flag provided but not defined: -wrap"},
	} {
		cmd := exec.Command(self, strings.Fields(args)...)
		cmd.Env = append(os.Environ(), "BE_THE_COMMAND=1")
		said, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if status := cmd.ProcessState.ExitCode(); status != want.status || !strings.Contains(string(said), want.says) {
			t.Errorf("%q: status %d, %s", args, status, said)
		}
	}
}
