package iface

import (
	"encoding/binary"
	"time"

	"github.com/google/gopacket/layers"
)

// Ingress takes up to maxFrames frames from the device and gives each to whom it is for. n is how many there were. The error is the device's.
func (i *Interface) Ingress(now time.Time, maxFrames int) (n int, err error) {
	i.setNow(now)
	for n < maxFrames {
		frame, err := i.dev.Receive(now)
		if err != nil || frame == nil {
			return n, err
		}
		n++
		i.stats.FramesIn++
		i.stats.BytesIn += uint64(len(frame))
		if r := i.frame(frame); r == DropNone {
			i.stats.Delivered++
		} else {
			i.stats.Drops[r]++
		}
	}
	return n, nil
}

// packet is what the layers above need to know of the packet under way.
type packet struct {
	tuple   tuple // ports filled in by TCP
	payload []byte
	hops    uint8
	srcMAC  [6]byte
	v4      bool
	toAll   bool // destination is a broadcast or multicast address, of either layer
	header  []byte
}

func (i *Interface) frame(frame []byte) DropReason {
	if len(frame) == 0 || !i.decoder.decode(frame, i.ether) {
		return i.undecodable(frame)
	}
	d := &i.decoder
	var p packet
	k := 0
	if i.ether {
		if d.layer(0) != layers.LayerTypeEthernet {
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
		k = 1
	}
	switch d.layer(k) {
	case layers.LayerTypeARP:
		return i.receiveARP(&d.arp)
	case layers.LayerTypeIPv4:
		return i.receiveIPv4(&d.ip4, &p)
	case layers.LayerTypeIPv6:
		return i.receiveIPv6(&d.ip6, &p)
	}
	return DropUnknownProtocol
}

// undecodable says why gopacket could not read a frame. It takes hop-by-hop options off an IPv6 packet and then misses their bytes: that is not the
// sender's fault.
func (i *Interface) undecodable(frame []byte) DropReason {
	if len(frame) < i.hdrLen+ipv6HeaderLen || i.ether && binary.BigEndian.Uint16(frame[12:]) != etherIPv6 {
		return DropMalformed
	}
	if ip := frame[i.hdrLen:]; ip[0]>>4 == 6 && ip[6] == 0 {
		return DropExtensionHeader
	}
	return DropMalformed
}
