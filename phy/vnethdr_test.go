package phy

import (
	"encoding/binary"
	"testing"
)

// header makes a virtio_net_hdr of its fields.
func header(flags, gso byte, hdrLen, size, start, offset uint16) []byte {
	b := []byte{flags, gso}
	for _, v := range []uint16{hdrLen, size, start, offset} {
		b = binary.NativeEndian.AppendUint16(b, v)
	}
	return b
}

func TestWhatAVnetHeaderSaysIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		b    []byte
		want FrameInfo
	}{
		"nothing":       {header(0, 0, 0, 0, 0, 0), FrameInfo{}},
		"verified":      {header(2, 0, 0, 0, 0, 0), FrameInfo{Checksum: ChecksumVerified}},
		"partial":       {header(1, 0, 0, 0, 34, 16), FrameInfo{Checksum: ChecksumPartial, ChecksumStart: 34, ChecksumOffset: 16}},
		"to the end":    {header(1, 0, 0, 0, 34, 64), FrameInfo{Checksum: ChecksumPartial, ChecksumStart: 34, ChecksumOffset: 64}},
		"TCP over IPv4": {header(1, 1, 66, 1448, 34, 16), FrameInfo{GSOTCP4, ChecksumPartial, false, 1448, 66, 34, 16}},
		"TCP over IPv6": {header(1, 4, 86, 1428, 54, 16), FrameInfo{GSOTCP6, ChecksumPartial, false, 1428, 86, 54, 16}},
		"with CWR":      {header(1, 0x81, 66, 1448, 34, 16), FrameInfo{GSOTCP4, ChecksumPartial, true, 1448, 66, 34, 16}},
	} {
		got, ok := parseVnetHeader(c.b, 100)
		if !ok || got != c.want {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
		var b [vnetHeaderLen]byte
		putVnetHeader(b[:], &got)
		if again, ok := parseVnetHeader(b[:], 100); !ok || again != got {
			t.Errorf("%s: written as % x, which says %+v", name, b, again)
		}
	}
}

func TestAVnetHeaderThatCanNotBeIsRefused(t *testing.T) {
	for name, b := range map[string][]byte{
		"short":                         header(0, 0, 0, 0, 0, 0)[:9],
		"checksum behind the frame":     header(1, 0, 0, 0, 34, 65),
		"checksum far behind the frame": header(1, 0, 0, 0, 0xffff, 0xffff),
		"parts of no length":            header(1, 1, 66, 0, 34, 16),
		"UDP fragmentation":             header(1, 3, 42, 1448, 34, 6),
		"unknown":                       header(1, 77, 42, 1448, 34, 6),
	} {
		if info, ok := parseVnetHeader(b, 100); ok || info != (FrameInfo{}) {
			t.Errorf("%s: %+v", name, info)
		}
	}
}

// FuzzVnetHeader: whatever a header says of whatever frame, cutting it ends, every packet is ordinary, and all payload
// comes once.
func FuzzVnetHeader(f *testing.F) {
	super := superFrame(MediumEthernet, true, 2900)
	f.Add(header(1, 1, 54, 1448, 34, 16), super, true)
	f.Add(header(1, 4, 74, 1428, 54, 16), superFrame(MediumEthernet, false, 2900), true)
	f.Add(header(1, 1, 40, 1448, 20, 16), super[14:], false)
	f.Add(header(1, 0, 0, 0, 34, 16), super, true)
	f.Add(header(1, 0x84, 0, 1, 0xff00, 0xff00), super, true)
	f.Fuzz(func(t *testing.T, hdr, frame []byte, ether bool) {
		info, ok := parseVnetHeader(hdr, len(frame))
		if !ok || len(frame) > MaxSuperFrame {
			return
		}
		m := MediumIP
		if ether {
			m = MediumEthernet
		}
		var c cutter
		whole, ok := c.take(frame, &info, m)
		if !ok || whole != nil {
			if c.pending() {
				t.Fatal("there is more")
			}
			return
		}
		left := len(frame) - c.body
		for c.pending() {
			p := c.next()
			n := len(p) - c.body
			if n < 1 || n > int(info.SegmentSize) || n > left {
				t.Fatalf("a packet with %d bytes of %d, segment size %d", n, left, info.SegmentSize)
			}
			left -= n
		}
		if left != 0 {
			t.Fatalf("%d bytes were left", left)
		}
	})
}
