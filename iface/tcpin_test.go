package iface

import (
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestSYNToAListenerIsAnsweredAndToNobodyReset(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		r := newRig(t, m, Limits{})
		r.listen(defaultListen)
		if m == phy.MediumEthernet {
			r.put(r.arpFrom(arpReply, peer4, our4))
		}
		cut := ethernetHeaderLen - r.hdrLen
		r.put(r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), syn(80))[cut:])
		p := r.take()
		seg, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
		if !ok || !seg.SYN || !seg.ACK || seg.Ack != 1001 {
			t.Fatalf("%v", p)
		}
		r.dropped(DropNoPort, func() { r.put(r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), syn(81))[cut:]) })
		p = r.take()
		if seg, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP); !ok || !seg.RST || !seg.ACK || seg.Ack != 1001 || seg.Seq != 0 {
			t.Fatalf("%v", p)
		}
	}
}

func TestSegmentsWithABadChecksumOrHeaderAreDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.listen(defaultListen)
	good := r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), syn(80), gopacket.Payload("payload"))
	for k := ethernetHeaderLen + ipv4HeaderLen; k < len(good); k++ {
		bad := append([]byte(nil), good...)
		bad[k] ^= 4
		before := r.Stats().Delivered
		r.put(bad)
		if r.Stats().Delivered != before {
			t.Fatalf("a flip in byte %d of the segment was delivered", k-ethernetHeaderLen-ipv4HeaderLen)
		}
	}
	for n := range len(good) {
		before := r.Stats().Delivered
		if n > 0 {
			r.put(good[:n])
		}
		if r.Stats().Delivered != before {
			t.Fatalf("a frame of %d bytes was delivered", n)
		}
	}
}

func TestSYNToABroadcastIsDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.listen(defaultListen)
	ip := ip4(layers.IPProtocolTCP)
	ip.DstIP = []byte{192, 0, 2, 255}
	r.dropped(DropNotForUs, func() { r.put(r.frame(eth(layers.EthernetTypeIPv4), ip, syn(80))) })
	e := eth(layers.EthernetTypeIPv4)
	e.DstMAC = broadcastMAC[:]
	r.dropped(DropNotForUs, func() { r.put(r.frame(e, ip4(layers.IPProtocolTCP), syn(80))) })
	r.nothing()
}

func TestResetsAreLimitedInRateAndNeverAnswerAReset(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{ResetsPerSecond: 1000})
	n := 0
	const all = 500
	for range all {
		r.put(r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), syn(81)))
		if r.take() != nil {
			n++
		}
	}
	if least, most := around(100); n < least || n > most || r.Stats().OutDrops[DropRateLimited] != uint64(all-n) {
		t.Fatalf("%d resets, %d suppressed", n, r.Stats().OutDrops[DropRateLimited])
	}
	r = newRig(t, phy.MediumEthernet, Limits{})
	rst := syn(81)
	rst.SYN, rst.RST = false, true
	r.put(r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), rst))
	r.nothing()
}
