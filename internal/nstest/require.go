package nstest

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// RequireVariable is the environment variable that names what must be present.
const RequireVariable = "SMOLTLS_REQUIRE"

// AloneVariable is the environment variable that, when it is not empty, makes every peer missing: for machines, and
// emulators of machines, that are to show what they can do by themselves.
const AloneVariable = "SMOLTLS_ALONE"

// alone ends the test by Missing where peers are not wanted.
func alone(t testing.TB, what string) {
	t.Helper()
	if os.Getenv(AloneVariable) != "" {
		Missing(t, what, AloneVariable+" is set")
	}
}

// Missing ends the test because what is absent: it skips, or fails when SMOLTLS_REQUIRE names it.
func Missing(t testing.TB, what, reason string) {
	t.Helper()
	if required(os.Getenv(RequireVariable), what) {
		t.Fatalf("%s is required by %s and missing: %s", what, RequireVariable, reason)
	}
	t.Skipf("%s is missing: %s", what, reason)
}

func required(list, what string) bool {
	for name := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(name) == what {
			return true
		}
	}
	return false
}

// Program returns the path of a program, or ends the test by Missing.
func Program(t testing.TB, name string) string {
	t.Helper()
	alone(t, name)
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name, err.Error())
	}
	return path
}
