package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/cmdtest"
	"smoltls/tlssock"
)

func TestCommandLinesThatCantBeCarriedOut(t *testing.T) {
	const dev = "-tun t -addr 192.0.2.1/24 "
	for args, says := range map[string]string{
		"192.0.2.2:443":                         "through a device",
		dev:                                     "whom to connect to",
		dev + "192.0.2.2:443":                   "whom to trust",
		dev + "-insecure-skip-verify nowhere":   "want an IP address",
		dev + "-insecure-skip-verify 1.2.3.4:0": "want an IP address",
		dev + "-insecure-skip-verify -server-cert f 192.0.2.2:443":  "contradict",
		dev + "-insecure-skip-verify -roots f 192.0.2.2:443":        "contradict",
		dev + "-insecure-skip-verify -get / -bytes 5 192.0.2.2:443": "not both",
		dev + "-insecure-skip-verify -get index.html 192.0.2.2:443": "begins with /",
		dev + "-insecure-skip-verify -get /a\x00b 192.0.2.2:443":    "ASCII",
		dev + "-insecure-skip-verify 192.0.2.1:443":                 "our own address",
		dev + "-insecure-skip-verify -bytes -5 192.0.2.2:443":       "positive",
		dev + "-insecure-skip-verify 192.0.2.2:443 192.0.2.3:443":   "one peer",
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

func TestNotVerifyingIsSaidLoudly(t *testing.T) {
	c, err := parseFlags(strings.Fields("-tun t -addr 192.0.2.1/24 -insecure-skip-verify 192.0.2.2:443 -state "+t.TempDir()), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cfg, err := c.tls(&said)
	if err != nil || !cfg.InsecureSkipVerify || !strings.Contains(said.String(), "WARNING") {
		t.Fatalf("%v %q", err, said.String())
	}
}

func TestRootsAskForANameOrForTheAddress(t *testing.T) {
	_, roots := cmdtest.Certified(t, "peer")
	pin := cmdtest.Named(t, "peer").Cert
	for args, want := range map[string]string{
		"-roots R":                "192.0.2.2",
		"-roots R -name peer":     "peer",
		"-roots R -server-cert P": "192.0.2.2",
		"-server-cert P":          "",
	} {
		args = strings.NewReplacer(" R", " "+roots, " P", " "+pin).Replace(" -tun t -addr 192.0.2.1/24 192.0.2.2:443 -state " + t.TempDir() + " " + args)
		c, err := parseFlags(strings.Fields(args), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := c.tls(io.Discard)
		if err != nil || cfg.ServerName != want || cfg.Trust.Len() != strings.Count(args, ".pem") || cfg.Check(tlssock.RoleClient) != nil {
			t.Errorf("%s: %+v, %v", args, cfg, err)
		}
	}
	c := &config{roots: []string{pin + ".none"}}
	c.StateDir = t.TempDir()
	if _, err := c.tls(io.Discard); err == nil || !strings.Contains(err.Error(), "-roots") {
		t.Errorf("a file that is not there: %v", err)
	}
}
