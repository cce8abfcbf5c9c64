package iface

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestLifetimesEnd_RFC4862_5_5_4(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{macOption(optSourceLinkAddr, routerMAC), prefixOption(netA, flagOnLink|flagAutonomous, 1000, 500)}})
	a.sleep(3 * time.Second)
	a.drain()
	if a.state(netA) != AddrPreferred {
		t.Fatalf("%+v", a.Addrs())
	}
	u, _ := a.openUDP(t, netip.AddrPortFrom(a.autoAddr(netA).addr(), 5).String(), PacketConfig{})
	info := a.Addrs()[1]
	if !info.PreferredUntil.Equal(start.Add(503*time.Second)) || !info.ValidUntil.Equal(start.Add(1003*time.Second)) {
		t.Fatalf("%+v", info)
	}
	a.sleep(500 * time.Second)
	if a.state(netA) != AddrDeprecated {
		t.Fatal(a.state(netA))
	}
	a.sleep(495 * time.Second)
	c := a.connectTo(netip.MustParseAddrPort("[2001:db8:ffff::1]:80"))
	every, _ := a.openUDP(t, "[::]:6", PacketConfig{})
	every.TrySendTo([]byte("x"), Meta{Remote: netip.AddrPortFrom(far, 9)})
	a.now = a.now.Add(2 * time.Second)
	a.sleep(time.Second)
	if a.state(netA) != 0 || !errors.Is(c.Err(), ErrAddrGone) || !errors.Is(c.Err(), ErrNotOurs) || a.Stats().Conns != 0 {
		t.Fatalf("%v, %v, %d connections", a.state(netA), c.Err(), a.Stats().Conns)
	}
	if _, _, err := u.Peek(); !errors.Is(err, ErrAddrGone) {
		t.Fatalf("%v", err)
	}
	if s := a.Stats(); s.OutDrops[DropSource] != 1 { // what waited in the queue of one that is bound to no address
		t.Fatalf("%v", s.OutDrops)
	}
	var states []AddrState
	for _, e := range a.heard {
		if e.Prefix.Masked() == netA {
			states = append(states, e.State)
		}
	}
	if want := []AddrState{AddrTentative, AddrPreferred, AddrDeprecated, AddrGone}; len(states) != 4 || [4]AddrState(states) != [4]AddrState(want) {
		t.Fatalf("%v", states)
	}
	if _, err := a.sourceFor(far, netip.Addr{}); !errors.Is(err, ErrNoSource) { // no router forwards what is from the link-local one
		t.Fatal(err)
	}
	t.Log("# nothing is left of it: the same network gives the same address again")
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(netA, flagOnLink|flagAutonomous, 1000, 500)}})
	a.sleep(3 * time.Second)
	if again := a.autoAddr(netA); again == nil || again.prefix != info.Prefix {
		t.Fatalf("%+v", a.Addrs())
	}
}

func TestWhoClaimsAnAddressInUseIsReported(t *testing.T) {
	a := newAutoRig(t, func(c *Config) {
		c.Addrs = []netip.Prefix{netip.PrefixFrom(our4, 24), netip.PrefixFrom(our6, 64)}
		c.Autoconf = false
	})
	a.heard = nil
	a.dropped(DropSource, func() { a.put(a.arpFrom(arpReply, our4, our4)) })
	a.dropped(DropSource, func() { a.put(a.advertise(our6, allNodes, flagOverride, peerMAC[:])) })
	unlike := a.icmp6(peer6, allNodes, ndpHops, a.advertise(our6, allNodes, flagOverride, peerMAC[:])[ethernetHeaderLen+ipv6HeaderLen:])
	a.dropped(DropSource, func() { a.put(unlike) })
	if a.Stats().AddrConflicts != 3 || len(a.heard) != 2 || a.heard[0] != (AddrEvent{netip.PrefixFrom(our4, 24), AddrPreferred, true}) {
		t.Fatalf("%d, %+v", a.Stats().AddrConflicts, a.heard)
	}
	t.Log("# all are counted, and some are told")
	a.now = a.now.Add(conflictInterval)
	for range 50 {
		a.put(a.arpFrom(arpReply, our4, our4))
	}
	if a.Stats().AddrConflicts != 53 || len(a.heard) != 3 {
		t.Fatalf("%d, %+v", a.Stats().AddrConflicts, a.heard)
	}
	t.Log("# our own frames, brought back by the link, are no conflict")
	own := a.arpFrom(arpReply, our4, our4)
	copy(own[6:], ourMAC[:])
	copy(own[22:], ourMAC[:])
	a.dropped(DropSource, func() { a.put(own) })
	if a.Stats().AddrConflicts != 53 || !a.isOurs(our4) || !a.isOurs(our6) {
		t.Fatal("a conflict with ourselves")
	}
}

func TestStatesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for s := AddrState(0); s <= AddrGone; s++ {
		seen[s.String()] = true
	}
	if len(seen) != int(AddrGone)+1 || (AddrGone+1).String() != "no state" {
		t.Fatal(seen)
	}
}

func TestAutoconfigurationWantsEthernet(t *testing.T) {
	bare, _ := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP})
	short, _ := phy.NewPipe(phy.PipeConfig{MTU: 1279})
	for _, dev := range []phy.Device{bare, short} {
		if _, err := New(Config{Device: dev, Autoconf: true}); !errors.Is(err, ErrConfig) {
			t.Errorf("%v", err)
		}
	}
}

func TestWithoutAutoconfigurationRoutersAreNotHeard(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.dropped(DropAutoconfOff, func() {
		r.advertiseRouter(router1, adv{lifetime: 9000, hops: 7, options: [][]byte{prefixOption(netA, flagOnLink|flagAutonomous, 1000, 500)}})
	})
	m := make([]byte, redirectLen)
	m[0] = typeRedirect
	a, b := router2.As16(), peer6.As16()
	copy(m[8:], a[:])
	copy(m[24:], b[:])
	r.dropped(DropAutoconfOff, func() { r.put(r.icmp6(router1, our6, ndpHops, m)) })
	r.dropped(DropNotForUs, func() {
		r.put(r.icmp6(router1, allNodes, ndpHops, []byte{typeRouterSolicitation, 0, 0, 0, 0, 0, 0, 0}))
	})
	if len(r.Addrs()) != 2 || len(r.routers)+len(r.redirects) != 0 || r.hopLimit != defaultHopLimit {
		t.Fatalf("%+v", r.Addrs())
	}
	r.put(r.frame(eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolNoNextHeader)))
	r.nothing()
}
