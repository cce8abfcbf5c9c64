package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"smoltls/cmd/internal/cmdtest"
)

// A command with this variable has no privilege, whoever starts it.
const unprivileged = "WITHOUT_PRIVILEGE=1"

func init() {
	beforeCommand = func() {
		if os.Getenv("WITHOUT_PRIVILEGE") == "" {
			return
		}
		runtime.LockOSThread() // capabilities are a thread's, and the command does all of this in one
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		if err := unix.Capset(&header, &none[0]); err != nil {
			panic(err)
		}
	}
}

// mistake runs the command, and wants one line of it that ends it, with status and words.
func mistake(t *testing.T, status int, words string, args ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "BE_THE_COMMAND=1", unprivileged)
	said, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != status {
		t.Errorf("%q: %v, want status %d\n%s", args, err, status, said)
	}
	var lines []string
	for line := range strings.Lines(string(said)) {
		if !strings.HasPrefix(line, "identity ") {
			lines = append(lines, line)
		}
	}
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "tunserver: ") || !strings.Contains(lines[0], words) {
		t.Errorf("%q: want one line with %q:\n%s", args, words, said)
	}
}

// What a user gets wrong ends in one line, which says what to do.
func TestMistakesEndInOneLineThatSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return name
	}
	id, other := cmdtest.Named(t, "server"), cmdtest.Named(t, "server")
	key, err := os.ReadFile(id.Key)
	if err != nil {
		t.Fatal(err)
	}
	unreadable, junk := file("unreadable", string(key), 0), file("junk", "nothing of the kind", 0o600)
	encrypted := file("encrypted", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n", 0o600)
	locked := filepath.Join(dir, "locked")
	if err := os.Mkdir(locked, 0); err != nil {
		t.Fatal(err)
	}
	common := []string{"-tap", "smoltls9", "-addr", "192.0.2.2/24"}
	for _, c := range []struct {
		status int
		words  string
		args   []string
	}{
		{1, "run as root or with CAP_NET_ADMIN", []string{"-cert", id.Cert, "-key", id.Key}},
		{1, "belong together", []string{"-cert", id.Cert, "-key", other.Key}},
		{1, "let this user", []string{"-cert", id.Cert, "-key", unreadable}},
		{1, "openssl pkey", []string{"-cert", id.Cert, "-key", encrypted}},
		{1, "BEGIN PRIVATE KEY", []string{"-cert", id.Cert, "-key", junk}},
		{1, "BEGIN CERTIFICATE", []string{"-cert", junk, "-key", id.Key}},
		{1, "-key takes", []string{"-cert", id.Cert, "-key", id.Cert}},
		{1, "no such file", []string{"-cert", filepath.Join(dir, "none"), "-key", id.Key}},
		{1, "let this user", []string{"-state", filepath.Join(locked, "below")}},
		{2, "-cert and -key go together", []string{"-cert", id.Cert}},
		{2, "one of the -addr addresses", []string{"-cert", id.Cert, "-key", id.Key, "-listen", "192.0.2.9:443"}},
		{2, "ADDRESS/BITS", []string{"-addr", "192.0.2.3"}},
	} {
		mistake(t, c.status, c.words, append(common, c.args...)...)
	}
}
