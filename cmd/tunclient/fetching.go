package main

import (
	"errors"
	"flag"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/download"
)

// fetching is what the command line asks for of a URL.
type fetching struct {
	url               *url.URL // nil: the peer is ADDRESS:PORT
	output            string   // a file, or "-"
	outputGiven       bool     // by the user
	remoteName        bool     // the file's name is the URL's
	header            http.Header
	dns               []netip.AddrPort
	given             map[string][]netip.Addr // by -resolve
	retries           int
	stall             time.Duration
	insecureRedirects bool

	flags *flag.FlagSet
}

// fetchFlags are of use with a URL only.
var fetchFlags = []string{"dhcp", "o", "O", "header", "dns", "resolve", "retries", "stall", "insecure-redirects"}

// Defaults of what a broken connection may cost.
const (
	defaultRetries = 5
	defaultStall   = time.Minute
)

func (f *fetching) register(fs *flag.FlagSet) {
	f.header = make(http.Header)
	f.flags = fs
	fs.StringVar(&f.output, "o", "", "write what the URL names to `FILE`, by way of FILE.part, from which a broken download goes on (default: standard output, which is - too)")
	fs.BoolVar(&f.remoteName, "O", false, "the same, with the last piece of the URL's path as FILE")
	fs.Func("header", "send `NAME: VALUE` along, to the URL's own host only (repeatable)", f.addHeader)
	fs.Func("dns", "ask the DNS server at `ADDRESS` or ADDRESS:PORT (repeatable; default: those of -dhcp, or of the host's resolv.conf)", f.addNameserver)
	fs.Func("resolve", "take ADDRESS for NAME, in `NAME=ADDRESS`, and ask no DNS server for it (repeatable)", f.addName)
	fs.IntVar(&f.retries, "retries", defaultRetries, "how often to go on from where the connection broke: `N` attempts in a row that bring nothing")
	fs.DurationVar(&f.stall, "stall", defaultStall, "take a server that sends nothing for `TIME` for gone; 0: never")
	fs.BoolVar(&f.insecureRedirects, "insecure-redirects", false, "follow redirects from https to http: from there on ANYONE on the way can read and change everything")
}

// unused finds flags that are of no use without a URL.
func (f *fetching) unused() (err error) {
	f.flags.Visit(func(given *flag.Flag) {
		for _, name := range fetchFlags {
			if given.Name == name && err == nil {
				err = cli.Usagef("-%s is for a URL, such as https://server.example/", name)
			}
		}
	})
	return err
}

// checkURL takes the URL, and finds what can't go with one.
func (c *config) checkURL(operand string) (err error) {
	if c.url, err = parseURL(operand); err != nil {
		return err
	}
	switch {
	case c.name != "":
		return cli.Usagef("-name is the URL's own: write the name into it, and -resolve NAME=ADDRESS if DNS does not know it")
	case c.bytes != 0:
		return cli.Usagef("-bytes is for ADDRESS:PORT, not for a URL")
	case c.output != "" && c.remoteName:
		return cli.Usagef("give -o or -O, not both")
	case c.retries < 0 || c.stall < 0:
		return cli.Usagef("-retries and -stall: want no negative number")
	}
	if a, err := netip.ParseAddr(c.url.Hostname()); err == nil && c.IsOurs(a) {
		return cli.Usagef("%s: that is our own address (-addr)", c.url.Redacted())
	}
	if c.remoteName {
		if c.output, err = download.NameOf(c.url); err != nil {
			return cli.Usagef("-O: %v: give one with -o FILE", err)
		}
	}
	if c.outputGiven = c.output != ""; !c.outputGiven {
		c.output = "-"
	}
	return nil
}

// addHeader takes NAME: VALUE.
func (f *fetching) addHeader(s string) error {
	name, value, ok := strings.Cut(s, ":")
	value = strings.TrimSpace(value)
	switch {
	case !ok || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value):
		return errors.New("want NAME: VALUE")
	case http.CanonicalHeaderKey(name) == "Range" || http.CanonicalHeaderKey(name) == "If-Range":
		return errors.New("which part is asked for is our own matter")
	}
	f.header.Add(name, value)
	return nil
}
