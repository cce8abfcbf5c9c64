package phy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"smoltls/internal/checksum"
)

func TestCaptureShowsSuperSegmentsWithWholeChecksums(t *testing.T) {
	var file bytes.Buffer
	a, b := NewPipe(PipeConfig{Medium: MediumIP, Offload: allOffload})
	d := capturing(t, a, &file, CaptureOptions{})
	if d.Offload() != allOffload {
		t.Fatalf("offload %b", d.Offload())
	}
	super, info := superFrame(MediumIP, true, 5000), superInfo(MediumIP, true, 1000)
	copy(d.BufferSuper(len(super)), super)
	if err := d.SendSuper(t0, len(super), info); err != nil {
		t.Fatal(err)
	}
	sendSuper(t, b, super, info)
	for _, from := range []Offloader{b, d} {
		f, got, err := from.ReceiveSuper(t0)
		if !bytes.Equal(f, super) || got != info || err != nil {
			t.Errorf("%d bytes passed, changed %v, %+v, %v", len(f), !bytes.Equal(f, super), got, err)
		}
	}
	d.Flush()
	bs := blocks(t, file.Bytes())[2:]
	if len(bs) != 2 {
		t.Fatalf("%d packets", len(bs))
	}
	for k, want := range []uint32{outbound, inbound} {
		_, kept, _, direction := bs[k].packet(t)
		if direction != want || len(kept) != len(super) {
			t.Fatalf("packet %d: %d bytes, direction %d", k, len(kept), direction)
		}
		if checksum.Fold(checksum.Sum(kept[20:], pseudoHeader(kept, len(kept)-20))) != 0xffff {
			t.Errorf("packet %d: checksum %x", k, binary.BigEndian.Uint16(kept[36:]))
		}
	}
}

func TestCaptureOfADeviceWithoutOffloadHasNone(t *testing.T) {
	var file bytes.Buffer
	near, far := NewSharedPipe(PipeConfig{})
	d := capturing(t, struct{ Device }{near}, &file, CaptureOptions{})
	if d.Offload() != 0 || len(d.BufferSuper(1514)) != 1514 || d.BufferSuper(1515) != nil {
		t.Error("bounds")
	}
	d.BufferSuper(5)
	if err := d.SendSuper(t0, 5, FrameInfo{Checksum: ChecksumVerified}); !errors.Is(err, ErrFrameInfo) {
		t.Error(err)
	}
	copy(d.BufferSuper(5), "hello")
	if err := d.SendSuper(t0, 5, FrameInfo{}); err != nil {
		t.Error(err)
	}
	put(t, far, t0, "answer")
	if f, info, err := d.ReceiveSuper(t0); string(f) != "answer" || info != (FrameInfo{}) || err != nil {
		t.Errorf("%q, %+v, %v", f, info, err)
	}
	d.Flush()
	if n := len(blocks(t, file.Bytes())) - 2; n != 2 {
		t.Errorf("%d packets captured", n)
	}
}
