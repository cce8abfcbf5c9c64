package iface

import (
	"errors"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func (s *station) openRaw(t testing.TB, k RawKind, want error) *RawSocket {
	t.Helper()
	r := &RawSocket{}
	if err := s.OpenRaw(r, nil, k, PacketConfig{}); !errors.Is(err, want) {
		t.Errorf("%+v: %v, want %v", k, err, want)
	}
	return r
}

func TestRawSocketsAreForWhatTheInterfaceHasNoUseFor(t *testing.T) {
	p := newPair(t, phy.MediumEthernet)
	for _, k := range []RawKind{{}, {Version: 5, Protocol: 89}, {Version: 4, Protocol: protoTCP}, {Version: 6, Protocol: protoICMPv6}, {EtherType: etherARP},
		{EtherType: etherIPv4}, {EtherType: 100}, {Version: 4, Protocol: 89, EtherType: 0x88b5}} {
		p.a.openRaw(t, k, ErrConfig)
	}
	p.a.openRaw(t, RawKind{Version: 4, Protocol: 89}, nil)
	p.a.openRaw(t, RawKind{Version: 4, Protocol: 89}, ErrAddrInUse)
	newPair(t, phy.MediumIP).a.openRaw(t, RawKind{EtherType: 0x88b5}, ErrConfig)
}

func TestRawPacketsAndFramesGoThroughWhole(t *testing.T) {
	p := newPair(t, phy.MediumEthernet)
	r := &rig{station: p.a, t: t}
	own4, own6 := ip4(89), ip6(89)
	own4.SrcIP, own4.DstIP = parseIP("192.0.2.1"), parseIP("192.0.2.2")
	own6.SrcIP, own6.DstIP = parseIP("2001:db8::1"), parseIP("2001:db8::2")
	e := eth(0x88b5)
	e.SrcMAC, e.DstMAC = append([]byte(nil), p.a.hw[:]...), append([]byte(nil), p.b.hw[:]...)
	for _, c := range []struct {
		kind  RawKind
		whole []byte
	}{
		{RawKind{Version: 4, Protocol: 89}, r.frame(own4, gopacket.Payload("routes"))},
		{RawKind{Version: 6, Protocol: 89}, r.frame(own6, gopacket.Payload("routes"))},
		{RawKind{EtherType: 0x88b5}, r.frame(e, payload(60))},
	} {
		from, at := p.a.openRaw(t, c.kind, nil), p.b.openRaw(t, c.kind, nil)
		if err := from.TrySend(c.whole); err != nil {
			t.Fatal(err)
		}
		p.poll()
		got, m, err := at.Peek()
		if err != nil || string(got) != string(c.whole) {
			t.Errorf("%+v: %x came of %x, %v", c.kind, got, c.whole, err)
		}
		if c.kind.Version == 4 && m.Remote.Addr().String() != "192.0.2.1" {
			t.Errorf("from %v", m.Remote)
		}
		for n := range c.whole[:14] {
			if err := from.TrySend(c.whole[:n]); !errors.Is(err, ErrAddress) {
				t.Errorf("%+v cut to %d bytes: %v", c.kind, n, err)
			}
		}
		from.Close()
		at.Close()
		if err := from.TrySend(c.whole); err != ErrClosed {
			t.Error(err)
		}
	}
	s := p.a.openRaw(t, RawKind{Version: 4, Protocol: 89}, nil)
	if err := s.TrySend(r.frame(own4, payload(1481))); err != ErrTooBig {
		t.Error(err)
	}
	own4.SrcIP = parseIP("192.0.2.77")
	if err := s.TrySend(r.frame(own4, payload(1))); !errors.Is(err, ErrNotOurs) {
		t.Error(err)
	}
}

func TestAProtocolThatARawSocketTakesIsNotAnsweredByAnError(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	f := r.frame(ip4(89), gopacket.Payload("x"))
	r.put(f)
	if p := r.take(); p == nil || p.Layer(layers.LayerTypeICMPv4) == nil {
		t.Error("not told that nobody wants it")
	}
	s := r.openRaw(t, RawKind{Version: 4, Protocol: 89}, nil)
	r.put(f)
	if r.take() != nil || !s.Readable() {
		t.Error("answered, or not delivered")
	}
}

func TestRawSocketsHearPacketsWithoutExtensionHeaders(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	s := r.openRaw(t, RawKind{Version: 6, Protocol: 253}, nil)
	for _, hs := range [][]byte{{protoDestination}, {protoFragment}} {
		h := noOptions
		if hs[0] == protoFragment {
			h = atomicFrag
		}
		r.put(r.chain(hs, [][]byte{h}, 253, []byte("routes")))
		b, _, err := s.Peek()
		if err != nil {
			t.Fatal(err)
		}
		if src, _, ok := rawAddrs(b, s.kind); !ok || src != peer6 || string(b[ipv6HeaderLen:]) != "routes" {
			t.Errorf("%x", b)
		}
		s.Discard()
	}
}

func TestPacketsFromAnAddressThatHasGoneDoNotLeave(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	s := r.openRaw(t, RawKind{Version: 4, Protocol: 253}, nil)
	ip := ip4(253)
	ip.SrcIP, ip.DstIP = ip.DstIP, ip.SrcIP
	if err := s.TrySend(r.frame(ip, gopacket.Payload("x"))); err != nil {
		t.Fatal(err)
	}
	if err := r.RemoveAddr(our4); err != nil {
		t.Fatal(err)
	}
	r.poll()
	r.nothing()
	if r.Stats().OutDrops[DropSource] != 1 || s.Unsent() != 0 {
		t.Fatal("not counted")
	}
}
