package iface

import (
	"errors"
	"net/netip"
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

func TestSocketsHearThatTheirNeighbourDoesNotAnswer_RFC4861_7_2_2(t *testing.T) {
	for _, c := range []struct {
		to, from netip.Addr
		code     uint8
	}{{peer4, our4, icmp4CodeHost}, {peer6, our6, icmp6CodeAddress}} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		u, _ := r.openUDP(t, "[::]:5", PacketConfig{})
		other, _ := r.openUDP(t, "[::]:6", PacketConfig{}) // connected to nobody
		g := r.openPing(t, 77)
		there := Meta{Remote: netip.AddrPortFrom(c.to, 9)}
		u.Connect(there.Remote)
		u.TrySend(fragData(3000)) // fragments
		other.TrySendTo([]byte("x"), there)
		g.TrySend(1, []byte("x"), there)
		r.sleep(maxSolicits*retransTimer - time.Millisecond)
		if u.Readable() || g.Readable() {
			t.Fatal("too early")
		}
		r.sleep(2 * time.Millisecond)
		for _, peek := range []func() ([]byte, Meta, error){u.Peek, g.Peek} {
			_, _, err := peek()
			var said *ICMPError
			if !errors.Is(err, ErrUnreachable) || !errors.As(err, &said) || said.From != c.from || said.To != c.to || said.Code != c.code {
				t.Errorf("%v: %v", c.to, err)
			}
		}
		if _, _, err := u.Peek(); !errors.Is(err, ErrWouldBlock) || other.Readable() {
			t.Errorf("%v: told twice, or whoever is connected to nobody: %v", c.to, err)
		}
	}
}
