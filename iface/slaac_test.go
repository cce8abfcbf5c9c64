package iface

import (
	"net/netip"
	"testing"
	"time"

	"smoltls/tcp"
)

func (a *autoRig) offer(p netip.Prefix, valid, preferred uint32) {
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(p, flagAutonomous, valid, preferred)}})
}

func TestAddressesAreFormedOnlyWhereTheyMay_RFC4862_5_5_3(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	for name, o := range map[string][]byte{
		"(a) not autonomous":                  prefixOption(netA, flagOnLink, 100, 100),
		"(b) link-local":                      prefixOption(netip.MustParsePrefix("fe80:0:0:1::/64"), flagAutonomous, 100, 100),
		"(c) preferred for longer than valid": prefixOption(netA, flagAutonomous, 100, 101),
		"(d) no lifetime":                     prefixOption(netA, flagAutonomous, 0, 0),
		"(d) another length":                  prefixOption(netip.MustParsePrefix("2001:db8:a::/63"), flagAutonomous, 100, 100),
		"multicast":                           prefixOption(netip.MustParsePrefix("ff05::/64"), flagAutonomous, 100, 100),
		"longer than an address":              append([]byte{optPrefixInfo, 4, 129, flagAutonomous}, make([]byte, 28)...),
		"short":                               {optPrefixInfo, 1, 64, flagAutonomous, 0, 0, 0, 9},
	} {
		a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{o}})
		if len(a.Addrs()) != 1 {
			t.Fatalf("%s: %+v", name, a.Addrs())
		}
	}
	a.offer(netA, 100, 100)
	target, _ := a.question()
	if a.state(netA) != AddrTentative || !netA.Contains(target) {
		t.Fatalf("%v, %v", target, a.state(netA))
	}
	t.Log("# an address that Config gives is not formed again")
	var tries uint8
	own := a.stableAddr(netB, &tries)
	b := newAutoRig(t, func(c *Config) { c.Addrs = []netip.Prefix{own} })
	b.up()
	b.offer(netB, 100, 100)
	if len(b.Addrs()) != 2 {
		t.Fatalf("%+v", b.Addrs())
	}
}

func TestNoSingleMessageEndsAnAddressWithinTwoHours_RFC4862_5_5_3_e(t *testing.T) {
	const hour = 3600
	for _, c := range []struct {
		has, offered, left uint32 // seconds
		why                string
	}{
		{10 * hour, 20 * hour, 20 * hour, "1: longer than what remains"}, {10 * hour, 3 * hour, 3 * hour, "1: more than two hours"},
		{10 * hour, hour, 2 * hour, "3: two hours remain"}, {10 * hour, 0, 2 * hour, "3: two hours remain"},
		{hour, hour / 2, hour, "2: ignored"}, {hour, 0, hour, "2: ignored"}, {hour, hour + 60, hour + 60, "1: longer"},
		{10 * hour, ^uint32(0), ^uint32(0), "for ever"}, {^uint32(0), 0, 2 * hour, "3: two hours remain of for ever"},
	} {
		a := newAutoRig(t, nil)
		a.up()
		a.offer(netA, c.has, c.has)
		a.offer(netA, c.offered, 0)
		got := a.autoAddr(netA)
		want := a.Interface.now.Add(time.Duration(c.left) * time.Second)
		if c.left == ^uint32(0) {
			want = tcp.Never
		}
		if got.valid != want {
			t.Errorf("%d offered after %d: valid for %v (%s)", c.offered, c.has, got.valid.Sub(a.Interface.now), c.why)
		}
		a.sleep(3 * time.Second)
		if got.state != AddrDeprecated { // what is preferred follows at once
			t.Errorf("%v", got.state)
		}
		a.offer(netA, 10*hour, 10*hour)
		if a.poll(); got.state != AddrPreferred {
			t.Errorf("preferred again, but %v", got.state)
		}
	}
}

func TestAddressesThatManyFormAtOnceAreTestedAfterDifferentTimes_RFC4862_5_4_2(t *testing.T) {
	waits := map[time.Duration]bool{}
	for k := range byte(6) {
		a := newAutoRig(t, func(c *Config) { c.Rand = zeroRand{k} })
		own := a.up()
		a.offer(netA, 9000, 9000)
		wait := time.Duration(a.autoAddr(netA).test.at - a.Interface.now)
		if waits[wait] = true; wait < 0 || wait > maxFirstDelay {
			t.Fatal(wait)
		}
		t.Log("# what was told to us alone need not wait")
		a.put(a.icmp6(router1, own, ndpHops, adv{lifetime: 9000, options: [][]byte{prefixOption(netB, flagAutonomous, 9000, 9000)}}.bytes()))
		for target, _ := a.question(); !netB.Contains(target); target, _ = a.question() {
			if a.now.Sub(start) > 3*time.Second+100*time.Millisecond {
				t.Fatal("asked late")
			}
		}
	}
	if len(waits) < 5 {
		t.Fatalf("%v", waits)
	}
}
