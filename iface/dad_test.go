package iface

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

// question gives the station's next solicitation for an address of its own, with its nonce.
func (a *autoRig) question() (target netip.Addr, nonce []byte) {
	a.t.Helper()
	for range 40 {
		for p := a.take(); p != nil; p = a.take() {
			m := icmpOf(p)
			ip := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6)
			if m == nil || m[0] != typeNeighborSolicitation || !netip.AddrFrom16([16]byte(ip.SrcIP)).IsUnspecified() {
				continue
			}
			target = netip.AddrFrom16([16]byte(m[8:24]))
			if dst := netip.AddrFrom16([16]byte(ip.DstIP)); dst != solicitedNode(target) || ip.HopLimit != ndpHops {
				a.t.Fatalf("asked at %v with hop limit %d (RFC 4862 §5.4.2)", dst, ip.HopLimit)
			}
			for kind, v := range ndpOptions(m[ndpLen:]) {
				switch kind {
				case optNonce:
					nonce = v
				case optSourceLinkAddr:
					a.t.Fatal("a source link-layer address from nobody (RFC 4861 §4.3)")
				}
			}
			return target, nonce
		}
		a.sleep(100 * time.Millisecond)
	}
	a.t.Fatal("not asked")
	return target, nil
}

func TestAnAddressIsTestedBeforeItIsUsed_RFC4862_5_4(t *testing.T) {
	a := newAutoRig(t, nil)
	if got := a.Addrs(); len(got) != 1 || got[0].State != AddrTentative || !got[0].Auto {
		t.Fatalf("%+v", got)
	}
	if at := a.PollAt(a.now); at != a.now {
		t.Fatalf("before the first poll PollAt says %v", at)
	}
	target, nonce := a.question()
	if len(nonce) != 6 {
		t.Fatalf("nonce %x (RFC 7527 §4.1)", nonce)
	}
	t.Log("# a tentative address takes no packets, and sends none")
	echo := []byte{icmp6Echo, 0, 0, 0, 0, 1, 0, 1}
	a.dropped(DropNotForUs, func() { a.put(a.icmp6(router1, target, 64, echo)) })
	a.dropped(DropNotForUs, func() { a.put(a.icmp6(router1, solicitedNode(target), ndpHops, solicitation(target))) })
	if _, err := a.sourceFor(router1, netip.Addr{}); err == nil {
		t.Fatal("a tentative address is a source")
	}
	a.drain()
	t.Log("# nobody answers within RetransTimer: it is ours")
	a.sleep(retransTimer)
	if got := a.Addrs()[0]; got.State != AddrPreferred || a.heard[len(a.heard)-1].State != AddrPreferred {
		t.Fatalf("%+v, %+v", got, a.heard)
	}
	a.drain()
	a.put(a.icmp6(router1, target, 64, echo))
	a.put(a.advertise(router1, target, flagSolicited|flagOverride, routerMAC[:]))
	if s := a.Stats(); s.EchoReplies != 1 {
		t.Fatalf("%+v", s)
	}
}

// solicitation is one for target, without options.
func solicitation(target netip.Addr) []byte {
	m := make([]byte, ndpLen)
	m[0] = typeNeighborSolicitation
	b := target.As16()
	copy(m[8:], b[:])
	return m
}

func TestConflictsOfAllKindsAreSeen_RFC4862_5_4_3(t *testing.T) {
	for name, claim := range map[string]func(a *autoRig, target netip.Addr) []byte{
		"another tests it too": func(a *autoRig, target netip.Addr) []byte {
			return a.icmp6(netip.IPv6Unspecified(), solicitedNode(target), ndpHops, solicitation(target))
		},
		"another has it": func(a *autoRig, target netip.Addr) []byte {
			return a.advertise(target, allNodes, flagOverride, peerMAC[:])
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAutoRig(t, nil)
			first, nonce := a.question()
			t.Log("# our own question, brought back by the link, is none (RFC 7527 §4.2)")
			own := append(solicitation(first), append([]byte{optNonce, 1}, nonce...)...)
			a.dropped(DropSource, func() {
				a.put(a.icmp6(netip.IPv6Unspecified(), solicitedNode(first), ndpHops, own))
			})
			t.Log("# another identifier is tried, a few times (RFC 7217 §6)")
			seen := map[netip.Addr]bool{}
			target := first
			for n := range idGenRetries {
				seen[target] = true
				a.put(claim(a, target))
				if s := a.Stats(); s.AddrConflicts != uint64(n+1) {
					t.Fatalf("%d conflicts", s.AddrConflicts)
				}
				if target, _ = a.question(); seen[target] {
					t.Fatalf("%v again", target)
				}
			}
			a.put(claim(a, target))
			a.sleep(time.Minute)
			if got := a.Addrs()[0]; got.State != AddrDuplicate || a.heard[len(a.heard)-1] != (AddrEvent{got.Prefix, AddrDuplicate, true}) {
				t.Fatalf("%+v", got)
			}
			a.silent()
		})
	}
}

func TestGivenAddressesAreTestedOnRequest(t *testing.T) {
	for _, c := range []struct{ transmits, asked int }{{0, 0}, {-1, 0}, {1, 1}, {3, 3}} {
		a := newAutoRig(t, func(c2 *Config) {
			c2.Autoconf, c2.DADTransmits = false, c.transmits
			c2.Addrs = []netip.Prefix{netip.PrefixFrom(our6, 64), netip.PrefixFrom(our4, 24)}
		})
		if given := a.isOurs(our6); given != (c.asked == 0) || !a.isOurs(our4) {
			t.Errorf("DADTransmits %d: in use at once: %t", c.transmits, given)
		}
		for range c.asked {
			if target, _ := a.question(); target != our6 {
				t.Fatal(target)
			}
		}
		a.sleep(5 * time.Second)
		a.silent()
		if !a.isOurs(our6) || a.Addrs()[0].State != AddrPreferred {
			t.Errorf("%+v", a.Addrs())
		}
	}
}

func TestAGivenAddressThatAnotherStationHasIsNotUsed(t *testing.T) {
	a := newAutoRig(t, func(c *Config) { c.Addrs = []netip.Prefix{netip.PrefixFrom(our6, 64)} })
	for target, _ := a.question(); target != our6; target, _ = a.question() {
	}
	a.put(a.advertise(our6, allNodes, flagOverride, peerMAC[:]))
	a.sleep(time.Minute)
	if a.isOurs(our6) || a.Addrs()[0].State != AddrDuplicate {
		t.Fatalf("%+v", a.Addrs())
	}
}

func TestQuestionsWaitForTheDevice(t *testing.T) {
	dev, wire := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumEthernet, Queue: 1})
	i, err := New(Config{Device: dev, HardwareAddr: ourMAC, Rand: zeroRand{1}, Autoconf: true})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{&station{i, make(map[*Conn]int)}, t, start, wire}
	copy(dev.Buffer(20), make([]byte, 20)) // the queue is full
	dev.Send(start, 20)
	r.poll()
	for end := r.now.Add(5 * time.Second); r.now.Before(end); r.now = r.now.Add(100 * time.Millisecond) {
		if _, err := r.Egress(r.now, 10); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.Addrs()[0].State; got != AddrTentative {
		t.Fatalf("%v, though nobody was asked", got)
	}
	wire.Receive(r.now)
	for range 30 {
		r.poll()
		wire.Receive(r.now)
		r.now = r.now.Add(100 * time.Millisecond)
	}
	if got := r.Addrs()[0].State; got != AddrPreferred {
		t.Fatal(got)
	}
}
