package set

import (
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
)

// world is two stations on one in-memory Ethernet, on a clock that the test moves.
type world struct {
	t    testing.TB
	now  time.Time
	a, b *iface.Interface
}

var (
	addrA = netip.MustParseAddr("192.0.2.1")
	addrB = netip.MustParseAddr("192.0.2.2")
	port1 = netip.AddrPortFrom(addrB, 443)
)

var epoch = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newWorld(t testing.TB) *world { return newWorldOn(t, phy.PipeConfig{}, iface.Limits{}) }

func newWorldOn(t testing.TB, pc phy.PipeConfig, l iface.Limits) *world {
	t.Helper()
	da, db := phy.NewPipe(pc)
	w := &world{t: t, now: epoch}
	w.a = newInterface(t, da, addrA, l)
	w.b = newInterface(t, db, addrB, l)
	return w
}

func newInterface(t testing.TB, dev phy.Device, addr netip.Addr, l iface.Limits) *iface.Interface {
	t.Helper()
	i, err := iface.New(iface.Config{Device: dev, Addrs: []netip.Prefix{netip.PrefixFrom(addr, 24)}, Limits: l})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// ifaceLimits are the defaults, spelled so that tests can say what they change.
var ifaceLimits iface.Limits
