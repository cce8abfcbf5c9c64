package tunserver

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/cmdtest"
	"smoltls/tlssock"
)

func TestCommandLinesThatCantBeCarriedOut(t *testing.T) {
	for args, says := range map[string]string{
		"":                                     "needs a device",
		"-tap t -addr 192.0.2.1/24 -serve tea": "want echo, discard, source or http",
		"-tap t -addr 192.0.2.1/24 -client-auth require":              "give -client-cert",
		"-tap t -addr 192.0.2.1/24 -client-auth none -client-cert f":  "do nothing",
		"-tap t -addr 192.0.2.1/24 -client-auth none -client-roots f": "do nothing",
		"-tap t -addr 192.0.2.1/24 -client-auth maybe":                "none, request or require",
		"-tap t -addr 192.0.2.1/24 operand":                           "unexpected operand",
		"-tap t -tun u -addr 192.0.2.1/24":                            "not both",
		"-tap t -addr 192.0.2.1/24 -cert only.pem":                    "go together",
		"-tap t": "-addr",
		"-tap t -addr 192.0.2.1/24 -listen 192.0.2.77:443": "one of the -addr addresses",
	} {
		_, err := parseFlags(&Options{}, strings.Fields(args), io.Discard)
		var usage *cli.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want a usage error that says %q", args, err, says)
		}
	}
}

func TestListenAddresses(t *testing.T) {
	for listen, want := range map[string]string{
		":443": "[192.0.2.1:443 [2001:db8::1]:443]", "192.0.2.1:80": "[192.0.2.1:80]", "[2001:db8::1]:80": "[[2001:db8::1]:80]",
	} {
		c, err := parseFlags(&Options{}, []string{"-tap", "t", "-addr", "192.0.2.1/24", "-addr", "2001:db8::1/64", "-listen", listen}, io.Discard)
		if err != nil || fmt.Sprint(c.serving()) != want {
			t.Errorf("%s: %v %v", listen, c.serving(), err)
		}
	}
	for _, listen := range []string{"", ":0", "443", "host:443", ":99999", "192.0.2.2:443"} {
		if _, err := parseFlags(&Options{}, []string{"-tap", "t", "-addr", "192.0.2.1/24", "-listen", listen}, io.Discard); err == nil {
			t.Errorf("%q was accepted", listen)
		}
	}
}

func TestClientAuthFollowsTheFlags(t *testing.T) {
	pin := cmdtest.Named(t, "client").Cert
	_, roots := cmdtest.Certified(t, "client")
	for args, want := range map[string]tls.ClientAuthType{
		"":                                     tls.NoClientCert,
		"-client-auth request":                 tls.RequestClientCert,
		"-client-auth request -client-cert P":  tls.VerifyClientCertIfGiven,
		"-client-cert P":                       tls.RequireAndVerifyClientCert,
		"-client-auth require -client-cert P":  tls.RequireAndVerifyClientCert,
		"-client-roots R":                      tls.RequireAndVerifyClientCert,
		"-client-roots R -client-cert P":       tls.RequireAndVerifyClientCert,
		"-client-auth request -client-roots R": tls.VerifyClientCertIfGiven,
	} {
		args = strings.NewReplacer(" P", " "+pin, " R", " "+roots).Replace("-tap t -addr 192.0.2.1/24 -serve http -state " + t.TempDir() + " " + args)
		c, err := parseFlags(&Options{}, strings.Fields(args), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := c.tls(io.Discard)
		if err != nil || cfg.ClientAuth != want || cfg.Check(tlssock.RoleServer) != nil {
			t.Errorf("%s: %v %v, want %v", args, cfg.ClientAuth, err, want)
		}
		if !slices.Equal(cfg.NextProtos, []string{"http/1.1", "http/1.0"}) {
			t.Errorf("HTTP with the protocols %q", cfg.NextProtos)
		}
	}
}

func TestWhoWeAreIsSaidAndWhatTheIdentityLacks(t *testing.T) {
	state := t.TempDir()
	for _, c := range []struct{ addr, says string }{{"192.0.2.1/24", ""}, {"192.0.2.1/24", ""}, {"192.0.2.9/24", "not made for 192.0.2.9"}} {
		cfg, err := parseFlags(&Options{}, []string{"-tap", "t", "-addr", c.addr, "-state", state}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		if _, err := cfg.tls(&said); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(said.String(), "SHA-256 ") || !strings.Contains(said.String(), c.says) || c.says == "" && strings.Count(said.String(), "\n") != 1 {
			t.Errorf("%s: %q", c.addr, said.String())
		}
	}
}
