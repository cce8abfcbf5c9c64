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
