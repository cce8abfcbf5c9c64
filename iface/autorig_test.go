package iface

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/phy"
)

var (
	router1    = netip.MustParseAddr("fe80::1")
	router2    = netip.MustParseAddr("fe80::2")
	routerMAC  = [6]byte{2, 0, 0, 0, 0, 0x11}
	netA, netB = netip.MustParsePrefix("2001:db8:a::/64"), netip.MustParsePrefix("2001:db8:b::/64")
)

// autoRig is a rig whose station configures itself; what becomes of its addresses is in heard.
type autoRig struct {
	*rig
	heard []AddrEvent
}

func newAutoRig(t testing.TB, change func(*Config)) *autoRig {
	t.Helper()
	dev, wire := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	a := &autoRig{}
	c := Config{Device: dev, HardwareAddr: ourMAC, Rand: zeroRand{1}, Autoconf: true, StableSecret: []byte("secret")}
	c.AddrEvent = func(e AddrEvent) { a.heard = append(a.heard, e) }
	if change != nil {
		change(&c)
	}
	i, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	a.rig = &rig{&station{i, make(map[*Conn]int)}, t, start, wire}
	return a
}

// up lets the station find its link-local address, and gives it. What it sends is lost.
func (a *autoRig) up() netip.Addr {
	a.t.Helper()
	a.sleep(3 * time.Second)
	a.drain()
	l := a.linkLocal()
	if l == nil {
		a.t.Fatal("no link-local address")
	}
	return l.addr()
}

// drain takes all that the station has sent.
func (r *rig) drain() (all []gopacket.Packet) {
	for p := r.take(); p != nil; p = r.take() {
		all = append(all, p)
	}
	return all
}

// icmp6 is a message, checksum filled in, from a station to another or to many.
func (r *rig) icmp6(src, dst netip.Addr, hops uint8, m []byte) []byte {
	m = append([]byte(nil), m...)
	m[2], m[3] = 0, 0
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, pseudo(src, dst, protoICMPv6, len(m)))))
	e, ip := eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolICMPv6)
	if dst.IsMulticast() {
		mac := multicastMAC(dst)
		e.DstMAC = mac[:]
	}
	ip.HopLimit, ip.SrcIP, ip.DstIP = hops, src.AsSlice(), dst.AsSlice()
	return r.frame(e, ip, gopacket.Payload(m))
}

// silent checks that the station has sent nothing but reports of its groups.
func (r *rig) silent() {
	r.t.Helper()
	for _, p := range r.drain() {
		if m := icmpOf(p); m == nil || m[0] != typeMLDv2Report {
			r.t.Fatalf("unexpected frame: %v", p)
		}
	}
}

// adv is what a router advertises: a message without its checksum.
type adv struct {
	hops, flags        uint8
	lifetime           uint16
	reachable, retrans uint32
	options            [][]byte
}

func (a adv) bytes() []byte {
	b := []byte{typeRouterAdvertisement, 0, 0, 0, a.hops, a.flags}
	b = binary.BigEndian.AppendUint16(b, a.lifetime)
	b = binary.BigEndian.AppendUint32(b, a.reachable)
	b = binary.BigEndian.AppendUint32(b, a.retrans)
	for _, o := range a.options {
		b = append(b, o...)
	}
	return b
}

func prefixOption(p netip.Prefix, flags uint8, valid, preferred uint32) []byte {
	b := []byte{optPrefixInfo, 4, byte(p.Bits()), flags}
	b = binary.BigEndian.AppendUint32(b, valid)
	b = binary.BigEndian.AppendUint32(b, preferred)
	return append(append(b, 0, 0, 0, 0), p.Addr().AsSlice()...)
}

func mtuOption(n uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{optMTU, 1, 0, 0}, n)
}

func macOption(kind byte, mac [6]byte) []byte { return append([]byte{kind, 1}, mac[:]...) }

// advertiseRouter puts an advertisement on the wire.
func (r *rig) advertiseRouter(from netip.Addr, a adv) {
	r.put(r.icmp6(from, allNodes, ndpHops, a.bytes()))
}

// state gives the state of our address in a network; 0: there is none.
func (r *rig) state(network netip.Prefix) AddrState {
	for _, a := range r.Addrs() {
		if a.Prefix.Masked() == network {
			return a.State
		}
	}
	return 0
}

// icmpOf gives the ICMPv6 message in p; nil: it is none.
func icmpOf(p gopacket.Packet) []byte {
	if p == nil {
		return nil
	}
	if l, ok := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6); ok {
		return append(append([]byte(nil), l.LayerContents()...), l.LayerPayload()...)
	}
	return nil
}
