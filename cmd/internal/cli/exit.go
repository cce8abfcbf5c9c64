package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// Exit statuses of both commands.
const (
	ExitOK     = 0 // all went well
	ExitFailed = 1 // the peer, TLS or the device failed; one line on standard error says how
	ExitUsage  = 2 // the command line can't be carried out
)

// UsageError is an error of the command line, as opposed to one of the network.
type UsageError struct{ Msg string }

// Error gives the message.
func (e *UsageError) Error() string { return e.Msg }

// Usagef makes a [UsageError].
func Usagef(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// Exit writes err to w as one line that starts with the command's name, and gives the status to exit with.
func Exit(w io.Writer, name string, err error) int {
	if err == nil {
		return ExitOK
	}
	if errors.Is(err, flag.ErrHelp) {
		return ExitOK
	}
	fmt.Fprintf(w, "%s: %v\n", name, err)
	var usage *UsageError
	if errors.As(err, &usage) {
		fmt.Fprintf(w, "%s: see %s -h\n", name, name)
		return ExitUsage
	}
	return ExitFailed
}
