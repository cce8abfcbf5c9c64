package iface

import (
	"bytes"
	"errors"
	"testing"

	"smoltls/phy"
)

func (s *station) openPing(t testing.TB, id uint16) *PingSocket {
	t.Helper()
	p := &PingSocket{}
	if err := s.OpenPing(p, nil, id, PacketConfig{}); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPingsAreAnsweredOverBothMediumsAndFamiliesWholeAndInFragments(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		for _, addr := range []string{"192.0.2.2:0", "[2001:db8::2]:0"} {
			for _, size := range []int{0, 56, 1472, 1473, 10_000, 60_000} {
				p := newPair(t, m)
				s, other := p.a.openPing(t, 0), p.a.openPing(t, 0)
				data := fragData(size)
				if err := s.TrySend(7, data, to(addr)); err != nil {
					t.Fatal(err)
				}
				p.poll()
				got, from, err := s.Peek()
				if err != nil || !bytes.Equal(got, data) || from.Remote.Addr() != to(addr).Remote.Addr() || from.Remote.Port() != 7 || from.HopLimit != defaultHopLimit {
					t.Errorf("%v %s, %d bytes: %d came back from %v, %v; %v", m, addr, size, len(got), from.Remote, err, p.b.Stats().Drops)
				}
				if other.Readable() {
					t.Error("another socket hears of it")
				}
			}
		}
	}
}

func TestPingIdentifiersAreOnesOwn(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	s := p.a.openPing(t, 77)
	if err := p.a.OpenPing(&PingSocket{}, nil, 77, PacketConfig{}); !errors.Is(err, ErrAddrInUse) {
		t.Error(err)
	}
	if err := p.a.OpenPing(s, nil, 78, PacketConfig{}); err != ErrInUse {
		t.Error(err)
	}
	s.Close()
	s.Close()
	if err := s.TrySend(1, nil, to("192.0.2.2:0")); err != ErrClosed {
		t.Error(err)
	}
	for id := range 1<<16 - 100 {
		p.a.pings[uint16(id)] = &PingSocket{}
	}
	delete(p.a.pings, 0)
	for range 100 {
		if p.a.openPing(t, 0).ID() == 0 {
			t.Fatal("identifier 0")
		}
	}
	if err := p.a.OpenPing(&PingSocket{}, nil, 0, PacketConfig{}); !errors.Is(err, ErrPortsUsedUp) {
		t.Error(err)
	}
}

func TestPingsThatCannotBeSentAreRefused(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	s := p.a.openPing(t, 0)
	for addr, want := range map[string]error{"0.0.0.0:0": ErrAddress, "198.51.100.1:0": ErrNoRoute} {
		if err := s.TrySend(1, nil, to(addr)); !errors.Is(err, want) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if err := s.TrySend(1, make([]byte, 65_508), to("192.0.2.2:0")); err != ErrTooBig {
		t.Error(err)
	}
}
