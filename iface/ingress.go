package iface

import (
	"time"

	"github.com/google/gopacket/layers"
)

// Ingress takes up to maxFrames frames from the device and gives each to whom it is for. n is how many there were; a
// super-segment counts as the packets that it stands for, and the last one may exceed the bound. The error is the
// device's.
func (i *Interface) Ingress(now time.Time, maxFrames int) (n int, err error) {
	i.setNow(now)
	n = i.receiveLooped(maxFrames)
	if i.batch != nil {
		m, err := i.ingressBatches(maxFrames - n)
		return n + m, err
	}
	for n < maxFrames {
		frame, err := i.receive()
		if err != nil || frame == nil {
			return n, err
		}
		n += i.weight(len(frame))
		i.take(frame)
	}
	return n, nil
}

// take takes a frame, and counts it.
func (i *Interface) take(frame []byte) {
	i.stats.FramesIn++
	i.stats.BytesIn += uint64(len(frame))
	i.count(i.frame(frame))
}

// count counts what became of a frame.
func (i *Interface) count(r DropReason) {
	if r == DropNone {
		i.stats.Delivered++
	} else {
		i.stats.Drops[r]++
	}
}

// packet is what the layers above need to know of the packet under way.
type packet struct {
	tuple   tuple // ports filled in by TCP
	payload []byte
	hops    uint8
	srcMAC  [6]byte
	v4      bool
	toAll   bool   // destination is a broadcast or multicast address, of either layer
	looped  bool   // from ourselves
	pieces  bool   // came with a fragment header
	alert   bool   // and with a router alert option (RFC 2711)
	header  []byte // IP's, without IPv6's extension headers
	traffic uint8  // DSCP and ECN (RFC 2474, RFC 3168)
	summed  bool   // the device answers for the checksum

	frame       []byte // all of it, when it is an IP packet without extension headers right behind the link's header
	segmentSize int    // of a super-segment: each segment's payload; 0: it is one packet

	original []byte // the packet as it came, when header and payload are not all there was
	nextAt   int    // where in it stands what the payload is
}

func (i *Interface) frame(frame []byte) DropReason {
	var p packet
	i.takeInfo(frame, &p)
	if i.predicted(frame, &p) {
		return DropNone
	}
	i.next.conn = nil
	ip, extended := i.extended(frame)
	d := &i.decoder
	switch {
	case !extended && (len(frame) == 0 || !d.decode(frame, i.ether)):
		return DropMalformed
	case extended && i.ether:
		d.decode(frame[:len(frame)-len(ip)], true) // the link's header alone
	}
	k := 0
	if i.ether {
		if len(d.found) == 0 || d.layer(0) != layers.LayerTypeEthernet {
			return DropMalformed
		}
		dst := [6]byte(d.eth.DstMAC)
		p.srcMAC = [6]byte(d.eth.SrcMAC)
		p.toAll = dst[0]&1 != 0
		if !p.toAll && dst != i.hw {
			return DropNotForUs
		}
		if p.srcMAC[0]&1 != 0 {
			return DropSource
		}
		ours := false
		if k, ours = i.ourVLAN(d); !ours {
			return DropVLAN
		}
	}
	if extended {
		return i.receiveExtended(ip, &p)
	}
	ordinary := !i.ether || (k == 2) == (i.vlan != 0) // the packet stands where our own do
	if ordinary {
		p.frame = frame
	}
	switch d.layer(k) {
	case layers.LayerTypeARP:
		return i.receiveARP(&d.arp)
	case layers.LayerTypeIPv4:
		return i.receiveIPv4(&d.ip4, &p)
	case layers.LayerTypeIPv6:
		return i.receiveIPv6(&d.ip6, &p)
	}
	switch {
	case !i.ether:
		return DropUnknownProtocol
	case !ordinary: // a priority, and nothing else: not what a socket expects before the type
		i.whole = append(append(i.whole[:0], frame[:ethernetHeaderLen-2]...), frame[ethernetHeaderLen+2:]...)
		frame = i.whole
	}
	return i.receiveRawFrame(frame)
}
