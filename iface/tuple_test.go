package iface

import (
	"net/netip"
	"testing"

	"smoltls/internal/checksum"
)

func TestTupleKeepsBothEndsOfBothFamilies(t *testing.T) {
	seen := map[[36]byte]bool{}
	for _, c := range [][2]string{
		{"192.0.2.1:80", "192.0.2.9:4000"}, {"192.0.2.1:4000", "192.0.2.9:80"}, {"192.0.2.9:80", "192.0.2.1:4000"}, {"[2001:db8::1]:80", "[2001:db8::9]:4000"},
	} {
		l, r := netip.MustParseAddrPort(c[0]), netip.MustParseAddrPort(c[1])
		tp := makeTuple(l, r)
		if tp.localAddr() != l || tp.remoteAddr() != r || tp.is4() != l.Addr().Is4() {
			t.Errorf("%v %v", tp.localAddr(), tp.remoteAddr())
		}
		if checksum.Fold(tp.pseudo()) != checksum.Fold(checksum.Pseudo(l.Addr(), r.Addr(), protoTCP, 0)) {
			t.Errorf("%v: pseudo-header", c)
		}
		if b := tp.bytes(); seen[b] {
			t.Errorf("%v: two tuples have one encoding", c)
		} else {
			seen[b] = true
		}
	}
}
