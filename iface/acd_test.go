package iface

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

var given = netip.MustParsePrefix("198.51.100.7/24")

// newLateRig is a rig whose station has no address yet.
func newLateRig(t testing.TB) *autoRig {
	t.Helper()
	dev, wire := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	a := &autoRig{}
	i, err := New(Config{Device: dev, HardwareAddr: ourMAC, Rand: zeroRand{1}, AddrsLater: true, AddrEvent: func(e AddrEvent) { a.heard = append(a.heard, e) }})
	if err != nil {
		t.Fatal(err)
	}
	a.rig = &rig{&station{i, make(map[*Conn]int)}, t, start, wire}
	return a
}

// arps gives the ARP messages that the station sends in a time, with when.
func (a *autoRig) arps(d time.Duration) (all []*layers.ARP, at []time.Duration) {
	a.t.Helper()
	begin := a.now
	const step = 10 * time.Millisecond
	for a.now.Sub(begin) < d {
		a.poll()
		for _, p := range a.drain() {
			if m, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP); ok {
				all, at = append(all, m), append(at, a.now.Sub(begin))
			}
		}
		a.now = a.now.Add(step)
	}
	return all, at
}

func addrOf(b []byte) netip.Addr { return netip.AddrFrom4([4]byte(b)) }

func TestAnIPv4AddressIsTestedAndAnnounced_RFC5227_2_1(t *testing.T) {
	a := newLateRig(t)
	if err := a.AddAddr(a.now, AddrConfig{Prefix: given, Probes: DefaultProbes}); err != nil {
		t.Fatal(err)
	}
	if s := a.AddrState(given.Addr()); s != AddrTentative {
		t.Fatal(s)
	}
	all, at := a.arps(12 * time.Second)
	if len(all) != DefaultProbes+announcements {
		t.Fatalf("%d messages at %v", len(all), at)
	}
	for k, m := range all {
		sender := netip.IPv4Unspecified()
		if k >= DefaultProbes {
			sender = given.Addr()
		}
		if m.Operation != layers.ARPRequest || addrOf(m.SourceProtAddress) != sender || addrOf(m.DstProtAddress) != given.Addr() || [6]byte(m.SourceHwAddress) != ourMAC {
			t.Errorf("%d: %+v", k, m)
		}
	}
	near := func(what string, d, least, most time.Duration) {
		if d < least || d > most+20*time.Millisecond {
			t.Errorf("%s: %v, must be %v to %v", what, d, least, most)
		}
	}
	near("PROBE_WAIT", at[0], 0, time.Second)
	near("PROBE_MIN to PROBE_MAX", at[1]-at[0], time.Second, 2*time.Second)
	near("PROBE_MIN to PROBE_MAX", at[2]-at[1], time.Second, 2*time.Second)
	near("ANNOUNCE_WAIT", at[3]-at[2], 2*time.Second, 2*time.Second)
	near("ANNOUNCE_INTERVAL", at[4]-at[3], 2*time.Second, 2*time.Second)
	if s := a.AddrState(given.Addr()); s != AddrPreferred {
		t.Error(s)
	}
}

func TestAnIPv4AddressThatAnotherStationHas_RFC5227_2_1_1(t *testing.T) {
	for name, answer := range map[string]func(a *autoRig) []byte{
		"answers": func(a *autoRig) []byte { return a.arpFrom(arpReply, given.Addr(), netip.IPv4Unspecified()) },
		"speaks":  func(a *autoRig) []byte { return a.arpFrom(arpRequest, given.Addr(), peer4) },
		"tests":   func(a *autoRig) []byte { return a.arpFrom(arpRequest, netip.IPv4Unspecified(), given.Addr()) },
	} {
		a := newLateRig(t)
		if err := a.AddAddr(a.now, AddrConfig{Prefix: given, Probes: 1, ProbeInterval: time.Second}); err != nil {
			t.Fatal(err)
		}
		a.arps(700 * time.Millisecond)
		a.put(a.arpFrom(arpRequest, peer4, given.Addr())) // asks where it is: nothing to do with us
		if s := a.AddrState(given.Addr()); s != AddrTentative {
			t.Fatalf("%s: %v", name, s)
		}
		a.put(answer(a))
		if s := a.AddrState(given.Addr()); s != AddrDuplicate || a.Stats().AddrConflicts != 1 {
			t.Errorf("%s: %v", name, s)
		}
		all, _ := a.arps(5 * time.Second)
		if len(all) != 0 {
			t.Errorf("%s: speaks on: %+v", name, all)
		}
		if last := a.heard[len(a.heard)-1]; last != (AddrEvent{given, AddrDuplicate, true}) {
			t.Errorf("%s: %+v", name, last)
		}
		if err := a.AddAddr(a.now, AddrConfig{Prefix: given}); err != nil || a.AddrState(given.Addr()) != AddrPreferred { // the caller knows better
			t.Errorf("%s: %v, %v", name, err, a.AddrState(given.Addr()))
		}
	}
}

func TestAnIPv4AddressIsDefendedOnceAndGivenUp_RFC5227_2_4(t *testing.T) {
	a := newLateRig(t)
	if err := a.AddAddr(a.now, AddrConfig{Prefix: given, Probes: 1, ProbeInterval: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	a.arps(5 * time.Second)
	u, _ := a.openUDP(t, "198.51.100.7:9", PacketConfig{})
	claim := a.arpFrom(arpRequest, given.Addr(), given.Addr())
	for range 2 { // with time between them, each is answered
		a.put(claim)
		all, _ := a.arps(conflictInterval)
		if len(all) != 1 || addrOf(all[0].SourceProtAddress) != given.Addr() || addrOf(all[0].DstProtAddress) != given.Addr() {
			t.Fatalf("%+v", all)
		}
	}
	a.put(claim)
	a.put(claim)
	if s := a.AddrState(given.Addr()); s != AddrDuplicate {
		t.Error(s)
	}
	if _, _, err := u.Peek(); !errors.Is(err, ErrAddrGone) {
		t.Errorf("a socket: %v", err)
	}
	all, _ := a.arps(conflictInterval)
	if len(all) != 1 { // the one that answered the first
		t.Errorf("%+v", all)
	}
}
