package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Exit statuses that the runner knows.
const (
	exitFailed        = 1
	exitUnimplemented = 89
	exitUnexpected    = 90
)

// errExpectation is an -expect- flag that did not hold.
var errExpectation = errors.New("expectation not met")

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 1 && args[0] == "-is-handshaker-supported" {
		fmt.Fprintln(stdout, "No")
		return 0
	}
	o, err := parseFlags(args)
	if err == nil {
		err = newShim(o).run()
	}
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, err)
	switch {
	case errors.Is(err, errUnknownFlag):
		return exitUnimplemented
	case errors.Is(err, errExpectation):
		return exitUnexpected
	}
	return exitFailed
}
