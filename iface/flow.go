package iface

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// What headers say of the flow that a packet is of: IPv6's flow label and IPv4's identification. Neither tells others
// what else we send, or lets them guess what we send next.

// flows keeps the secret of both, and counters of packets that may be fragmented.
type flows struct {
	keys [2]uint64
	next []uint16 // identifications, by a hash of the ends; nil: none was needed yet
}

const (
	identityCounters = 256
	flowLabelBits    = 20
)

// init takes the secret from another, which is not known by it.
func (f *flows) init(secret *[32]byte) {
	sum := sha256.Sum256(append([]byte("flows"), secret[:]...))
	f.keys = [2]uint64{binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:]) | 1}
}

// hash spreads flows, which differ in the sum of their addresses and in their ports.
func (f *flows) hash(pseudo uint32, local, remote uint16) uint64 {
	x := uint64(pseudo)<<32 | uint64(local)<<16 | uint64(remote)
	hi, lo := bits.Mul64(x^f.keys[0], f.keys[1])
	return hi ^ lo
}

// label gives a flow's label: the same for all of its packets, so that routers which share a load over several ways
// need not look for ports (RFC 6437 §3). It is never 0, which says that there is none.
func (f *flows) label(pseudo uint32, local, remote uint16) uint32 {
	return max(1, uint32(f.hash(pseudo, local, remote)>>(64-flowLabelBits)))
}

// identify gives a packet that routers may fragment a number that others to the same station do not have for long (RFC
// 6864 §4.2): there is a counter for a few stations together, so that nobody can count what we send to others, or give
// us fragments of what they send (RFC 7739 §3).
func (f *flows) identify(pseudo uint32) uint16 {
	if f.next == nil {
		f.next = make([]uint16, identityCounters)
		for k := range f.next {
			f.next[k] = uint16(f.hash(^uint32(k), 0, 0))
		}
	}
	n := &f.next[f.hash(pseudo, 0, 0)>>56]
	*n++
	return *n
}

// putLabel puts a flow label into an IPv6 header whose own is 0.
func putLabel(b []byte, label uint32) {
	binary.BigEndian.PutUint32(b, binary.BigEndian.Uint32(b)|label)
}

// packetLabel is label for a packet, whose ports, if its protocol has some, are at the beginning of what follows the IP
// header.
func (f *flows) packetLabel(proto byte, pseudo uint32, upper []byte) uint32 {
	if (proto != protoTCP && proto != protoUDP) || len(upper) < portsLen {
		return f.label(pseudo, 0, 0)
	}
	return f.label(pseudo, binary.BigEndian.Uint16(upper), binary.BigEndian.Uint16(upper[2:]))
}
