package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
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

// Exit writes err to w as one line that begins with the command's name, and gives the status to exit with.
func Exit(w io.Writer, name string, err error) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return ExitOK
	}
	line := OneLine(err)
	var usage *UsageError
	if errors.As(err, &usage) {
		fmt.Fprintf(w, "%s: %s (%s -h lists the flags)\n", name, line, name)
		return ExitUsage
	}
	fmt.Fprintf(w, "%s: %s\n", name, line)
	return ExitFailed
}

// Printable spells what is no character to see, such as those that move a terminal's cursor, as Go's source does:
// whoever is at the other end may have chosen it.
func Printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strconv.IsPrint(r) && r != utf8.RuneError {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// OneLine spells err in one line, with what to do about it where that is known.
func OneLine(err error) string {
	line := Printable(strings.ReplaceAll(err.Error(), "\n", "; "))
	if do := adviceFor(err); do != "" {
		line += "; " + do
	}
	return line
}
