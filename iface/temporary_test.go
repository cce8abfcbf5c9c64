package iface

import (
	"net/netip"
	"testing"
	"time"
)

// temporaries gives the temporary addresses in a network, the oldest first.
func (a *autoRig) temporaries(network netip.Prefix) (all []AddrInfo) {
	for _, x := range a.Addrs() {
		if x.Temporary && x.Prefix.Masked() == network {
			all = append(all, x)
		}
	}
	return all
}

// privateRig is a station with temporary addresses, whose router says for how many seconds netA is good.
func privateRig(t *testing.T, valid, preferred uint32) *autoRig {
	a := newAutoRig(t, func(c *Config) { c.TemporaryAddrs = true })
	a.up()
	a.offer(netA, valid, preferred)
	a.sleep(5 * time.Second)
	a.drain()
	return a
}

func TestPacketsLeaveFromATemporaryAddress_RFC8981_3_4(t *testing.T) {
	a := privateRig(t, 30*86400, 7*86400)
	temps := a.temporaries(netA)
	if len(temps) != 1 || temps[0].State != AddrPreferred || !temps[0].Auto || len(a.Addrs()) != 3 {
		t.Fatalf("%+v", a.Addrs())
	}
	began := a.now.Add(-5 * time.Second)
	if p, v := temps[0].PreferredUntil.Sub(began), temps[0].ValidUntil.Sub(began); p > tempPreferred || p < tempPreferred-maxDesyncFactor || v != tempValid {
		t.Errorf("preferred for %v, valid for %v", p, v)
	}
	own := temps[0].Prefix.Addr()
	if src, err := a.SourceFor(far); err != nil || src != own {
		t.Errorf("from %v, %v", src, err)
	}
	if a.autoAddr(netA).addr() == own {
		t.Error("it is the stable one")
	}
	other := newAutoRig(t, nil)
	other.up()
	other.offer(netA, 86400, 86400)
	other.sleep(5 * time.Second)
	if len(other.temporaries(netA)) != 0 || len(other.Addrs()) != 2 {
		t.Errorf("without being asked for: %+v", other.Addrs())
	}
}

func TestTemporaryAddressesAreReplacedInTime_RFC8981_3_6(t *testing.T) {
	a := privateRig(t, ^uint32(0), ^uint32(0))
	seen := map[netip.Addr]bool{}
	for day := range 20 {
		a.sleep(a.temporaries(netA)[len(a.temporaries(netA))-1].PreferredUntil.Sub(a.now) - time.Second)
		all := a.temporaries(netA)
		newest, before := all[len(all)-1], all[len(all)-2]
		if newest.State != AddrPreferred || before.State != AddrPreferred || len(all) > 4 {
			t.Fatalf("day %d: %+v", day, all)
		}
		a.sleep(2 * time.Second)
		if src, _ := a.source(far, router1); src != newest.Prefix.Addr() || a.AddrState(before.Prefix.Addr()) != AddrDeprecated {
			t.Fatalf("day %d: from %v of %+v", day, src, a.temporaries(netA))
		}
		if seen[newest.Prefix.Addr()] {
			t.Fatal("an address comes again")
		}
		seen[newest.Prefix.Addr()] = true
		a.drain()
	}
	if a.state(netA) != AddrPreferred || len(a.Addrs()) > 6 {
		t.Errorf("%+v", a.Addrs())
	}
	t.Log("# a station that slept meanwhile has one at once")
	a.now = a.now.Add(10 * tempValid)
	a.poll()
	a.sleep(5 * time.Second)
	if x := a.temporaries(netA); len(x) != 1 || x[0].State != AddrPreferred {
		t.Errorf("%+v", x)
	}
}

func TestTemporaryAddressesLastNoLongerThanTheirNetwork_RFC8981_3_4(t *testing.T) {
	a := privateRig(t, 7200, 3600)
	x := a.temporaries(netA)
	if len(x) != 1 || x[0].ValidUntil.Sub(a.now) > 2*time.Hour || x[0].PreferredUntil.Sub(a.now) > time.Hour {
		t.Fatalf("%+v", x)
	}
	t.Log("# it lasts longer when a router says so, up to its own time")
	a.offer(netA, 30*86400, 7*86400)
	if x := a.temporaries(netA); len(x) != 1 || x[0].ValidUntil.Sub(a.now) < 47*time.Hour || x[0].ValidUntil.Sub(a.now) > tempValid {
		t.Fatalf("%+v", x)
	}
	t.Log("# a network that is deprecated gets no other one")
	a.offer(netA, 30*86400, 0)
	a.sleep(time.Hour)
	if x := a.temporaries(netA); len(x) != 1 || x[0].State != AddrDeprecated {
		t.Fatalf("%+v", x)
	}
	a.sleep(3 * tempPreferred)
	if x := a.temporaries(netA); len(x) != 0 {
		t.Fatalf("%+v", x)
	}
	t.Log("# until it is preferred again")
	a.offer(netA, 30*86400, 7*86400)
	a.sleep(5 * time.Second)
	if x := a.temporaries(netA); len(x) != 1 || x[0].State != AddrPreferred {
		t.Fatalf("%+v", x)
	}
	t.Log("# one that would be over before it is tested is not formed")
	if b := privateRig(t, 4, 4); len(b.temporaries(netA)) != 0 {
		t.Errorf("%+v", b.Addrs())
	}
}

func TestATemporaryAddressThatAnotherStationHasIsChosenAnew_RFC8981_3_4(t *testing.T) {
	a := newAutoRig(t, func(c *Config) { c.TemporaryAddrs = true })
	a.up()
	a.offer(netA, 86400, 86400)
	first := a.temporaries(netA)[0].Prefix.Addr()
	for taken := 0; taken < tempIDRetries; {
		asked, _ := a.question()
		if now := a.temporaries(netA)[0]; now.Prefix.Addr() == asked {
			a.put(a.icmp6(netip.IPv6Unspecified(), solicitedNode(asked), ndpHops, solicitation(asked)))
			taken++
		}
	}
	a.sleep(5 * time.Second)
	if x := a.temporaries(netA); len(x) != 1 || x[0].State != AddrPreferred || x[0].Prefix.Addr() == first {
		t.Fatalf("%+v", x)
	}
}
