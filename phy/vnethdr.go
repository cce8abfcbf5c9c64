package phy

import "encoding/binary"

// vnetHeaderLen is the length of struct virtio_net_hdr (VIRTIO 1.2 §5.1.6, linux/virtio_net.h) without a number of
// buffers, as TUN and TAP interfaces have it unless told otherwise. Its numbers are in the machine's byte order, as for
// a legacy device.
const vnetHeaderLen = 10

const (
	vnetNeedsChecksum = 1 // VIRTIO_NET_HDR_F_NEEDS_CSUM
	vnetDataValid     = 2 // VIRTIO_NET_HDR_F_DATA_VALID

	vnetGSONone = 0    // VIRTIO_NET_HDR_GSO_NONE
	vnetGSOTCP4 = 1    // VIRTIO_NET_HDR_GSO_TCPV4
	vnetGSOTCP6 = 4    // VIRTIO_NET_HDR_GSO_TCPV6
	vnetGSOECN  = 0x80 // VIRTIO_NET_HDR_GSO_ECN
)

// putVnetHeader writes info as a header into b.
func putVnetHeader(b []byte, info *FrameInfo) {
	_ = b[vnetHeaderLen-1]
	clear(b[:vnetHeaderLen])
	switch info.Checksum {
	case ChecksumPartial:
		b[0] = vnetNeedsChecksum
		binary.NativeEndian.PutUint16(b[6:], info.ChecksumStart)
		binary.NativeEndian.PutUint16(b[8:], info.ChecksumOffset)
	case ChecksumVerified:
		b[0] = vnetDataValid
	}
	if info.GSO == GSONone {
		return
	}
	b[1] = vnetGSOTCP4
	if info.GSO == GSOTCP6 {
		b[1] = vnetGSOTCP6
	}
	if info.ECN {
		b[1] |= vnetGSOECN
	}
	binary.NativeEndian.PutUint16(b[2:], info.HeaderLen)
	binary.NativeEndian.PutUint16(b[4:], info.SegmentSize)
}

// parseVnetHeader reads the header of a frame of n bytes. false: it says what can't be, or what was not agreed on.
func parseVnetHeader(b []byte, n int) (info FrameInfo, ok bool) {
	if len(b) < vnetHeaderLen {
		return info, false
	}
	switch {
	case b[0]&vnetNeedsChecksum != 0:
		info.Checksum = ChecksumPartial
		info.ChecksumStart, info.ChecksumOffset = binary.NativeEndian.Uint16(b[6:]), binary.NativeEndian.Uint16(b[8:])
		if int(info.ChecksumStart)+int(info.ChecksumOffset)+2 > n {
			return FrameInfo{}, false
		}
	case b[0]&vnetDataValid != 0:
		info.Checksum = ChecksumVerified
	}
	switch b[1] &^ vnetGSOECN {
	case vnetGSONone:
		return info, true
	case vnetGSOTCP4:
		info.GSO = GSOTCP4
	case vnetGSOTCP6:
		info.GSO = GSOTCP6
	default:
		return FrameInfo{}, false
	}
	info.ECN = b[1]&vnetGSOECN != 0
	info.HeaderLen, info.SegmentSize = binary.NativeEndian.Uint16(b[2:]), binary.NativeEndian.Uint16(b[4:])
	if info.SegmentSize == 0 {
		return FrameInfo{}, false
	}
	return info, true
}
