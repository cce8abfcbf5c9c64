package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
)

func TestCommandLinesThatCantBeCarriedOut(t *testing.T) {
	const dev = "-tun t -addr 192.0.2.1/24 "
	for args, says := range map[string]string{
		"192.0.2.2:443":                         "through a device",
		dev:                                     "whom to connect to",
		dev + "192.0.2.2:443":                   "whom to trust",
		dev + "-insecure-skip-verify nowhere":   "an IP address and a port",
		dev + "-insecure-skip-verify 1.2.3.4:0": "an IP address and a port",
		dev + "-insecure-skip-verify -server-cert f 192.0.2.2:443": "contradict",
		dev + "-insecure-skip-verify -roots f 192.0.2.2:443":       "contradict",
		dev + "ftp://server.example/":                              "neither http nor https",
		dev + "https:///path":                                      "host",
		dev + "https://server.example:0/":                          "port",
		dev + "https://user:secret@server.example:70000/":          "https://user:xxxxx@server.example:70000/",
		dev + "https://192.0.2.1/":                                 "our own address",
		dev + "https://server.example/ -bytes 5":                   "ADDRESS:PORT",
		dev + "https://server.example/ -name peer":                 "-resolve",
		dev + "https://server.example/ -O":                         "-o FILE",
		dev + "https://server.example/f -O -o g":                   "not both",
		dev + "https://server.example/ -retries -1":                "negative",
		dev + "https://server.example/ -header nonsense":           "NAME: VALUE",
		dev + "https://server.example/ -header Range:bytes=1-":     "our own matter",
		dev + "https://server.example/ -dns nowhere":               "IP address",
		dev + "https://server.example/ -resolve 192.0.2.1=name":    "NAME=ADDRESS",
		"-dhcp -tun t https://server.example/":                     "-tap NAME",
		"-dhcp -tap t -insecure-skip-verify 192.0.2.2:443":         "for a URL",
		"https://server.example/":                                  "through a device",
		dev + "-insecure-skip-verify -o file 192.0.2.2:443":        "for a URL",
		dev + "-insecure-skip-verify 192.0.2.1:443":                "our own address",
		dev + "-insecure-skip-verify -bytes -5 192.0.2.2:443":      "positive",
		dev + "-insecure-skip-verify 192.0.2.2:443 192.0.2.3:443":  "one peer",
		"-cert a.pem":                   "go together",
		"-gateway 192.0.2.1":            "need a device",
		dev + "-bytes many 192.0.2.2:1": "bytes",
	} {
		_, err := parseFlags(strings.Fields(args), io.Discard)
		var usage *cli.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want a usage error that says %q", args, err, says)
		}
	}
}

func TestWithoutDeviceAndPeerItIsTheDemonstration(t *testing.T) {
	if c, err := parseFlags(nil, io.Discard); err != nil || !c.demo {
		t.Fatal(err)
	}
}
