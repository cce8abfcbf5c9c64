package iface

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
)

func TestRoutesComeAndGo(t *testing.T) {
	r := newRig(t, 0, Limits{})
	far, via := netip.MustParsePrefix("203.0.113.0/24"), netip.MustParseAddr("192.0.2.7")
	hop := func(a string) string {
		h, ok := r.nextHop(netip.MustParseAddr(a))
		return fmt.Sprint(h, ok)
	}
	for range 2 { // the second time it is there
		if err := r.AddRoute(Route{netip.MustParsePrefix("203.0.113.9/24"), via}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.AddRoute(Route{Prefix: netip.MustParsePrefix("198.51.100.1/32")}); err != nil { // on the link, which makes it a router that there can be
		t.Fatal(err)
	}
	if err := r.AddRoute(Route{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParseAddr("198.51.100.1")}); err != nil {
		t.Fatal(err)
	}
	for dst, want := range map[string]string{"203.0.113.5": "192.0.2.7 true", "198.51.100.1": "198.51.100.1 true", "10.1.2.3": "198.51.100.1 true", "8.8.8.8": "192.0.2.254 true"} {
		if got := hop(dst); got != want {
			t.Errorf("%s by %s, not %s", dst, got, want)
		}
	}
	if n := len(r.Routes()); n != 7 || r.Routes()[0].Prefix.Bits() != 64 {
		t.Errorf("%v", r.Routes())
	}
	if !r.RemoveRoute(Route{far, via}) || r.RemoveRoute(Route{far, via}) {
		t.Error("a route goes once")
	}
	if got := hop("203.0.113.5"); got != "192.0.2.254 true" {
		t.Error(got)
	}
	for _, wrong := range []Route{{}, {far, netip.MustParseAddr("172.16.0.1")}, {far, peer6}} { // the second router is in no network of ours
		if err := r.AddRoute(wrong); !errors.Is(err, ErrConfig) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

func TestTheIPv4MTUIsOnesOwn_RFC2132_5_1(t *testing.T) {
	r := newRig(t, 0, Limits{})
	if err := r.SetIPv4MTU(1400); err != nil {
		t.Fatal(err)
	}
	if four, six := r.PathMTU(peer4), r.PathMTU(peer6); four != 1400 || six != 1500 {
		t.Errorf("%d, %d", four, six)
	}
	for _, n := range []int{-1, 67, 1501} {
		if err := r.SetIPv4MTU(n); !errors.Is(err, ErrConfig) {
			t.Errorf("%d: %v", n, err)
		}
	}
	if err := r.SetIPv4MTU(0); err != nil || r.PathMTU(peer4) != 1500 {
		t.Errorf("%v, %d", err, r.PathMTU(peer4))
	}
}
