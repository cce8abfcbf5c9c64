//go:build !unix

package cli

// keepBrokenPipe does nothing: a write to a pipe that nobody reads is an error on these systems anyway.
func keepBrokenPipe() {}
