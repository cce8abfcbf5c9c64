package dns

import (
	"errors"
	"net/netip"
	"testing"

	"smoltls/set"
	"smoltls/tlssock"
)

func TestAConfigThatCanNotWorkIsRefused(t *testing.T) {
	good := []netip.AddrPort{at(server1)}
	for name, c := range map[string]Config{
		"no server":           {},
		"too many":            {Servers: make([]netip.AddrPort, MaxServers+1)},
		"no port":             {Servers: []netip.AddrPort{netip.AddrPortFrom(server1, 0)}},
		"TLS without sockets": {Servers: good, TLS: &tlssock.Config{}},
		"TLS without trust":   {Servers: good, TLS: &tlssock.Config{}, Sockets: &set.TLSSocketSet{}},
	} {
		if _, err := New(nil, c); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := Config{Servers: good, Rounds: 7}.withDefaults()
	if err != nil || c.Rounds != 7 || c.Timeout != DefaultTimeout || c.Limits.Cache != DefaultCache || c.Limits.Aliases != DefaultAliases {
		t.Errorf("%+v, %v", c, err)
	}
}
