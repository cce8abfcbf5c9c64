package iface

import (
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"time"
)

// Interface identifiers that stay the same in a network and tell nothing beyond it (RFC 7217).
const (
	idGenRetries = 3           // RFC 7217 §7, IDGEN_RETRIES
	idGenDelay   = time.Second // RFC 7217 §7, IDGEN_DELAY
	idBits       = 64          // RFC 4291 §2.5.1
)

// stableAddr gives our address in a network of 64 bits. tries is the DAD_Counter; it goes up when an identifier is
// reserved (RFC 7217 §5).
func (i *Interface) stableAddr(network netip.Prefix, tries *uint8) netip.Prefix {
	b := network.Addr().As16()
	for {
		id := i.stableID([8]byte(b[:8]), *tries)
		if !reservedID(id) {
			binary.BigEndian.PutUint64(b[8:], id)
			return netip.PrefixFrom(netip.AddrFrom16(b), idBits)
		}
		*tries++
	}
}

// stableID is F(Prefix, Net_Iface, Network_ID, DAD_Counter, secret_key) of RFC 7217 §5; there is no Network_ID.
func (i *Interface) stableID(network [8]byte, tries uint8) uint64 {
	h := sha256.New()
	h.Write(network[:])
	h.Write([]byte{tries, byte(i.vlan >> 8 & 0x0f), byte(i.vlan), byte(len(i.stableName) >> 8), byte(len(i.stableName))})
	h.Write([]byte(i.stableName))
	h.Write(i.stableSecret)
	sum := h.Sum(nil)
	return binary.BigEndian.Uint64(sum[len(sum)-8:])
}

// reservedID: no station may have it (RFC 5453 §3, with the registry's later entries).
func reservedID(id uint64) bool {
	switch {
	case id == 0: // subnet-router anycast (RFC 4291 §2.6.1)
		return true
	case id >= 0x0200_5eff_fe00_0000 && id <= 0x0200_5eff_feff_ffff: // IANA's Ethernet block
		return true
	}
	return id >= 0xfdff_ffff_ffff_ff80 && id <= 0xfdff_ffff_ffff_ffff // subnet anycast (RFC 2526)
}
