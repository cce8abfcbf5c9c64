package main

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/dns"
)

func TestNamesThatTheUserGaveAreNotLookedUp(t *testing.T) {
	var f fetching
	for _, s := range []string{"Server.Example=192.0.2.1", "server.example=2001:db8::1", "server.example=192.0.2.2"} {
		if err := f.addName(s); err != nil {
			t.Fatal(err)
		}
	}
	n := &names{given: f.given, servers: func() ([]netip.AddrPort, string, error) { return nil, "", cli.ErrNoNameserver }}
	for network, want := range map[string]string{"ip4": "[192.0.2.1 192.0.2.2]", "ip6": "[2001:db8::1]"} {
		if got, err := n.LookupNetIP(t.Context(), network, "SERVER.example"); fmt.Sprint(got) != want || err != nil {
			t.Errorf("%s: %v, %v", network, got, err)
		}
	}
	if _, err := n.LookupNetIP(t.Context(), "ip4", "other.example"); !errors.Is(err, cli.ErrNoNameserver) {
		t.Error(err)
	}
}

func TestServersToAskAreThoseOfTheUser(t *testing.T) {
	c := &config{}
	for _, s := range []string{"192.0.2.53", "192.0.2.54:5353", "2001:db8::53", "[2001:db8::53]", "[2001:db8::54]:53", "::ffff:192.0.2.55"} {
		if err := c.addNameserver(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	got, by, err := c.nameservers()
	if want := "[192.0.2.53:53 192.0.2.54:5353 [2001:db8::53]:53 [2001:db8::53]:53 [2001:db8::54]:53 192.0.2.55:53]"; fmt.Sprint(got) != want || by != "-dns" || err != nil {
		t.Errorf("%v by %s, %v", got, by, err)
	}
	for _, s := range []string{"", "dns.example", "192.0.2.53:0", "192.0.2.53:port", "192.0.2.53:53:53"} {
		if err := c.addNameserver(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
	for range dns.MaxServers {
		err = c.addNameserver("192.0.2.53")
	}
	if err == nil {
		t.Error("more than can be asked")
	}
}
