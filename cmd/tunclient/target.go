package main

import (
	"net/url"
	"strings"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/download"
)

// parseURL reads the URL of what is to be fetched. Errors are usage errors, and name no password.
func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, cli.Usagef("that is no URL: want something like https://server.example/path")
	}
	n, err := download.Normalize(u)
	if err != nil {
		return nil, cli.Usagef("%s: %v: want something like https://server.example/path", u.Redacted(), err)
	}
	return n, nil
}

// isURL reports whether an operand is meant as one, rather than as ADDRESS:PORT.
func isURL(operand string) bool { return strings.Contains(operand, "://") }
