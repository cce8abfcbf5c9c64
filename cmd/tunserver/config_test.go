package main

import (
	"crypto/tls"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
)

func TestCommandLinesThatCantBeCarriedOut(t *testing.T) {
	for args, says := range map[string]string{
		"":                                     "needs a device",
		"-tap t -addr 192.0.2.1/24 -serve tea": "want echo, discard, source or http",
		"-tap t -addr 192.0.2.1/24 -client-auth require":             "give -client-cert",
		"-tap t -addr 192.0.2.1/24 -client-auth none -client-cert f": "does nothing",
		"-tap t -addr 192.0.2.1/24 -client-auth maybe":               "none, request or require",
		"-tap t -addr 192.0.2.1/24 operand":                          "unexpected operand",
		"-tap t -tun u -addr 192.0.2.1/24":                           "not both",
		"-tap t -addr 192.0.2.1/24 -cert only.pem":                   "go together",
		"-tap t": "-addr",
	} {
		_, err := parseFlags(strings.Fields(args), io.Discard)
		var usage *cli.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want a usage error that says %q", args, err, says)
		}
	}
}

func TestListenAddresses(t *testing.T) {
	for s, want := range map[string]string{":443": "[::]:443", "192.0.2.1:80": "192.0.2.1:80", "[2001:db8::1]:80": "[2001:db8::1]:80"} {
		if got, err := (&config{listen: s}).local(); err != nil || got != netip.MustParseAddrPort(want) {
			t.Errorf("%s: %v %v", s, got, err)
		}
	}
	for _, s := range []string{"", ":0", "443", "host:443", ":99999"} {
		if _, err := (&config{listen: s}).local(); err == nil {
			t.Errorf("%q was accepted", s)
		}
	}
}

func TestClientAuthFollowsTheFlags(t *testing.T) {
	_, pin, _ := testIdentity(t, "client")
	for args, want := range map[string]tls.ClientAuthType{
		"":                                    tls.NoClientCert,
		"-client-auth request":                tls.RequestClientCert,
		"-client-auth request -client-cert P": tls.VerifyClientCertIfGiven,
		"-client-cert P":                      tls.RequireAndVerifyClientCert,
		"-client-auth require -client-cert P": tls.RequireAndVerifyClientCert,
	} {
		args = strings.ReplaceAll("-tap t -addr 192.0.2.1/24 -serve http -state "+t.TempDir()+" "+args, " P", " "+pin)
		c, err := parseFlags(strings.Fields(args), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := c.tls(io.Discard, nil)
		if err != nil || cfg.ClientAuth != want {
			t.Errorf("%s: %v %v, want %v", args, cfg.ClientAuth, err, want)
		}
		if len(cfg.NextProtos) != 1 {
			t.Error("HTTP without its protocol name")
		}
	}
}
