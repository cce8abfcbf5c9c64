package iface

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

// about lets f send a packet, and gives an ICMP error about it as a router would.
func (r *rig) about(f func(), kind, code uint8, mtu uint16) {
	r.t.Helper()
	f()
	r.poll()
	sent, err := r.wire.Receive(r.now) // as it is: gopacket does not know every protocol
	if sent == nil || err != nil {
		r.t.Fatal("nothing was sent", err)
	}
	quoted := bytes.Clone(sent)
	if quoted[0]>>4 == 4 {
		ip := ip4(layers.IPProtocolICMPv4)
		ip.SrcIP = parseIP("203.0.113.1")
		m := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(kind, code), Seq: mtu}
		r.put(r.frame(ip, m, gopacket.Payload(quoted[:28])))
		return
	}
	ip := ip6(layers.IPProtocolICMPv6)
	ip.SrcIP = parseIP("2001:db8:1::1")
	m := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(kind, code)}
	m.SetNetworkLayerForChecksum(ip)
	r.put(r.frame(ip, m, gopacket.Payload(append([]byte{0, 0, byte(mtu >> 8), byte(mtu)}, quoted[:min(len(quoted), 1000)]...))))
}

func TestSocketsHearWhatICMPSaysOfTheirPackets_RFC1122_4_1_3_3(t *testing.T) {
	for _, c := range []struct {
		to         netip.Addr
		kind, code uint8
		want       error
	}{
		{peer4, 3, 3, ErrRefused}, {peer4, 3, 1, ErrUnreachable}, {peer4, 11, 0, ErrHopLimit}, {peer4, 12, 0, ErrUnreachable},
		{peer6, 1, 4, ErrRefused}, {peer6, 1, 0, ErrUnreachable}, {peer6, 3, 0, ErrHopLimit}, {peer6, 4, 2, ErrUnreachable},
	} {
		r := newRig(t, phy.MediumIP, Limits{})
		u, heard := r.openUDP(t, "[::]:5", PacketConfig{})
		u.Connect(netip.AddrPortFrom(c.to, 9))
		g := r.openPing(t, 77)
		kind := RawKind{Version: 4, Protocol: 253}
		if c.to.Is6() {
			kind.Version = 6
		}
		raw := r.openRaw(t, kind, nil)
		hears := func(name string, peek func() ([]byte, Meta, error), send func()) {
			t.Helper()
			r.about(send, c.kind, c.code, 0)
			_, _, err := peek()
			var said *ICMPError
			if !errors.Is(err, c.want) || !errors.As(err, &said) || said.To != c.to || said.From == c.to || said.Type != c.kind || said.Code != c.code {
				t.Errorf("%s, type %d, code %d: %v, wanted %v", name, c.kind, c.code, err, c.want)
			}
			if _, _, err := peek(); !errors.Is(err, ErrWouldBlock) {
				t.Errorf("%s: told twice: %v", name, err)
			}
		}
		hears("UDP", u.Peek, func() { u.TrySend([]byte("x")) })
		hears("ping", g.Peek, func() { g.TrySend(1, []byte("12345678"), Meta{Remote: netip.AddrPortFrom(c.to, 0)}) })
		hears("raw", raw.Peek, func() {
			var ip gopacket.SerializableLayer = &layers.IPv4{Version: 4, TTL: 9, Protocol: 253, SrcIP: our4.AsSlice(), DstIP: c.to.AsSlice()}
			if c.to.Is6() {
				ip = &layers.IPv6{Version: 6, HopLimit: 9, NextHeader: 253, SrcIP: our6.AsSlice(), DstIP: c.to.AsSlice()}
			}
			b := r.frame(ip, gopacket.Payload("12345678"))
			if err := raw.TrySend(b); err != nil {
				t.Fatal(err)
			}
		})
		if *heard != 1 || r.Stats().ICMPErrorsIn != 3 {
			t.Errorf("%d events, %d errors", *heard, r.Stats().ICMPErrorsIn)
		}
	}
}

func TestWhatNobodyHereSentIsNotBelieved(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	u, _ := r.openUDP(t, "[::]:5", PacketConfig{}) // connected to nobody
	g := r.openPing(t, 77)
	lies := func(send func()) { r.dropped(DropNoPort, func() { r.about(send, 3, 3, 0) }) }
	lies(func() { u.TrySendTo([]byte("x"), Meta{Remote: netip.AddrPortFrom(peer4, 9)}) })
	other := &PingSocket{}
	r.OpenPing(other, nil, 78, PacketConfig{})
	lies(func() {
		other.TrySend(1, []byte("x"), Meta{Remote: netip.AddrPortFrom(peer4, 0)})
		r.poll()
		other.Close()
	})
	if u.Readable() || g.Readable() || (&quoted{proto: protoICMP, upper: []byte{icmp4Echo, 0, 0, 0, 0, 77, 0}}).echo() != 0 {
		t.Fatal("heard")
	}
}

func TestWhatMayNotBeFragmentedIsRefusedWhenItIsTooLong_RFC8899_4(t *testing.T) {
	for _, to := range []netip.Addr{peer4, peer6} {
		r := newRig(t, phy.MediumIP, Limits{})
		u, _ := r.openUDP(t, "[::]:5", PacketConfig{DontFragment: true})
		u.Connect(netip.AddrPortFrom(to, 9))
		header := ipv4HeaderLen + udpHeaderLen
		kind, code := uint8(3), uint8(4)
		if to.Is6() {
			header, kind, code = ipv6HeaderLen+udpHeaderLen, 2, 0
		}
		if err := u.TrySend(make([]byte, 1501-header)); !errors.Is(err, ErrTooBig) {
			t.Fatal(err)
		}
		r.about(func() { u.TrySend(make([]byte, 1500-header)) }, kind, code, 1400)
		_, _, err := u.Peek()
		var said *ICMPError
		if !errors.Is(err, ErrTooBig) || !errors.As(err, &said) || said.MTU != 1400 || r.PathMTU(to) != 1400 || !strings.Contains(err.Error(), to.String()) {
			t.Fatalf("%v, path MTU %d", err, r.PathMTU(to))
		}
		if err := u.TrySend(make([]byte, 1401-header)); !errors.Is(err, ErrTooBig) {
			t.Fatal(err)
		}
		if err := u.TrySend(make([]byte, 1400-header)); err != nil {
			t.Fatal(err)
		}
		r.poll()
		p := r.take()
		if ip, ok := p.Layer(layers.LayerTypeIPv4).(*layers.IPv4); ok && ip.Flags != layers.IPv4DontFragment {
			t.Errorf("%v", ip.Flags)
		}
		t.Log("# who may fragment hears nothing of it, and does")
		v, _ := r.openUDP(t, "[::]:6", PacketConfig{})
		v.Connect(netip.AddrPortFrom(to, 9))
		v.TrySend(make([]byte, 1450))
		r.poll()
		if n := len(r.drain()); n != 2 || v.Readable() {
			t.Errorf("%d packets", n)
		}
	}
}
