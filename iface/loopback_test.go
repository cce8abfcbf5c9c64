package iface

import (
	"bytes"
	"net/netip"
	"testing"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestOneTalksToOneselfWithoutTheDevice(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		for _, addr := range []string{"192.0.2.1:80", "[2001:db8::1]:80"} {
			dev, wire := phy.NewPipe(phy.PipeConfig{Medium: m})
			s := newStation(t, dev, "192.0.2.1/24", "2001:db8::1/64")
			r := &rig{s, t, start, wire}
			alone := &pair{t, start, s, s}
			client, server := alone.connect(addr, &tcp.Config{})
			if client.LocalAddr().Addr() != client.RemoteAddr().Addr() {
				t.Errorf("from %v to %v", client.LocalAddr(), client.RemoteAddr())
			}
			data := bytes.Repeat([]byte("0123456789abcdef!"), 20_000)
			var got []byte
			for off := 0; len(got) < len(data); {
				n, _ := client.TryWrite(data[off:])
				off += n
				alone.poll()
				b := make([]byte, len(data))
				n, _ = server.TryRead(b)
				got = append(got, b[:n]...)
			}
			if !bytes.Equal(got, data) {
				t.Error("altered")
			}
			u, _ := s.openUDP(t, "[::]:7", PacketConfig{})
			p := s.openPing(t, 0)
			remote := netip.AddrPortFrom(netip.MustParseAddrPort(addr).Addr(), 7)
			u.TrySendTo(data[:5000], Meta{Remote: remote})
			p.TrySend(3, data[:5000], Meta{Remote: remote})
			alone.poll()
			if b, _, err := u.Peek(); !bytes.Equal(b, data[:5000]) {
				t.Errorf("UDP: %d bytes, %v", len(b), err)
			}
			if b, _, err := p.Peek(); !bytes.Equal(b, data[:5000]) {
				t.Errorf("ping: %d bytes, %v", len(b), err)
			}
			r.nothing()
			if st := s.Stats(); st.FramesOut != 0 || st.Looped == 0 {
				t.Errorf("%d frames left, %d looped", st.FramesOut, st.Looped)
			}
		}
	}
}

func TestTheQueueToOneselfIsBounded(t *testing.T) {
	dev, _ := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP})
	i, err := New(Config{Device: dev, Rand: zeroRand{1}, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}, Limits: Limits{LoopPackets: 4}})
	if err != nil {
		t.Fatal(err)
	}
	s := &station{i, map[*Conn]int{}}
	u, _ := s.openUDP(t, "[::]:7", PacketConfig{})
	for range 10 {
		u.TrySendTo([]byte("x"), to("192.0.2.1:7"))
	}
	s.Egress(start, 100)
	if st := s.Stats(); st.OutDrops[DropLoopFull] != 6 || !s.PollAt(start).Equal(start) {
		t.Errorf("%d dropped, next poll %v", st.OutDrops[DropLoopFull], s.PollAt(start))
	}
	alone := &pair{t, start, s, s}
	client, server := alone.connect("192.0.2.1:80", &tcp.Config{})
	sent := 0
	for got := 0; got < 100_000; {
		n, _ := client.TryWrite(make([]byte, 100_000-sent))
		sent += n
		alone.poll()
		n, _ = server.Discard(100_000)
		got += n
	}
	if lost := s.Stats().OutDrops[DropLoopFull]; lost != 6 {
		t.Errorf("the connection lost %d segments", lost-6)
	}
}
