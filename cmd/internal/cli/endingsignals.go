//go:build !js && !wasip1

package cli

import (
	"os"
	"syscall"
)

// endingSignals end a process to which nobody has said otherwise, and are neither Ctrl-C nor SIGTERM.
var endingSignals = []os.Signal{syscall.SIGHUP, syscall.SIGQUIT}
