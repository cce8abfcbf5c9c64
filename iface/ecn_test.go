package iface

import (
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestMarksOfRoutersReachTCPAndItsCodepointTheWire(t *testing.T) { // RFC 3168 §6.1
	for _, v6 := range []bool{false, true} {
		r := newRig(t, phy.MediumIP, Limits{})
		l := r.listen(tcp.ListenConfig{Config: &tcp.Config{DSCP: 10}})
		send := func(ecn uint8, seg *layers.TCP, data string) {
			t.Helper()
			seg.SrcPort, seg.DstPort, seg.Window = 4000, 80, 60000
			var ip gopacket.SerializableLayer
			if v6 {
				h := ip6(layers.IPProtocolTCP)
				h.TrafficClass, ip = ecn, h
			} else {
				h := ip4(layers.IPProtocolTCP)
				h.TOS, ip = ecn, h
			}
			r.put(r.frame(ip, seg, gopacket.Payload(data)))
		}
		want := func(traffic uint8) *layers.TCP {
			t.Helper()
			p := r.take()
			if _, got := marks(p); got != traffic {
				t.Errorf("IPv6 %v: traffic class %#x, wanted %#x", v6, got, traffic)
			}
			return p.Layer(layers.LayerTypeTCP).(*layers.TCP)
		}
		send(0, &layers.TCP{Seq: 1000, SYN: true, ECE: true, CWR: true}, "")
		answer := want(10 << 2)
		if !answer.SYN || !answer.ECE || answer.CWR {
			t.Fatalf("IPv6 %v: %+v", v6, answer)
		}
		send(0, &layers.TCP{Seq: 1001, Ack: answer.Seq + 1, ACK: true}, "")
		send(3, &layers.TCP{Seq: 1001, Ack: answer.Seq + 1, ACK: true, PSH: true}, "marked")
		c, ok := l.Accept()
		if !ok {
			t.Fatal("not accepted")
		}
		c.TryWrite([]byte("answer"))
		r.poll()
		if seg := want(10<<2 | 2); !seg.ECE || seg.Ack != 1007 || len(seg.Payload) != 6 {
			t.Errorf("IPv6 %v: %+v", v6, seg)
		}
	}
}

func TestECNIsAskedForOnRequest(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	if err := r.Connect(&Conn{}, r, netip.AddrPortFrom(peer4, 80), &tcp.Config{ECN: tcp.ECNRequest}); err != nil {
		t.Fatal(err)
	}
	r.poll()
	p := r.take()
	if seg := p.Layer(layers.LayerTypeTCP).(*layers.TCP); !seg.SYN || !seg.ECE || !seg.CWR {
		t.Errorf("%+v", seg)
	}
}
