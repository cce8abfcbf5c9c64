package drill

import (
	"net/netip"
	"testing"
)

func TestAddressesComeBackAsTheyWent(t *testing.T) {
	for _, c := range []struct {
		family int
		addr   string
		want   string
	}{
		{AFInet, "192.0.2.1:80", "192.0.2.1:80"}, {AFInet6, "[2001:db8::1]:65535", "[2001:db8::1]:65535"}, {AFInet6, "192.0.2.1:80", "[::ffff:192.0.2.1]:80"},
	} {
		got, errno := parseSockaddr(sockaddr(c.family, netip.MustParseAddrPort(c.addr)))
		if errno != 0 || got.String() != c.want {
			t.Errorf("%s: %v, errno %d", c.addr, got, errno)
		}
	}
}

func TestAddressesThatAreNoneAreRefused(t *testing.T) {
	whole := sockaddr(AFInet6, netip.MustParseAddrPort("[::1]:1"))
	for n := range whole {
		if _, errno := parseSockaddr(whole[:n]); errno != EINVAL {
			t.Errorf("%d bytes: errno %d", n, errno)
		}
	}
	if _, errno := parseSockaddr(make([]byte, 28)); errno != EAFNOSUPPORT {
		t.Errorf("errno %d", errno)
	}
}
