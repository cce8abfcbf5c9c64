package main

import (
	"io"
	"strings"
	"testing"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/tlssock"
)

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
