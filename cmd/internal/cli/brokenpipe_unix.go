//go:build unix

package cli

import (
	"os/signal"
	"syscall"
)

// keepBrokenPipe makes a write to a pipe that nobody reads an error. By default the process would be gone without a
// word to its peer: there is no kernel that would close the connection in its place.
func keepBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }
