package main

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestFlagsOfAURL(t *testing.T) {
	parse := func(args string) *config {
		t.Helper()
		c, err := parseFlags(strings.Fields("-tun t -addr 192.0.2.1/24 "+args), io.Discard)
		if err != nil {
			t.Fatalf("%s: %v", args, err)
		}
		return c
	}
	for args, want := range map[string]string{
		"https://a.example/":          "-",
		"https://a.example/ -o -":     "-",
		"https://a.example/f -o g":    "g",
		"https://a.example/d/f?q -O":  "f",
		"-O https://a.example/d/f%20": "f ",
	} {
		if c := parse(args); c.output != want || c.url == nil {
			t.Errorf("%s: %q", args, c.output)
		}
	}
	c := parse("-header X-Key:one -header Accept:text/html -retries 0 -stall 1s -insecure-redirects https://a.example/")
	if fmt.Sprint(c.header) != "map[Accept:[text/html] X-Key:[one]]" || c.retries != 0 || c.stall.Seconds() != 1 || !c.insecureRedirects {
		t.Errorf("%+v", c.fetching)
	}
	if c := parse("https://a.example/"); c.retries != defaultRetries || c.stall != defaultStall || c.insecureRedirects {
		t.Errorf("%+v", c.fetching)
	}
}
