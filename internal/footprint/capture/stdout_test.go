package capture

import (
	"os"
	"strings"
	"testing"
)

func TestWhatIsWrittenComesBackHoweverLongItIs(t *testing.T) {
	stdout := os.Stdout
	long := strings.Repeat("more than a pipe holds ", 10_000)
	if said := Stdout(t, func() { os.Stdout.WriteString(long) }); said != long {
		t.Errorf("%d of %d bytes", len(said), len(long))
	}
	if os.Stdout != stdout {
		t.Error("standard output is another one afterwards")
	}
}
