package iface

import (
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestPacketsAreHeldWhileTheNeighbourIsAskedFor(t *testing.T) {
	for dst, header := range map[string]int{"192.0.2.9:9": ipv4HeaderLen, "[2001:db8::9]:9": ipv6HeaderLen} {
		r := newRig(t, phy.MediumEthernet, Limits{HeldBytes: 3 * (header + udpHeaderLen + 1)})
		u, _ := r.openUDP(t, "[::]:0", PacketConfig{})
		for k := range 5 {
			u.TrySendTo([]byte{byte(k)}, to(dst))
		}
		r.poll()
		if p := r.take(); p == nil || p.Layer(layers.LayerTypeUDP) != nil {
			t.Fatalf("nobody is asked: %v", p)
		}
		r.nothing()
		if lost := r.Stats().OutDrops[DropNoNeighbor]; lost != 2 {
			t.Errorf("%d lost, want the two oldest", lost)
		}
		r.learned(r.neighbors.m[to(dst).Remote.Addr()], peerMAC)
		for k := 2; k < 5; k++ {
			p := r.take()
			if p == nil || p.ApplicationLayer().Payload()[0] != byte(k) || [6]byte(p.Layer(layers.LayerTypeEthernet).(*layers.Ethernet).DstMAC) != peerMAC {
				t.Fatalf("datagram %d: %v", k, p)
			}
		}
		r.nothing()
		if n := r.Pool().Out(); n != 0 {
			t.Errorf("%d bytes are still held", n)
		}
	}
}

func TestPacketsForANeighbourThatNeverAnswersAreGivenUp(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "[::]:0", PacketConfig{})
	u.TrySendTo([]byte("x"), to("192.0.2.9:9"))
	for range maxSolicits + 1 {
		r.poll()
		r.now = r.now.Add(retransTimer)
	}
	if r.Pool().Out() != 0 || r.Stats().OutDrops[DropNoNeighbor] != 1 || r.PollAt(r.now) != (time.Time{}) && r.take() == nil {
		t.Errorf("%d bytes held, %d given up", r.Pool().Out(), r.Stats().OutDrops[DropNoNeighbor])
	}
}
