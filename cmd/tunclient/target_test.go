package main

import (
	"strings"
	"testing"
)

func TestOperandsAreURLsOrAddresses(t *testing.T) {
	for operand, url := range map[string]bool{"https://a.example/": true, "HTTP://192.0.2.1": true, "192.0.2.1:443": false, "[2001:db8::1]:443": false, "a.example": false} {
		if isURL(operand) != url {
			t.Error(operand)
		}
	}
}

func TestErrorsOfURLsNameNoPassword(t *testing.T) {
	for _, s := range []string{"https://user:secret@a.example:0/", "ftp://user:secret@a.example/", "https://user:secret@a.example:port/", "https://user:secret@a.example/%zz"} {
		if u, err := parseURL(s); err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, %v", s, u, err)
		}
	}
}
