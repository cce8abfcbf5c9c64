package iface

import (
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
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

// timeWait leads a connection of a listener's, from port 4000, to TIME-WAIT, and gives our next sequence number.
func (r *rig) timeWait(l *Listener) (next uint32) {
	r.t.Helper()
	tell := func(seq, ack uint32, fin bool) *layers.TCP {
		seg := syn(80)
		seg.SYN, seg.ACK, seg.FIN, seg.Seq, seg.Ack = false, true, fin, seq, ack
		r.put(r.frame(ip4(layers.IPProtocolTCP), seg))
		if p := r.take(); p != nil {
			return p.Layer(layers.LayerTypeTCP).(*layers.TCP)
		}
		return nil
	}
	r.put(r.frame(ip4(layers.IPProtocolTCP), syn(80)))
	next = r.take().Layer(layers.LayerTypeTCP).(*layers.TCP).Seq + 1
	tell(1001, next, false)
	c, ok := l.Accept()
	if !ok {
		r.t.Fatal("not accepted")
	}
	c.Close()
	r.poll()
	r.take()
	next++
	if ack := tell(1001, next, true); ack == nil || c.State() != tcp.StateTimeWait {
		r.t.Fatal(c.State())
	}
	return next
}

func TestAListenersNewConnectionTakesThePlaceOfOneInTimeWait(t *testing.T) { // RFC 9293 §3.10.7.4 (MAY-2)
	again := syn(80)
	again.Seq = 5000
	for _, cfg := range []tcp.ListenConfig{{}, {SYNQueue: -1}} { // not by a cookie, whose number would be any
		r := newRig(t, phy.MediumIP, Limits{})
		l := r.listen(defaultListen)
		next := r.timeWait(l)
		l.Close()
		if r.Stats().Conns != 1 {
			t.Fatal(r.Stats().Conns)
		}
		r.put(r.frame(ip4(layers.IPProtocolTCP), again))
		if seg := r.take().Layer(layers.LayerTypeTCP).(*layers.TCP); seg.SYN || seg.RST || !seg.ACK || seg.Seq != next || r.Stats().Conns != 1 {
			t.Fatalf("without a listener TIME-WAIT stays: %+v", seg)
		}
		r.listen(cfg)
		r.put(r.frame(ip4(layers.IPProtocolTCP), again))
		seg := r.take().Layer(layers.LayerTypeTCP).(*layers.TCP)
		if !seg.SYN || !seg.ACK || seg.Ack != 5001 || int32(seg.Seq-next) < 1<<16 || r.Stats().TCP.SYNCookies != 0 || r.Stats().Conns != 1 {
			t.Fatalf("%+v", seg)
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
