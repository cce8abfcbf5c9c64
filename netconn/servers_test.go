package netconn

import (
	"fmt"
	"testing"

	"smoltls/tlssock"
)

func TestAServersConfigurationIsKeptWithinABound(t *testing.T) {
	d := &Dialer{TLS: &tlssock.Config{NextProtos: []string{"h2"}}}
	a, _ := d.servers.config(d, "a.test")
	b, _ := d.servers.config(d, "b.test")
	again, _ := d.servers.config(d, "a.test")
	if a == b || a != again || a.ServerName != "a.test" || a.NextProtos[0] != "h2" || d.TLS.ServerName != "" {
		t.Errorf("%p %p %p %q", a, b, again, a.ServerName)
	}
	for i := range 2 * maxServers {
		if _, err := d.servers.config(d, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(d.servers.byName); n != maxServers {
		t.Errorf("%d are kept", n)
	}
	d.TLS.ServerName = "c.test"
	if c, _ := d.servers.config(d, "a.test"); c != d.TLS {
		t.Error("a name that was given is not used")
	}
}

// Sessions of servers that are known by no name are kept by what was dialled, and those of a name that the caller gives
// by that.
func TestSessionsAreKeptByServer(t *testing.T) {
	cache := tlssock.NewLRUClientSessionCache(0)
	for _, c := range []struct {
		d    *Dialer
		want string
	}{
		{&Dialer{TLS: &tlssock.Config{ClientSessionCache: cache}}, "dialled"},
		{&Dialer{TLS: &tlssock.Config{ClientSessionCache: cache}, NoServerName: true}, "dialled"},
		{&Dialer{TLS: &tlssock.Config{ClientSessionCache: cache, ServerName: "given"}}, "given"},
		{&Dialer{TLS: &tlssock.Config{ClientSessionCache: cache, ServerName: "given"}, EarlyData: true}, "given"},
		{&Dialer{TLS: &tlssock.Config{ClientSessionCache: cache, SessionCacheKey: "key"}, NoServerName: true, EarlyData: true}, "key"},
	} {
		cfg, err := c.d.servers.config(c.d, "dialled")
		if err != nil || cfg.SessionKey() != c.want || cfg.EnableEarlyData != c.d.EarlyData || cfg.ResendEarlyData != c.d.EarlyData {
			t.Errorf("%q, %v; want %q", cfg.SessionKey(), err, c.want)
		}
		if again, _ := c.d.servers.config(c.d, "dialled"); again != cfg {
			t.Error("made twice")
		}
	}
}
