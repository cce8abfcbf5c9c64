package iface

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/tcp"
)

// solicitations lets time pass, and gives when routers were asked for.
func (a *autoRig) solicitations(d time.Duration) (at []time.Time) {
	a.t.Helper()
	for end := a.now.Add(d); ; {
		a.poll()
		for _, p := range a.drain() {
			m := icmpOf(p)
			if m == nil || m[0] != typeRouterSolicitation {
				continue
			}
			ip := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6)
			mac, has, ok := linkAddrOption(m[8:], optSourceLinkAddr)
			if netip.AddrFrom16([16]byte(ip.DstIP)) != allRouters || ip.HopLimit != ndpHops || !netip.AddrFrom16([16]byte(ip.SrcIP)).IsLinkLocalUnicast() || !ok || !has || mac != ourMAC {
				a.t.Fatalf("%v", p)
			}
			at = append(at, a.now)
		}
		next := a.PollAt(a.now)
		if next.IsZero() || next.After(end) {
			a.now = end
			return at
		}
		if next.After(a.now) {
			a.now = next
		}
	}
}

func TestRoutersAreAskedForEverMoreRarelyUntilOneAnswers_RFC7559_2(t *testing.T) {
	a := newAutoRig(t, nil)
	at := a.solicitations(24 * time.Hour)
	if len(at) < 30 || len(at) > 40 {
		t.Fatalf("asked %d times in a day", len(at))
	}
	want := firstSolicitation
	for k := 1; k < len(at); k++ {
		if d := at[k].Sub(at[k-1]); d < want*9/10 || d > want*11/10 {
			t.Fatalf("the %dth after %v, wanted about %v", k, d, want)
		}
		want = min(2*want, maxSolicitation)
	}
	t.Log("# an advertisement of what is no default router is no answer")
	a.advertiseRouter(router1, adv{})
	if len(a.solicitations(2*time.Hour)) == 0 {
		t.Fatal("no longer asked")
	}
	a.advertiseRouter(router1, adv{lifetime: 9000})
	if at := a.solicitations(2 * time.Hour); len(at) != 0 {
		t.Fatalf("asked %v after the answer", at)
	}
	t.Log("# its time over, it is asked for again")
	if at := a.solicitations(time.Hour); len(at) == 0 || at[0] != a.now.Add(-time.Hour).Add(9000*time.Second-2*time.Hour) {
		t.Fatalf("%v", at)
	}
}

func TestWithoutATestOfAddressesTheFirstQuestionComesAfterARandomDelay_RFC4861_6_3_7(t *testing.T) {
	when := map[time.Duration]bool{}
	for k := range byte(5) {
		a := newAutoRig(t, func(c *Config) { c.DADTransmits = -1; c.Rand = zeroRand{k} })
		at := a.solicitations(2 * time.Second)
		if len(at) != 1 || at[0].Sub(start) > maxFirstDelay {
			t.Fatalf("%v", at)
		}
		when[at[0].Sub(start)] = true
	}
	if len(when) < 4 {
		t.Fatalf("%v", when)
	}
}

func TestALinkLocalAddressOfConfigIsUsed(t *testing.T) {
	given := netip.MustParsePrefix("fe80::42/64")
	a := newAutoRig(t, func(c *Config) { c.Addrs = []netip.Prefix{given} })
	if at := a.solicitations(3 * time.Second); len(at) != 1 || len(a.Addrs()) != 1 || a.linkLocal().prefix != given {
		t.Fatalf("%v, %+v", at, a.Addrs())
	}
}

func TestASolicitationWaitsForTheDeviceAndForAnAddress(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	a.solicitor = solicitor{at: a.Interface.now}
	for f := a.wire.Buffer(20); f != nil; f = a.wire.Buffer(20) { // its side of the wire is full
		if a.dev.Buffer(20) == nil {
			break
		}
		a.dev.Send(a.now, 20)
	}
	if at := a.solicitRouters(); at != a.Interface.now.Add(busyDevice) {
		t.Fatalf("again in %v", at.Sub(a.Interface.now))
	}
	a.setAddrState(a.Interface.addrs[0], AddrDuplicate)
	a.solicitor.at = a.Interface.now
	if at := a.solicitRouters(); at != tcp.Never {
		t.Fatalf("again at %v, though there is nobody to ask", at)
	}
}
