package phy

import (
	"errors"
	"time"
)

// Offload is what a device does that a stack else has to do for every packet.
type Offload uint8

const (
	// OffloadChecksum: the device takes TCP and UDP packets whose checksum covers only the pseudo-header, and may give
	// such.
	OffloadChecksum Offload = 1 << iota
	// OffloadTSO4: it takes and gives TCP over IPv4 in super-segments.
	OffloadTSO4
	// OffloadTSO6: the same over IPv6.
	OffloadTSO6
	// OffloadECN: also such whose first segment has CWR set (RFC 3168 §6.1.2).
	OffloadECN
)

// Has reports whether all of what is there.
func (o Offload) Has(what Offload) bool { return o&what == what }

// GSO says what a super-segment is to be cut into (generic segmentation offload).
type GSO uint8

const (
	// GSONone: the frame is a packet as it goes over the wire.
	GSONone GSO = iota
	// GSOTCP4 is TCP over IPv4.
	GSOTCP4
	// GSOTCP6 is TCP over IPv6.
	GSOTCP6
)

// ChecksumState says what is known of a packet's TCP or UDP checksum.
type ChecksumState uint8

const (
	// ChecksumWhole: it is there, and nobody has looked at it.
	ChecksumWhole ChecksumState = iota
	// ChecksumPartial: its field has the folded sum of the pseudo-header, and who puts the packet on a wire adds up the
	// rest. Such a packet has not left the machine that made it: its bytes are as good as that machine's memory.
	ChecksumPartial
	// ChecksumVerified: the device has found it right.
	ChecksumVerified
)

// FrameInfo is what goes with a frame of an [Offloader]: what a virtio-net header says (VIRTIO 1.2 §5.1.6). The zero
// value is a frame of no device in particular: a packet as it goes over the wire.
type FrameInfo struct {
	GSO      GSO
	Checksum ChecksumState
	// ECN says that the super-segment has CWR set, which is the first segment's alone.
	ECN bool
	// SegmentSize is how many bytes of payload each packet that a super-segment stands for has, but for the last one,
	// which may have fewer.
	SegmentSize uint16
	// HeaderLen is how many bytes of the frame stand before the payload. Of a received frame it is a hint, and may be
	// wrong.
	HeaderLen uint16
	// ChecksumStart is where in the frame the bytes begin that a partial checksum is to cover, ChecksumOffset where its
	// field is from there on.
	ChecksumStart, ChecksumOffset uint16
}

// MaxSuperFrame bounds a super-segment: the longest IPv4 packet, with the longest link header, an 802.1Q tag in it.
const MaxSuperFrame = MaxMTU + ethernetHeader + vlanTag

const vlanTag = 4

// ErrFrameInfo is returned by SendSuper when info does not fit the frame or the device's offloads.
var ErrFrameInfo = errors.New("phy: the frame's offload information does not fit it")

// Offloader is a Device that takes and gives super-segments: packets longer than its MTU, which stand for many, and
// packets whose checksum is not yet whole. It is also an ordinary device: Receive never gives anything but ordinary
// frames, and cuts what comes in another form. Both forms of each method may be mixed.
type Offloader interface {
	Device

	// Offload says what the device does; 0: it is no more than an ordinary one. It never changes.
	Offload() Offload

	// ReceiveSuper is Receive for frames of any form, of at most MaxSuperFrame bytes.
	ReceiveSuper(now time.Time) (frame []byte, info FrameInfo, err error)

	// BufferSuper is Buffer for a frame that SendSuper sends; n is in 1..MaxSuperFrame.
	BufferSuper(n int) []byte

	// SendSuper sends the first n bytes of the last BufferSuper. A frame longer than the MTU that is no super-segment,
	// or of a form that Offload does not have, is refused: ErrFrameLength, ErrFrameInfo.
	SendSuper(now time.Time, n int, info FrameInfo) error
}

// fits reports whether a frame of n bytes may be sent with info by a device whose ordinary frames have frameMax bytes
// at most.
func (o Offload) fits(n, frameMax int, info *FrameInfo) error {
	if o == 0 && *info != (FrameInfo{}) {
		return ErrFrameInfo
	}
	need := Offload(0)
	switch info.GSO {
	case GSONone:
	case GSOTCP4:
		need = OffloadTSO4
	case GSOTCP6:
		need = OffloadTSO6
	default:
		return ErrFrameInfo
	}
	if info.ECN {
		need |= OffloadECN
	}
	if info.Checksum == ChecksumPartial {
		need |= OffloadChecksum
		if int(info.ChecksumStart)+int(info.ChecksumOffset)+2 > n {
			return ErrFrameInfo
		}
	}
	switch {
	case info.GSO == GSONone && n > frameMax:
		return ErrFrameLength
	case !o.Has(need), info.GSO != GSONone && (info.SegmentSize == 0 || int(info.HeaderLen) >= n || info.Checksum != ChecksumPartial):
		return ErrFrameInfo
	}
	return nil
}
