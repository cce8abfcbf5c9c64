package iface

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"testing"

	"smoltls/phy"
)

// events counts what a socket's owner hears.
type events int

func (e *events) PacketEvent() { *e++ }

func (s *station) openUDP(t testing.TB, local string, cfg PacketConfig) (*UDPSocket, *events) {
	t.Helper()
	u, e := &UDPSocket{}, new(events)
	if err := s.OpenUDP(u, e, netip.MustParseAddrPort(local), cfg); err != nil {
		t.Fatal(err)
	}
	return u, e
}

func to(s string) Meta { return Meta{Remote: netip.MustParseAddrPort(s)} }

func TestQueuesOfDatagramSocketsAreBoundedAndTellWhenThereIsRoom(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	a, ea := p.a.openUDP(t, "0.0.0.0:0", PacketConfig{SendPackets: 3})
	b, _ := p.b.openUDP(t, "0.0.0.0:53", PacketConfig{RecvPackets: 2, RecvBytes: 1000})
	for k := range 5 {
		err := a.TrySendTo([]byte{byte(k)}, to("192.0.2.2:53"))
		if want := k >= 3; errors.Is(err, ErrWouldBlock) != want {
			t.Errorf("datagram %d: %v", k, err)
		}
	}
	p.poll()
	if *ea != 1 {
		t.Errorf("%d events, want one: there is room again", *ea)
	}
	if b.Dropped() != 1 || p.b.Stats().Drops[DropQueueFull] != 1 {
		t.Errorf("%d dropped, %d counted", b.Dropped(), p.b.Stats().Drops[DropQueueFull])
	}
	buf := make([]byte, 10)
	for k := range 2 {
		if n, m, err := b.TryRecv(buf); n != 1 || err != nil || buf[0] != byte(k) || m.Remote != netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), a.LocalAddr().Port()) {
			t.Errorf("%d bytes from %v, %v", n, m.Remote, err)
		}
	}
	if _, _, err := b.TryRecv(buf); err != ErrWouldBlock || b.Readable() {
		t.Error(err)
	}
	a.TrySendTo(make([]byte, 1001), to("192.0.2.2:53"))
	p.poll()
	if b.Dropped() != 2 {
		t.Error("more than RecvBytes was taken")
	}
}

func TestADatagramLongerThanTheBufferStays(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	a, _ := p.a.openUDP(t, "0.0.0.0:0", PacketConfig{})
	b, eb := p.b.openUDP(t, "0.0.0.0:53", PacketConfig{})
	a.TrySendTo([]byte("four"), to("192.0.2.2:53"))
	p.poll()
	if n, _, err := b.TryRecv(make([]byte, 3)); n != 4 || err != ErrShortBuffer {
		t.Errorf("%d, %v", n, err)
	}
	if got, _, err := b.Peek(); string(got) != "four" || err != nil || *eb != 1 {
		t.Errorf("%q, %v, %d events", got, err, *eb)
	}
}

func TestAClosedSocketForDatagramsSaysSoAndHoldsNothing(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	out := p.a.Pool().Out()
	a, _ := p.a.openUDP(t, "0.0.0.0:53", PacketConfig{})
	a.TrySendTo([]byte("never sent"), to("192.0.2.2:53"))
	a.Close()
	a.Close()
	p.poll()
	if _, _, err := a.TryRecv(nil); err != ErrClosed {
		t.Error(err)
	}
	if err := a.TrySendTo(nil, to("192.0.2.2:53")); err != ErrClosed {
		t.Error(err)
	}
	if p.a.Pool().Out() != out || p.b.Stats().FramesIn != 0 || len(p.a.udp) != 0 {
		t.Errorf("%d bytes held, %d frames sent", p.a.Pool().Out()-out, p.b.Stats().FramesIn)
	}
	if err := p.a.OpenUDP(a, nil, netip.MustParseAddrPort("0.0.0.0:53"), PacketConfig{}); err != nil {
		t.Errorf("its memory can't be used again: %v", err)
	}
	if err := p.a.OpenUDP(a, nil, netip.MustParseAddrPort("0.0.0.0:54"), PacketConfig{}); err != ErrInUse {
		t.Error(err)
	}
}

func TestSocketsForDatagramsTakeTurnsAndShareWithConnections(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, s := p.connect("192.0.2.2:80", nil)
	c.TryWrite(make([]byte, 10_000))
	var us []*UDPSocket
	for k := range 3 {
		u, _ := p.a.openUDP(t, fmt.Sprintf("0.0.0.0:%d", 1000+k), PacketConfig{})
		for range 50 {
			u.TrySendTo([]byte("x"), to("192.0.2.2:9"))
		}
		us = append(us, u)
	}
	if n, err := p.a.Egress(p.now, 70); n != 70 || err != nil {
		t.Fatal(n, err)
	}
	for _, u := range us {
		if left := u.out.Len(); left < 28 || left > 30 {
			t.Errorf("%d of 50 left", left)
		}
	}
	p.poll()
	if got := s.ReadBuffered(); got != 10_000 {
		t.Errorf("the connection got %d bytes through", got)
	}
}

func TestDatagramsInSteadyStateAllocateNothing(t *testing.T) {
	p := newPair(t, phy.MediumEthernet)
	a, _ := p.a.openUDP(t, "192.0.2.1:1000", PacketConfig{})
	b, _ := p.b.openUDP(t, "192.0.2.2:1000", PacketConfig{})
	data, buf := bytes.Repeat([]byte("x"), 1400), make([]byte, 2000)
	one := func() {
		if a.TrySendTo(data, Meta{Remote: b.LocalAddr()}) != nil {
			t.Fatal("not sent")
		}
		p.poll()
		if n, _, err := b.TryRecv(buf); n != len(data) || err != nil {
			t.Fatal(n, err)
		}
	}
	one()
	if n := testing.AllocsPerRun(500, one); n != 0 {
		t.Errorf("%v allocations a datagram", n)
	}
}
